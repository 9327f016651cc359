"""An agent's versions: what was published, and what was saved along the way; seen, noted, brought back."""

import contextlib
import logging
import time
from collections.abc import Iterator
from typing import Any

from builder.actions import Notice
from builder.actions.compare import compared
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.history import History, State, short
from runtime.agents.prompts_held import let_go
from runtime.errors import BadAgent, HongyanError, NotFound
from runtime.lang import Text
from runtime.store.control.records import Publication

Json = dict[str, Any]

SHOWN = 120
"""Versions that the list shows."""

FROZEN = ("agents", "prompts")
"""What is in an agent only once it is published: what it uses, as that was."""
ASIDE = ("flow", *FROZEN)
"""What is no setting: told by itself, or only of what is published."""

NOW = "now"
"""The key of what is being edited."""

log = logging.getLogger(__name__)


def history(studio: Studio) -> History:
    """Beside the other data of this home."""
    return History(studio.settings.data / "history")


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
    """The versions of an agent that had this id and was deleted are not the new one's."""
    with contextlib.suppress(HongyanError):  # then its list is longer than it should be
        history(studio).clear(id)


@needs(Permission.AGENTS_VIEW)
def versions(studio: Studio, id: str) -> list[Json]:
    """Newest first: when, note, and what each held beside the one before it."""
    found = sorted([*_published(studio, id), *_kept(studio, id)], key=lambda one: -one["at"])[:SHOWN]
    older: list[Json | None] = [*(one["data"] for one in found[1:]), None]
    return [
        {**{key: value for key, value in one.items() if key != "data"}, "held": held(one["data"], before)}
        for one, before in zip(found, older, strict=False)
    ]


@needs(Permission.AGENTS_VIEW)
def version(studio: Studio, id: str, key: str) -> Json:
    """One version's agent. Raises NotFound."""
    return {"data": {**let_go(_data(studio, id, key), studio.settings.home), "id": id}}


@needs(Permission.AGENTS_VIEW)
def compare(studio: Studio, id: str, before: str, after: str) -> Json:
    """Two versions by their keys, drawn together; NOW is what is being edited. Raises NotFound, BadAgent."""
    was, is_now = (_data(studio, id, key) for key in (before, after))
    one_sided = [name for name in FROZEN if not (was.get(name) and is_now.get(name))]
    return compared(*({**one, **dict.fromkeys(one_sided)} for one in (was, is_now)))


def _data(studio: Studio, id: str, key: str) -> Json:
    if key == NOW:
        return studio.library.open(id).data
    for one in [*_published(studio, id), *_kept(studio, id)]:
        if one["key"] == key:
            return {**one["data"], "id": id}
    raise NotFound(Text("已经找不到这个版本了。", "That version is no longer there."))


@needs(Permission.AGENTS_EDIT)
def keep_version(studio: Studio, who: Actor, id: str, data: Json, note: str) -> Notice:
    """Keep what is being edited under a note. Raises NotSaved, BadAgent."""
    if not note.strip():
        text = Text("写一句备注，以后认得出它。", "Write a note, so that you know it again.")
        raise BadAgent(text, field="note")
    history(studio).keep(id, {**data, "id": id}, time.time(), note, by=who.id)
    return Notice(Text("已留下这个版本。", "This version is kept."))


@needs(Permission.AGENTS_EDIT)
def annotate(studio: Studio, who: Actor, id: str, key: str, note: str) -> Notice:
    """Write a note at a version. Raises NotFound, NotSaved, BadAgent."""
    publication, published, number = key.rpartition(".")
    if published and any(one["key"] == key for one in _published(studio, id)):
        studio.control.note_version(publication, int(number), short(note), by=who.id)
    else:
        history(studio).annotate(id, key, note, by=who.id)
    return Notice(Text("备注已保存。", "The note is saved."))


def held(data: Json, before: Json | None) -> Json:
    """The blocks' names, and what is new, gone and changed beside `before`."""
    now, then = dict(_blocks(data)), dict(_blocks(before or {}))
    return {
        "blocks": [_named(block) for block in now.values()],
        "added": [_named(now[id]) for id in now if id not in then] if before is not None else [],
        "removed": [_named(then[id]) for id in then if id not in now],
        "changed": [_named(now[id]) for id in now if id in then and _own(now[id]) != _own(then[id])],
        "settings": _settings(data, before) if before is not None else [],
    }


def _published(studio: Studio, id: str) -> Iterator[Json]:
    for publication in studio.control.publications():
        if publication.agent == id:
            for one in studio.control.versions(publication.id):
                yield {
                    "key": f"{publication.id}.{one.number}",
                    "kind": "published",
                    "at": one.at,
                    "note": one.note,
                    "number": one.number,
                    "where": _where(publication),
                    "live": publication.enabled and publication.version == one.number,
                    "data": dict(one.agent),
                }


def _where(publication: Publication) -> str:
    return f"{publication.channel} {publication.account}".strip()


def _kept(studio: Studio, id: str) -> list[Json]:
    return [_from(state) for state in history(studio).states(id)]


def _from(state: State) -> Json:
    return {"key": state.name, "kind": "kept", "at": state.at, "note": state.note, "data": state.data}


def _blocks(data: Any) -> Iterator[tuple[str, Json]]:
    """Every block by its id, wherever it stands; the data may be a draft that does not validate."""
    if isinstance(data, list):
        for item in data:
            if not isinstance(item, dict):
                continue
            if isinstance(item.get("type"), str) and isinstance(item.get("id"), str):
                yield item["id"], item
            yield from _inside(item)
    elif isinstance(data, dict):
        yield from _blocks(data.get("flow"))


def _inside(block: Json) -> Iterator[tuple[str, Json]]:
    for value in block.values():
        if isinstance(value, list):
            yield from _blocks(value)


def _own(block: Json) -> Json:
    """A block without the blocks in it: these are told by themselves."""
    return {key: _without_flows(value) for key, value in block.items() if key not in ("flow", "otherwise")}


def _without_flows(value: Any) -> Any:
    if isinstance(value, list):
        return [_own(item) if isinstance(item, dict) and "flow" in item else item for item in value]
    return value


def _named(block: Json) -> Json:
    return {"id": block["id"], "type": block["type"], "title": str(block.get("title") or "")}


def _settings(data: Json, before: Json) -> list[str]:
    names = [*data, *(name for name in before if name not in data)]
    return [name for name in names if name not in ASIDE and data.get(name) != before.get(name)]
