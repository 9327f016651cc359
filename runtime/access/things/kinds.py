"""The kinds of things that are files of the home: where they are, and what is said of one."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime import wellformed
from runtime.access.things.lines import HIDDEN, Line, apart, differing, flat, short
from runtime.agents.difference import Change, Field, difference
from runtime.agents.raw_flows import flows

Json = Mapping[str, Any]
WORDS = 12
"""Words of a list that are named."""
NO_NAME = ("id", "format", "by", "at")


@dataclass(frozen=True)
class Kind:
    """`places`: patterns below the home; a later one is told instead of an earlier. `id`: of a file.
    `told`: lines of what became of it, by its bytes, None where there is none."""

    name: str
    places: Sequence[str]
    id: Callable[[Path], str]
    told: Callable[[bytes | None, bytes | None], Iterator[Line]]


def _json(content: bytes | None) -> Json:
    """Nothing of what is none: it is told elsewhere what is wrong with it."""
    if content is None:
        return {}
    try:
        found = wellformed.load(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def agent(before: bytes | None, after: bytes | None) -> Iterator[Line]:
    """Blocks that came, went, were moved or changed, and settings. Of a draft, what it will be."""
    was, now = (_json(content) for content in (before, after))
    was, now = was.get("agent", was), now.get("agent", now)
    if not was or not now:
        yield from differing(*({} if not one else _about(one) for one in (was, now)))
        return
    found = difference(was, now)
    for one in found.settings:
        yield _field("", one)
    for block in found.blocks:
        yield from _block(block)


def _about(agent: Json) -> dict[str, str]:
    blocks = sum(len(flow) for flow in flows(agent).values())
    return {**flat({"name": agent.get("name")}), "blocks": str(blocks)}


def _block(block: Change) -> Iterator[Line]:
    name = f"{block.id} ({block.title or block.type})"
    if "added" in block.kinds:
        yield Line(name, None, "added")
    elif "removed" in block.kinds:
        yield Line(name, "there", "removed")
    elif "moved" in block.kinds:
        yield Line(name, None, "moved")
    for one in block.fields:
        yield _field(block.id, one)


def _field(of: str, one: Field) -> Line:
    name = ".".join(part for part in (of, *one.path) if part)
    was, now = (", ".join(flat({"it": value}).values()) for value in (one.before, one.after))
    if not was or not now:
        return Line(name, short(was) or None, short(now) or None)
    return Line(name, *apart(was, now))


def record(before: bytes | None, after: bytes | None) -> Iterator[Line]:
    """Of JSON, field by field; items of a list by what they are called."""
    yield from differing(_items(_json(before)), _items(_json(after)))


def _items(found: Json) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, value in found.items():
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            for place, one in enumerate(value):
                called = next(
                    (str(one[key]) for key in ("id", "file", "name", "title") if one.get(key)), place
                )
                told = {key: inner for key, inner in one.items() if key not in NO_NAME}
                said[f"{name}.{called}"] = json.dumps(told, ensure_ascii=False, sort_keys=True)
        else:
            said |= {} if name in NO_NAME else flat({name: value})
    return said


def tests(before: bytes | None, after: bytes | None) -> Iterator[Line]:
    """As `record`; of one that is a real person's conversation nothing but that it changed: what stands in
    the log stays there when they are forgotten."""
    yield from differing(_suite(_json(before)), _suite(_json(after)))


def _suite(found: Json) -> dict[str, str]:
    cases = found.get("cases")
    real = [one for one in cases if isinstance(one, dict)] if isinstance(cases, list) else []
    hidden = {f"cases.{one.get('id')}": f"{HIDDEN}{one!r}" for one in real if one.get("made_of")}
    return _items({name: value for name, value in found.items() if name != "came"}) | hidden


def text(before: bytes | None, after: bytes | None) -> Iterator[Line]:
    was, now = (" ".join((content or b"").decode("utf-8", "replace").split()) for content in (before, after))
    if was != now:
        yield from differing({"text": was} if was else {}, {"text": now} if now else {})


def words(before: bytes | None, after: bytes | None) -> Iterator[Line]:
    """How many there are, and some of those that went and came."""
    was, now = (
        dict.fromkeys(line.strip() for line in (content or b"").decode("utf-8", "replace").splitlines())
        for content in (before, after)
    )
    gone, come = (
        [one for one in these if one and one not in those] for these, those in ((was, now), (now, was))
    )
    counts = [
        None if content is None else str(sum(map(bool, of))) for content, of in ((before, was), (after, now))
    ]
    if gone or come or counts[0] != counts[1]:
        yield Line("words", *counts)
    for name, these in (("taken out", gone), ("put in", come)):
        if these:
            yield Line(name, None, short(", ".join(these[:WORDS]) + (" …" if len(these) > WORDS else "")))


def deleted(before: bytes | None, after: bytes | None) -> Iterator[Line]:
    """What is among the recently deleted, or no more."""
    was, now = (str(one.get("name") or one.get("id") or "") for one in map(about_of, (before, after)))
    if was != now:
        yield Line("recently deleted", short(was) or None, short(now) or None)


def about_of(content: bytes | None) -> Json:
    """What was said of something when it was deleted."""
    found = _json(content).get("about")
    return found if isinstance(found, dict) else {}


def _stem(path: Path) -> str:
    return path.name.partition(".")[0]


KINDS = (
    Kind("agent", ("agents/*.json", "data/drafts/*.json"), _stem, agent),
    Kind("tests", ("agents/tests/*.json",), _stem, tests),
    Kind("prompt", ("prompts/*",), _stem, text),
    Kind("words", ("words/*.txt",), _stem, words),
    Kind("base", ("knowledge/*/base.json",), lambda path: path.parent.name, record),
    Kind("passages", ("knowledge/*/corrections.json",), lambda path: path.parent.name, record),
)
DELETED = Kind("deleted", ("data/trash/*/*/about.json",), lambda path: path.parent.name, deleted)
"""Told where nothing else is: most of what is deleted is told of as that."""
