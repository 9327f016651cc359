"""What a channel is and asks, and what it says of the settings that it has, as the publish page gets it."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from builder.actions import pair, words
from builder.studio import Studio
from runtime.channels import (
    BringsKit,
    Channel,
    Guides,
    Joins,
    Kit,
    Note,
    Opens,
    SignsIn,
    ToCopy,
    Tried,
    Verifies,
    is_for_people,
)
from runtime.errors import NotFound
from runtime.publish.credentials import channel_named, suggested
from runtime.publish.scanning import drawn
from runtime.schema import widget
from runtime.store.control.records import Publication

Json = dict[str, Any]
WEIGHED = ("writes", "needs", "cost", "risk")


def described(name: str, kind: type[Channel]) -> Json:
    """What a surface is, and what its owner is asked: of the channel's settings what is not made up
    by us."""
    schema = kind.Settings.model_json_schema()
    guide = kind.guide if issubclass(kind, Guides) else None
    ours = {*suggested(kind), *(kind.yields if issubclass(kind, Joins) else ())}
    asked = [field for field in schema.get("properties", {}) if field not in ours]
    first = [field for field in guide.ask if field in asked] if guide else []
    return {
        "name": name,
        "title": pair(kind.about.title),
        "hint": pair(kind.about.hint),
        "icon": kind.about.icon,
        "color": kind.about.color,
        "schema": schema,
        "fields": first + [field for field in asked if field not in first],
        "secrets": [name for name, field in kind.Settings.model_fields.items() if widget(field) == "secret"],
        "suggests": sorted(suggested(kind)),
        "people": is_for_people(kind),
        "profile": {name: pair(getattr(kind.profile, name)) for name in WEIGHED},
        "audience": kind.profile.audience,
        "family": {"id": kind.profile.family.id, "title": pair(kind.profile.family.title)},
        "public_address": kind.profile.public_address,
        "checked": issubclass(kind, Verifies) and not issubclass(kind, SignsIn),
        "scanned": issubclass(kind, Joins),
        "opens": issubclass(kind, Opens),
        "ports": sorted(kind.ports) if issubclass(kind, Verifies) else [],
        "words": words(kind),
        "kit": _kit(kind.kit) if issubclass(kind, BringsKit) else None,
        "guide": guide
        and {
            "title": pair(guide.title),
            "where": pair(guide.where),
            "advice": [in_words(note) for note in guide.advice],
            "paste": pair(guide.paste),
            "rare": list(guide.rare),
            "called": guide.called,
        },
    }


def told(studio: Studio, publication: Publication, settings: Mapping[str, Any], *, copies: bool) -> Json:
    """What the channel says of these settings: what they leave unsafe, what to copy if somebody may, what
    else to do."""
    try:
        kind = channel_named(publication.channel)
        channel = kind(kind.Settings.model_validate(settings))
    except (NotFound, ValidationError):
        return {"caution": None, "to_copy": [], "reminders": []}
    caution = channel.caution and in_words(channel.caution)
    if not isinstance(channel, Guides):
        return {"caution": caution, "to_copy": [], "reminders": []}
    lines = channel.to_copy(studio.public_url() + publication.path) if copies else []
    return {
        "caution": caution,
        "to_copy": [_line(line) for line in lines],
        "reminders": [in_words(note) for note in channel.reminders],
    }


def _kit(kit: Kit) -> Json:
    return {
        "title": pair(kit.title),
        "hint": pair(kit.hint),
        "steps": [in_words(note) for note in kit.steps],
    }


def of_kind(studio: Studio, publication: Publication, kind: type[Channel]) -> Json:
    """What only some kinds have."""
    return {"page": _page(studio, publication, kind), "tried": issubclass(kind, Tried)}


def _page(studio: Studio, publication: Publication, kind: type[Channel]) -> Json | None:
    """The page of ours on which people write, where there is one. `rows`: a code that leads to it, as soon as
    others can reach us."""
    if not issubclass(kind, Opens):
        return None
    path, public = kind.page_of(publication.id), studio.public_url()
    rows = drawn(public.rstrip("/") + path) if public else ()
    return {"path": path, "widget": kind.widget, "rows": rows}


def _line(line: ToCopy) -> Json:
    """`value` begins with a slash where our public address is not known."""
    choose = [pair(one) for one in line.choose]
    return {"name": line.name, "label": pair(line.label), "value": line.value, "choose": choose}


def in_words(note: Note) -> Json:
    return {"title": pair(note.title), "hint": pair(note.hint)}
