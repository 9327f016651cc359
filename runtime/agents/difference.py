"""What differs between two agents, valid or not: blocks that came, went, were moved or changed, and settings.

A block is known by its id. One that stands in the same flow as before is moved when the others passed it;
what is inside of a block that was moved is not moved by that.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from typing import Any

from runtime.agents.raw_flows import Json, Lane, flows, is_flow, label, lanes, own, paired
from runtime.agents.words_difference import Piece, words_difference

ADDED, REMOVED, MOVED, CHANGED = KINDS = ("added", "removed", "moved", "changed")
TEXT = 200_000
"""Characters of two texts whose words are compared; longer ones are told whole."""

Slot = tuple[str, Lane]
"""A flow by whose it is: its name, or the block that it is inside of, and where there."""


@dataclass(frozen=True)
class Field:
    """`path` leads to it by names, an item of a list by its own; None: it was not there, or is no more."""

    path: tuple[str, ...]
    before: Any
    after: Any

    def to_json(self) -> Json:
        """With `pieces` of texts: what stayed, went and came."""
        return {**asdict(self), "pieces": _pieces(self.before, self.after)}


@dataclass(frozen=True)
class Place:
    """`flow`: "flow" or "starts.ID"; `within`: the block that it is inside of; `after`: the one before it."""

    flow: str
    within: str
    lane: Lane
    after: str


@dataclass(frozen=True)
class Change:
    """A block that is not what it was; `kinds` are of KINDS: one may be moved and changed."""

    id: str
    type: str
    title: str
    kinds: Sequence[str]
    was: Place | None
    now: Place | None
    fields: Sequence[Field] = ()


@dataclass(frozen=True)
class Difference:
    """In reading order of what is now; what is gone comes last."""

    blocks: Sequence[Change] = ()
    settings: Sequence[Field] = ()

    def __bool__(self) -> bool:
        return bool(self.blocks or self.settings)

    def to_json(self) -> Json:
        """Plain lists and objects."""
        return {
            "blocks": [
                {**asdict(one), "fields": [field.to_json() for field in one.fields]} for one in self.blocks
            ],
            "settings": [one.to_json() for one in self.settings],
        }


@dataclass(frozen=True)
class Spot:
    block: Json
    slot: Slot
    place: Place


@dataclass
class Laid:
    """An agent's blocks by id, and its flows by whose they are."""

    spots: dict[str, Spot] = field(default_factory=dict)
    flows: dict[Slot, list[str]] = field(default_factory=dict)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """What became of `before`."""
    then, now = laid(before), laid(after)
    moved = moved_in(then, now)
    found = [_change(id, then.spots.get(id), spot, id in moved) for id, spot in now.spots.items()]
    gone = [_change(id, spot, None, False) for id, spot in then.spots.items() if id not in now.spots]
    settings = fields(_settings(before), _settings(after))
    return Difference([one for one in (*found, *gone) if one.kinds], list(settings))


def laid(agent: Mapping[str, Any]) -> Laid:
    """Of blocks with one id, which a draft may have, the first."""
    laid = Laid()

    def lay(flow: Sequence[Json], name: str, slot: Slot) -> None:
        laid.flows[slot] = []
        for block in flow:
            id = block["id"]
            if id in laid.spots:
                continue
            after = laid.flows[slot][-1] if laid.flows[slot] else ""
            within, lane = ("", ()) if slot[0] == name else slot
            laid.flows[slot].append(id)
            laid.spots[id] = Spot(block, slot, Place(name, within, lane, after))
            for inner, below in lanes(block):
                lay(below, name, (id, inner))

    for name, flow in flows(agent).items():
        lay(flow, name, (name, ()))
    return laid


def same_slots(then: Laid, now: Laid) -> dict[Slot, Slot]:
    """Which flow of before is which now: a case that got another place or name is the same case."""
    same: dict[Slot, Slot] = {slot: slot for slot in then.flows if slot in now.flows and not slot[1]}
    for id, spot in then.spots.items():
        if id in now.spots:
            ways = _same_lanes(spot.block, now.spots[id].block)
            same |= {(id, before): (id, after) for before, after in ways}
    return same


def _same_lanes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[Lane, Lane]]:
    for name in before.keys() & after.keys():
        was, now = before[name], after[name]
        if not (isinstance(was, list) and isinstance(now, list)):
            continue
        if is_flow(was) or is_flow(now):
            yield (name,), (name,)
            continue
        for i, j in paired(was, now):
            if i is not None and j is not None and isinstance(was[i], dict) and isinstance(now[j], dict):
                for inner, other in _same_lanes(was[i], now[j]):
                    yield (name, str(i), *inner), (name, str(j), *other)


def moved_in(then: Laid, now: Laid) -> set[str]:
    """Blocks of both that stand elsewhere now, or that the others passed."""
    same = same_slots(then, now)
    both = then.spots.keys() & now.spots.keys()
    moved = {id for id in both if same.get(then.spots[id].slot) != now.spots[id].slot}
    for was, slot in same.items():
        before, after = (
            [id for id in laid.flows.get(at, ()) if id in both and id not in moved]
            for laid, at in ((then, was), (now, slot))
        )
        kept = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        moved |= set(after) - {id for run in kept for id in after[run.b : run.b + run.size]}
    return moved


def _change(id: str, was: Spot | None, now: Spot | None, moved: bool) -> Change:
    spot = now or was
    assert spot is not None
    found = list(fields(_own(was), _own(now))) if was and now else []
    there = {ADDED: was is None, REMOVED: now is None, MOVED: moved, CHANGED: bool(found)}
    title = spot.block.get("title")
    return Change(
        id,
        spot.block["type"],
        title if isinstance(title, str) else "",
        [kind for kind in KINDS if there[kind]],
        was.place if was else None,
        now.place if now else None,
        found,
    )


def _own(spot: Spot) -> Any:
    return own({name: value for name, value in spot.block.items() if name != "id"})


def _settings(agent: Mapping[str, Any]) -> Any:
    return own({name: value for name, value in agent.items() if name not in ("flow", "id", "format")})


def fields(before: Any, after: Any, path: tuple[str, ...] = ()) -> Iterator[Field]:
    """Leaf by leaf. Nothing, an empty list and an empty text are the same as what is not there."""
    if before == after or (_is_nothing(before) and _is_nothing(after)):
        return
    if _are(dict, before, after):
        before, after = before or {}, after or {}
        for name in (*after, *(name for name in before if name not in after)):
            yield from fields(before.get(name), after.get(name), (*path, str(name)))
    elif _are(list, before, after) and _has_objects(before, after):
        yield from _items(before or [], after or [], path)
    else:
        yield Field(path, before, after)


def _items(before: list[Any], after: list[Any], path: tuple[str, ...]) -> Iterator[Field]:
    pairs = paired(before, after)
    for i, j in pairs:
        was, now = None if i is None else before[i], None if j is None else after[j]
        name = label(was, i or 0) if j is None else label(now, j)
        yield from fields(was, now, (*path, name))
    order = [i for i, j in pairs if i is not None and j is not None]
    if order != sorted(order):
        was, now = ([label(item, n) for n, item in enumerate(items)] for items in (before, after))
        yield Field(path, was, now)


def _has_objects(*lists: Any) -> bool:
    return any(isinstance(item, dict) for items in lists for item in items or ())


def _are(kind: type, before: Any, after: Any) -> bool:
    """Both, or one where the other is not there."""
    return isinstance(before or kind(), kind) and isinstance(after or kind(), kind)


def _is_nothing(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _pieces(before: Any, after: Any) -> list[Piece]:
    texts = [_text(value) for value in (before, after)]
    was, now = texts
    if was is None or now is None or len(was) + len(now) > TEXT:
        return []
    return words_difference(was, now)


def _text(value: Any) -> str | None:
    """A text, also one of a list's lines; None for what is compared as a whole."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    return "" if value is None else value if isinstance(value, str) else None
