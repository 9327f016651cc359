"""What a channel says of the settings that it has, as the publish page gets it."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from builder.actions import pair
from builder.studio import Studio
from runtime.channels import Guides, Note, ToCopy
from runtime.errors import NotFound
from runtime.publish.credentials import channel_named
from runtime.store.control.records import Publication

Json = dict[str, Any]


def told(studio: Studio, publication: Publication, settings: Mapping[str, Any]) -> Json:
    """What the channel says of these settings: what they leave unsafe, what to copy, what else to do."""
    try:
        kind = channel_named(publication.channel)
        channel = kind(kind.Settings.model_validate(settings))
    except (NotFound, ValidationError):
        return {"caution": None, "to_copy": [], "reminders": []}
    caution = channel.caution and in_words(channel.caution)
    if not isinstance(channel, Guides):
        return {"caution": caution, "to_copy": [], "reminders": []}
    lines = channel.to_copy(studio.public_url() + publication.path)
    return {
        "caution": caution,
        "to_copy": [_line(line) for line in lines],
        "reminders": [in_words(note) for note in channel.reminders],
    }


def _line(line: ToCopy) -> Json:
    """`value` begins with a slash where our public address is not known."""
    choose = [pair(one) for one in line.choose]
    return {"name": line.name, "label": pair(line.label), "value": line.value, "choose": choose}


def in_words(note: Note) -> Json:
    return {"title": pair(note.title), "hint": pair(note.hint)}
