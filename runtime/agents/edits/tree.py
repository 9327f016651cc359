"""Operations on a flow as JSON, as builder/flow_editor/tree.js has them: one table tests both.

Nothing is changed in place: each returns a new flow, or the same one where it does not apply. A list of
blocks is named by its path: () is the flow itself, (1, "cases", 0, "flow") a branch's.
"""

import copy as copying
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from runtime.agents.edits.shape import Json, Path, conditions, lanes

Flow = list[Json]


class Place(NamedTuple):
    """A block, the list that it is in, and where in it."""

    block: Json
    list: Path
    place: int


def at(value: Any, path: Sequence[str | int]) -> Any:
    """The value at a path; None where there is none."""
    for key in path:
        if isinstance(value, list):
            value = value[key] if isinstance(key, int) and 0 <= key < len(value) else None
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value


def put(value: Any, path: Sequence[str | int], new: Any) -> Any:
    """A copy with another value at a path; a list's length is one more item of it."""
    if not path:
        return new
    key, *rest = path
    if isinstance(value, list) and isinstance(key, int):
        if key == len(value):
            return [*value, put(None, rest, new)]
        return [put(one, rest, new) if place == key else one for place, one in enumerate(value)]
    if value is None and key == 0:
        return [put(None, rest, new)]
    inside = value if isinstance(value, dict) else {}
    return {**inside, key: put(inside.get(str(key)), rest, new)}


def walk(flow: Flow, path: Path = ()) -> Iterator[Place]:
    """Every block with its place, in reading order."""
    for index, block in enumerate(flow):
        yield Place(block, path, index)
        for lane in lanes(block):
            yield from walk(lane.flow, (*path, index, *lane.path))


def find(flow: Flow, id: str) -> Place | None:
    return next((place for place in walk(flow) if place.block.get("id") == id), None)


def ids(flow: Flow) -> list[str]:
    return [str(place.block.get("id")) for place in walk(flow)]


def list_at(flow: Flow, path: Path) -> Flow:
    found = at(flow, path)
    return found if isinstance(found, list) else []


def insert(flow: Flow, path: Path, index: int, *blocks: Json) -> Flow:
    there = list_at(flow, path)
    changed: Flow = put(flow, path, [*there[:index], *blocks, *there[index:]])
    return changed


def remove(flow: Flow, id: str) -> Flow:
    place = find(flow, id)
    if place is None:
        return flow
    there = list_at(flow, place.list)
    changed: Flow = put(flow, place.list, [*there[: place.place], *there[place.place + 1 :]])
    return changed


def inside(flow: Flow, id: str, path: Path) -> bool:
    """Whether a list lies inside the block, so that the block cannot be moved there."""
    place = find(flow, id)
    own = (*place.list, place.place) if place else ()
    return place is not None and path[: len(own)] == own


def move(flow: Flow, id: str, path: Path, index: int) -> Flow:
    place = find(flow, id)
    if place is None or inside(flow, id, path):
        return flow
    if place.list == path and index in (place.place, place.place + 1):
        return flow
    # A hole keeps every other place where it is until the block has arrived.
    hole = {"type": "", "id": "\0"}
    return remove(insert(put(flow, (*place.list, place.place), hole), path, index, place.block), "\0")


def change(flow: Flow, id: str, block: Json) -> Flow:
    place = find(flow, id)
    return put(flow, (*place.list, place.place), block) if place else flow


def copy(block: Json, taken: Collection[str]) -> Json:
    """A copy of a block, nested ones too, with ids that are not among the `taken`; copies refer to copies."""
    used = set(taken)
    renamed: dict[str, str] = {}
    for place in walk([block]):
        fresh = fresh_id(str(place.block.get("type")), used)
        used.add(fresh)
        renamed[str(place.block.get("id"))] = fresh
    twin = copying.deepcopy(block)
    for place in walk([twin]):
        place.block["id"] = renamed[str(place.block.get("id"))]
    written: Json = rewrite(twin, renamed)
    return written


def fresh_id(type: str, taken: Collection[str]) -> str:
    """model, model_2, model_3 …: an underscore, because `{{ model-2.text }}` would be a subtraction."""
    base = id = type.replace("-", "_")
    number = 2
    while id in taken:
        id, number = f"{base}_{number}", number + 1
    return id


def rename(flow: Flow, before: str, now: str) -> Flow:
    """Give a block another id and make every template and condition follow."""
    place = find(flow, before)
    if place is None:
        return flow
    changed: Flow = rewrite(put(flow, (*place.list, place.place, "id"), now), {before: now})
    return changed


TAG = re.compile(r"\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}")
QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?![\w(])", re.ASCII)


def rewrite(value: Any, names: Mapping[str, str]) -> Any:
    """Replace references to ids in every text below `value`, all at once."""
    if isinstance(value, str):
        return TAG.sub(lambda found: _references(found[0], names), value)
    if isinstance(value, list):
        return [rewrite(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _rewritten(key, inner, names) for key, inner in value.items()}


def _rewritten(key: str, value: Any, names: Mapping[str, str]) -> Any:
    is_condition = key in conditions() and isinstance(value, str)
    return _references(value, names) if is_condition else rewrite(value, names)


def _references(code: str, names: Mapping[str, str]) -> str:
    out, end = "", 0
    for quoted in QUOTED.finditer(code):
        out += NAME.sub(lambda found: names.get(found[0], found[0]), code[end : quoted.start()]) + quoted[0]
        end = quoted.end()
    return out + NAME.sub(lambda found: names.get(found[0], found[0]), code[end:])
