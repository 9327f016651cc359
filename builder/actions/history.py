"""An agent's versions: what was published, and what was saved along the way; seen, noted, brought back."""

import contextlib
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from builder.actions import Notice, pair
from builder.actions.compare import compared
from builder.actions.taking_away import undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.difference import KINDS, difference
from runtime.agents.file import path_of
from runtime.agents.history import History, State, short
from runtime.agents.prompts_held import let_go
from runtime.agents.raw_flows import flows, walk
from runtime.channels import registry
from runtime.errors import BadAgent, Conflict, HongyanError, NotFound
from runtime.files import remove
from runtime.lang import Text, as_it_is
from runtime.store.control.records import Publication
from runtime.trying.kept_chats import forget_agent

Json = dict[str, Any]

SHOWN = 120
"""Versions that the list shows."""

FROZEN = ("agents", "prompts")
"""What is in an agent only once it is published: what it uses, as that was."""

NOW = "now"
"""The key of what is being edited."""

NOTED = Text("备注已保存。", "The note is saved.")
NOTED_SINCE = Text(
    "这里已经有别人写的新备注了，没有撤销。", "Somebody wrote another note there since; it was not undone."
)
UNNOTED = Text("备注已删除。", "The note is removed.")

log = logging.getLogger(__name__)


def history(studio: Studio) -> History:
    """Beside the other data of this home."""
    return History(studio.settings.data / "history")


def report_path(studio: Studio, id: str) -> Path:
    """Of what became of the file that an agent came from."""
    return path_of(id, studio.settings.data / "imported")


def remember(studio: Studio, who: Actor, id: str, data: Json, before: Json | None = None) -> None:
    """Keep what was just saved; `before`, what was there until now, when nothing is kept yet.

    A full disk is told by the save itself: here it only means one version less.
    """
    try:
        kept = history(studio)
        if before is not None and not kept.states(id):
            kept.keep(id, before, time.time(), alone=True)
        kept.keep(id, data, time.time(), by=who.id)
    except HongyanError as e:
        log.warning("a version of %s was not kept: %s", id, e.text.en)


def begin_anew(studio: Studio, id: str) -> None:
    """Versions of a deleted agent that had this id, and chats with it, are not the new one's."""
    with contextlib.suppress(HongyanError):  # then its list is longer than it should be
        history(studio).clear(id)
        remove(report_path(studio, id))
    forget_agent(studio.settings.data, id)


@needs(Permission.AGENTS_VIEW, on="id")
def versions(studio: Studio, id: str) -> list[Json]:
    """Newest first: when, by whom, note, and what each held beside the one before it."""
    found = every(studio, id)[:SHOWN]
    older: list[Json | None] = [*(one["data"] for one in found[1:]), None]
    return [
        {**{key: value for key, value in one.items() if key != "data"}, "held": held(one["data"], before)}
        for one, before in zip(found, older, strict=False)
    ]


@needs(Permission.AGENTS_VIEW, on="id")
def version(studio: Studio, who: Actor, id: str, key: str) -> Json:
    """One version's agent, to go on with. Raises NotFound."""
    return {"data": _theirs(who, going_on(studio, id, key))}


def going_on(studio: Studio, id: str, key: str) -> Json:
    """The same, whoever may see what. Raises NotFound."""
    return {**let_go(data_of(studio, id, key), studio.settings.home), "id": id}


@needs(Permission.AGENTS_VIEW, on="id")
def compare(studio: Studio, who: Actor, id: str, before: str, after: str) -> Json:
    """Two versions by their keys, drawn together; NOW is what is being edited. Raises NotFound, BadAgent."""
    return compared(*_alike(*(_theirs(who, data_of(studio, id, key)) for key in (before, after))))


@needs(Permission.AGENTS_VIEW, on="id")
def published_on(studio: Studio, id: str) -> list[Json]:
    """Where the agent answers, and with which version."""
    return [
        {"id": one.id, "where": pair(where_of(one)), "version": one.version, "enabled": one.enabled}
        for one in publications_of(studio, id)
    ]


def publications_of(studio: Studio, id: str) -> list[Publication]:
    return [one for one in studio.control.publications() if one.agent == id]


def every(studio: Studio, id: str) -> list[Json]:
    """Newest first, each with its data."""
    return sorted([*_published(studio, id), *_kept(studio, id)], key=lambda one: -one["at"])


def data_of(studio: Studio, id: str, key: str) -> Json:
    """Raises NotFound."""
    if key == NOW:
        return studio.library.open(id).data
    for one in every(studio, id):
        if one["key"] == key:
            return {**one["data"], "id": id}
    raise gone()


def gone() -> NotFound:
    return NotFound(Text("已经找不到这个版本了。", "That version is no longer there."))


def _theirs(who: Actor, data: Json) -> Json:
    """Of the agents that came with it those that are theirs to see."""
    inside = data.get("agents")
    if not isinstance(inside, dict):
        return data
    return {**data, "agents": {id: one for id, one in inside.items() if who.may(Permission.AGENTS_VIEW, id)}}


def _alike(before: Json, after: Json) -> tuple[Json, Json]:
    """Without what only one of them has because it was published and the other was not."""
    one_sided = dict.fromkeys(name for name in FROZEN if not (before.get(name) and after.get(name)))
    return {**before, **one_sided}, {**after, **one_sided}


@needs(Permission.AGENTS_EDIT, on="id")
def keep_version(studio: Studio, who: Actor, id: str, data: Json, note: str) -> Notice:
    """Keep what is being edited under a note. Raises NotSaved, BadAgent."""
    if not note.strip():
        text = Text("写一句备注，以后认得出它。", "Write a note, so that you know it again.")
        raise BadAgent(text, field="note")
    history(studio).keep(id, {**data, "id": id}, time.time(), note, by=who.id)
    return Notice(Text("已留下这个版本。", "This version is kept."))


@needs(Permission.AGENTS_EDIT, on="id")
@undone_by("annotate_again")
def annotate(studio: Studio, who: Actor, id: str, key: str, note: str) -> Notice:
    """Write a note at a version; "" takes it away. Raises NotFound, NotSaved, BadAgent."""
    before = next((one["note"] for one in every(studio, id) if one["key"] == key), "")
    undo = {"id": id, "key": key, "note": before} if before and not note.strip() else None
    publication, published, number = key.rpartition(".")
    if published and any(one["key"] == key for one in _published(studio, id)):
        studio.control.note_version(publication, int(number), short(note), by=who.id)
    else:
        history(studio).annotate(id, key, note, by=who.id)
    return Notice(UNNOTED if undo else NOTED, undo=undo)


@needs(Permission.AGENTS_EDIT, on="id")
def annotate_again(studio: Studio, who: Actor, id: str, key: str, note: str) -> Notice:
    """Undo the removal of a note. Raises Conflict where somebody wrote one since, and as `annotate`."""
    if any(one["note"] for one in every(studio, id) if one["key"] == key):
        raise Conflict(NOTED_SINCE)
    return annotate(studio, who, id, key, note)


def held(data: Json, before: Json | None) -> Json:
    """The blocks' names, and what is new, gone, moved and changed beside `before`."""
    now = {block["id"]: block for flow in flows(data).values() for block in walk(flow)}
    told = {"blocks": [_named(block["id"], block["type"], block.get("title")) for block in now.values()]}
    if before is None:
        return {**told, **{kind: [] for kind in KINDS}, "settings": []}
    found = difference(*_alike(before, data))
    by_kind = {
        kind: [
            {**_named(one.id, one.type, one.title), "fields": [list(field.path) for field in one.fields]}
            for one in found.blocks
            if kind in one.kinds
        ]
        for kind in KINDS
    }
    return {**told, **by_kind, "settings": list(dict.fromkeys(one.path[0] for one in found.settings))}


def _named(id: str, type: str, title: Any) -> Json:
    return {"id": id, "type": type, "title": title if isinstance(title, str) else ""}


def _published(studio: Studio, id: str) -> Iterator[Json]:
    for publication in publications_of(studio, id):
        for one in studio.control.versions(publication.id):
            yield {
                "key": f"{publication.id}.{one.number}",
                "kind": "published",
                "at": one.at,
                "by": one.by,
                "note": one.note,
                "number": one.number,
                "where": pair(where_of(publication)),
                "live": publication.enabled and publication.version == one.number,
                "data": dict(one.agent),
            }


def where_of(publication: Publication) -> Text:
    """Its channel's title, and whose account it is when there are several."""
    kind = registry().get(publication.channel)
    title = kind.about.title if kind else as_it_is(publication.channel)
    return title.each(lambda words: f"{words} {publication.account}".strip())


def _kept(studio: Studio, id: str) -> list[Json]:
    return [_from(state) for state in history(studio).states(id)]


def _from(state: State) -> Json:
    return {
        "key": state.name,
        "kind": "kept",
        "at": state.at,
        "by": state.by,
        "note": state.note,
        "data": state.data,
    }
