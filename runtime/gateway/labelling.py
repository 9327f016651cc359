"""The mark that people see on what a model wrote, where surface and law ask for it."""

from runtime.channels import Channel, Guides
from runtime.choices import read, written
from runtime.safety.settings import MADE, Label


def labelled(text: str, label: Label, channel: type[Channel], lang: str) -> str:
    """The text with its mark. GB 45438-2025: at the start or the end of a text, in words that can be read."""
    asked = issubclass(channel, Guides) and channel.profile.mark_asked
    if not text.strip() or label.when == "never" or (label.when == "auto" and not asked):
        return text
    mark = label.text.strip() or MADE.to(lang)
    if mark in text:
        return text
    if label.place == "start":
        return f"{mark}\n\n{text}"
    said, choices = read(text)  # which stay the last
    return f"{said}\n\n{mark}{written(choices)}"
