"""The mark that people see on what a model wrote, where surface and law ask for it."""

from runtime.channels import Channel, Guides
from runtime.choices import read, written
from runtime.safety.settings import MADE, Audible, Label


def is_asked(label: Label, channel: type[Channel]) -> bool:
    """Whether people there are to see that AI made something."""
    asked = issubclass(channel, Guides) and channel.profile.mark_asked
    return label.when == "always" or (label.when == "auto" and asked)


def corner(label: Label, channel: type[Channel], lang: str) -> str:
    """The language of the words in a picture's corner; "" for none."""
    return lang if label.pictures and is_asked(label, channel) else ""


def audible(label: Label, channel: type[Channel]) -> Audible:
    """How people there hear that a voice is AI's; "" for not."""
    return label.sound if label.sound != "never" and is_asked(label, channel) else ""


def labelled(text: str, label: Label, channel: type[Channel], lang: str) -> str:
    """The text with its mark. GB 45438-2025: at the start or the end of a text, in words that can be read."""
    if not text.strip() or not is_asked(label, channel):
        return text
    mark = label.text.strip() or MADE.to(lang)
    if mark in text:
        return text
    if label.place == "start":
        return f"{mark}\n\n{text}"
    said, choices = read(text)  # which stay the last
    return f"{said}\n\n{mark}{written(choices)}"
