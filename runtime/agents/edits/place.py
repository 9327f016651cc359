"""Where a block is to stand, as somebody says it who sees the ids of blocks."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from pydantic import Field

from runtime.agents.edits import tree
from runtime.agents.edits.shape import Json, Lane, Path, lanes
from runtime.agents.edits.tree import Flow
from runtime.blocks import registry
from runtime.errors import BadAgent
from runtime.lang import Text, listed
from runtime.schema import Strict
from runtime.wellformed import in_list

NO_BLOCK = Text("没有「{id}」这块积木，有：{there}", "there is no block {id!r}; there are: {there}")
NO_WAY = Text("「{id}」里没有「{way}」这条路，有：{there}", "{id!r} has no way {way!r}; it has: {there}")
NO_FLOW = Text("没有「{id}」这个触发器", "there is no trigger {id!r}")
ONE = Text("after、before、inside 只能写一个", "give one of after, before and inside")
NOT_THERE = Text("「{field}」这里没有这一项", "there is nothing at {field!r}")
DEEPEST = 12
"""Names in a dotted path."""


class Root(NamedTuple):
    """A flow of the agent: for messages, or of a start."""

    path: Path

    def flow(self, data: Json) -> Flow:
        found = tree.list_at(data, self.path)  # type: ignore[arg-type] # a path from the agent's top
        return [one for one in found if isinstance(one, dict)]

    def put(self, data: Json, flow: Flow) -> Json:
        changed: Json = tree.put(data, self.path, flow)
        return changed


def roots(data: Json) -> Iterator[Root]:
    yield Root(("flow",))
    starts = data.get("starts")
    for i, start in enumerate(starts if isinstance(starts, list) else []):
        if isinstance(start, dict):
            yield Root(("starts", i, "flow"))


def root_of(data: Json, id: str, field: str = "id") -> Root:
    """The flow that this block is in. Raises BadAgent."""
    found = next((root for root in roots(data) if tree.find(root.flow(data), id)), None)
    if found is None:
        there = [one for root in roots(data) for one in tree.ids(root.flow(data))]
        raise BadAgent(NO_BLOCK.fill(id=id[:64], there=listed(there)), field=field)
    return found


def block_in(data: Json, id: str) -> Json:
    """Raises BadAgent."""
    found = tree.find(root_of(data, id).flow(data), id)
    assert found
    return found.block


class Where(Strict):
    """After or before a block, or inside of one; else at the end of the flow, before what ends the turn."""

    after: str = Field("", max_length=64, description="A block's id.")
    before: str = Field("", max_length=64, description="A block's id.")
    inside: str = Field("", max_length=64, description="A block's id.")
    way: str = Field(
        "", max_length=100, description="Of `inside`: otherwise, a case's title or number (from 0)."
    )
    start: str = Field("", max_length=64, description="A trigger's id; empty: the flow for messages.")
    at: Literal["end", "begin"] = "end"

    def place(self, data: Json) -> tuple[Root, Path, int]:
        """The flow, the list in it and the place in that. Raises BadAgent."""
        given = [name for name in ("after", "before", "inside") if getattr(self, name)]
        if len(given) > 1:
            raise BadAgent(ONE, field=f"where.{given[1]}")
        if self.inside:
            return self._inside(data)
        if given:
            id = self.after or self.before
            root = root_of(data, id, f"where.{given[0]}")
            found = tree.find(root.flow(data), id)
            assert found
            return root, found.list, found.place + (1 if self.after else 0)
        root = self._root(data)
        flow = root.flow(data)
        ends = bool(flow) and _ends(flow[-1])
        return root, (), 0 if self.at == "begin" else len(flow) - ends

    def _root(self, data: Json) -> Root:
        if not self.start:
            return Root(("flow",))
        for root in roots(data):
            if root.path[0] == "starts" and tree.at(data, (*root.path[:2], "id")) == self.start:
                return root
        raise BadAgent(NO_FLOW.fill(id=self.start), field="where.start")

    def _inside(self, data: Json) -> tuple[Root, Path, int]:
        root = root_of(data, self.inside, "where.inside")
        flow = root.flow(data)
        found = tree.find(flow, self.inside)
        assert found
        there = list(_ways(found.block))
        lane = next((one for one in there if self.way in _names(one)), None)
        if lane is None and not self.way and len(there) == 1:
            lane = there[0]
        if lane is None:
            named = listed(_names(one)[0] for one in there)
            text = NO_WAY.fill(id=self.inside, way=self.way, there=named)
            raise BadAgent(text, field="where.way")
        ends = bool(lane.flow) and _ends(lane.flow[-1])
        index = 0 if self.at == "begin" else len(lane.flow) - ends
        return root, (*found.list, found.place, *lane.path), index


def _ways(block: Json) -> Iterator[Lane]:
    """Those there are, and the one for when something fails."""
    there = list(lanes(block))
    yield from there
    if all(lane.path != ("otherwise",) for lane in there):
        yield Lane(("otherwise",), [])


def _names(lane: Lane) -> list[str]:
    """How a way may be called, the readable one first."""
    dotted = ".".join(map(str, lane.path))
    return [name for name in (lane.title, *[str(one) for one in lane.path[1:2]], dotted) if name]


def _ends(block: Mapping[str, Any]) -> bool:
    kind = registry().get(str(block.get("type")))
    return kind is not None and kind.ends


def path_of(value: Any, field: str) -> Path:
    """A dotted path as keys: a number where a list is. Raises BadAgent where there is no such item."""
    path: list[str | int] = []
    parts = field.split(".")
    if len(parts) > DEEPEST or not all(parts):
        raise BadAgent(NOT_THERE.fill(field=field[:100]), field="field")
    for part in parts:
        here = tree.at(value, path)
        if isinstance(here, list):
            if (number := in_list(part)) is None or number > len(here):
                raise BadAgent(NOT_THERE.fill(field=field[:100]), field="field")
            path.append(number)
        elif here is None and part == "0":
            path.append(0)  # of a list that there is not yet
        elif isinstance(here, dict) or (here is None and not part.isdigit()):
            path.append(part)
        else:
            raise BadAgent(NOT_THERE.fill(field=field[:100]), field="field")
    return tuple(path)
