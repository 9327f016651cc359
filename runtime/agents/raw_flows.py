"""The flows in an agent's JSON, valid or not: a draft is compared, merged and drawn before it is an agent.

A flow is known by what is in it, blocks with a type and an id; so that of an unknown type has its flows.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Lane = tuple[str, ...]
"""Where a flow is inside of a block: ("cases", "0", "flow")."""
Pair = tuple[int | None, int | None]
"""Places of the same item in two lists; None where it is in one of them only."""

NAMES = ("id", "name", "title")
"""What an item of a list is known by, the surest first."""


def is_block(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and isinstance(value.get("type"), str)
        and isinstance(value.get("id"), str)
        and bool(value["id"])
    )


def is_flow(value: object) -> bool:
    """An empty list is none: it may be a list of anything."""
    return isinstance(value, list) and any(is_block(item) for item in value)


def blocks_of(value: object) -> list[Json]:
    """What in a flow is a block."""
    return [item for item in value if is_block(item)] if isinstance(value, list) else []


def flows(agent: Mapping[str, Any]) -> dict[str, list[Json]]:
    """By name: "flow", and "starts.ID" for each start."""
    starts = agent.get("starts")
    named = {
        f"starts.{one['id']}": blocks_of(one.get("flow"))
        for one in (starts if isinstance(starts, list) else ())
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    }
    return {"flow": blocks_of(agent.get("flow")), **named}


def lanes(block: Mapping[str, Any]) -> Iterator[tuple[Lane, list[Json]]]:
    """The flows right inside of a block."""
    for name, value in block.items():
        if is_flow(value):
            yield (name,), blocks_of(value)
        elif isinstance(value, list):
            for number, item in enumerate(value):
                for inner, flow in (*lanes(item),) if isinstance(item, dict) else ():
                    yield (name, str(number), *inner), flow


def walk(flow: Sequence[Json]) -> Iterator[Json]:
    """Every block, also the inner ones, in reading order."""
    for block in flow:
        yield block
        for _, inner in lanes(block):
            yield from walk(inner)


def own(value: Any) -> Any:
    """A block, or what is in one, without the flows in it: these are told by themselves."""
    if isinstance(value, dict):
        return {name: own(inner) for name, inner in value.items() if not is_flow(inner)}
    return [own(item) for item in value] if isinstance(value, list) else value


def label(item: Any, number: int) -> str:
    """What an item of a list is called: by its own name, else by its place."""
    names = (item.get(name) for name in NAMES) if isinstance(item, dict) else ()
    return next((name for name in names if isinstance(name, str) and name), str(number + 1))


def paired(before: Sequence[Any], after: Sequence[Any]) -> list[Pair]:
    """Which item is which: the same, of the same name, or the likest. What is gone stands where it was."""
    left, free = dict(enumerate(before)), dict(enumerate(after))
    found: dict[int, int] = {}
    for same in (_equal, _same_name, _alike):
        for place, item in list(free.items()):
            likest = max(left, key=lambda at: (same(left[at], item), -abs(at - place)), default=None)
            if likest is not None and same(left[likest], item):
                found[place] = likest
                del left[likest], free[place]
    if len(left) == len(free) and not any(map(_has_name, (*left.values(), *free.values()))):
        found |= dict(zip(free, left, strict=True))  # each was rewritten
        left = {}
    pairs: list[Pair] = [(found.get(place), place) for place in range(len(after))]
    for gone in sorted(left):
        behind = next((n for n, (was, _) in enumerate(pairs) if was is not None and was > gone), len(pairs))
        pairs.insert(behind, (gone, None))
    return pairs


def _has_name(item: Any) -> bool:
    return label(item, -1) != "0"


def _equal(before: Any, after: Any) -> int:
    return int(bool(before == after))


def _same_name(before: Any, after: Any) -> int:
    return int(label(before, -1) == label(after, -1) and _has_name(after))


def _alike(before: Any, after: Any) -> int:
    """How much two have in common: settings, and blocks inside."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return 0
    common: int = sum(
        bool(value) and after.get(name) == value for name, value in before.items() if name != "type"
    )
    inside = [{one["id"] for _, flow in lanes(item) for one in walk(flow)} for item in (before, after)]
    return common + len(inside[0] & inside[1])
