"""Two agents in one drawing: what is now, and at its old place the ghost of what is gone or moved away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from runtime.agents.difference import ADDED, MOVED, REMOVED, Difference, Laid, laid
from runtime.agents.raw_flows import Json, Lane, blocks_of, flows, is_flow, lanes, own, paired

LEFT = "left"
"""The kind of a ghost whose block stands elsewhere now."""
GHOST = "~"
"""Behind an id: no block has such an id."""


@dataclass(frozen=True)
class Together:
    """`flows` by name; `marks`: kinds by the id of what is drawn, of a way inside of it by "ID.cases.0"."""

    flows: dict[str, list[Json]]
    marks: dict[str, list[str]]


def drawn_together(before: Json, after: Json, found: Difference) -> Together:
    """`found`: their difference."""
    pen = _Pen(laid(before), laid(after), {one.id: list(one.kinds) for one in found.blocks})
    then, now = flows(before), flows(after)
    names = [*now, *(name for name in then if name not in now)]
    drawn = {name: pen.flow(then.get(name, []), now.get(name, [])) for name in names}
    return Together(drawn, pen.marks)


@dataclass
class _Pen:
    then: Laid
    now: Laid
    marks: dict[str, list[str]] = field(default_factory=dict)

    def flow(self, before: Sequence[Json], after: Sequence[Json]) -> list[Json]:
        was, now = (
            [self.standing(one["id"], side) for one in flow] for side, flow in enumerate((before, after))
        )
        found: list[Json] = []
        for kind, i, end, j, stop in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
            if kind != "equal":
                found += (ghost for one in before[i:end] for ghost in self.ghost(one))
            found += (block for one in after[j:stop] for block in self.block(one))
        return found

    def standing(self, id: str, side: int) -> str:
        """What stayed has one name on both sides; what was moved has two, so that it leaves its ghost."""
        return f"{id}{GHOST}{side}" if MOVED in self.marks.get(id, ()) else id

    def block(self, after: Json) -> Iterator[Json]:
        id = after["id"]
        if self.now.spots[id].block is after:  # a draft may have two of an id
            spot = self.then.spots.get(id)
            yield self.merged(spot.block if spot else {}, after, id, ())

    def ghost(self, before: Json) -> Iterator[Json]:
        """What is gone, with what was inside of it; of what was moved, only where it was."""
        id = before["id"]
        if self.then.spots[id].block is not before:
            return
        if id not in self.now.spots:
            yield self.merged(before, {}, id, ())
        else:
            self.marks[f"{id}{GHOST}"] = [LEFT]
            yield {**own(before), "id": f"{id}{GHOST}"}

    def merged(self, before: Json, after: Json, id: str, at: Lane) -> Json:
        """A block, or an item of one that flows are in, with the flows of both."""
        one = dict(after or before)
        for name in {*before, *after}:
            was, now = before.get(name) or [], after.get(name) or []
            if is_flow(was) or is_flow(now):
                one[name] = self.flow(blocks_of(was), blocks_of(now))
            elif _has_flows(was) or _has_flows(now):
                one[name] = list(self.items(was, now, id, (*at, name), alone=not (before and after)))
        return one

    def items(self, was: Any, now: Any, id: str, at: Lane, *, alone: bool) -> Iterator[Any]:
        """`alone`: the whole block is new, or gone; then its ways are not told one by one."""
        was, now = (value if isinstance(value, list) else [] for value in (was, now))
        for number, (i, j) in enumerate(paired(was, now)):
            before, after = {} if i is None else was[i], {} if j is None else now[j]
            if not (isinstance(before, dict) and isinstance(after, dict)):
                continue
            here = (*at, str(number))
            if not alone and (i is None or j is None):
                self.marks[".".join((id, *here))] = [REMOVED if j is None else ADDED]
            yield self.merged(before, after, id, here)


def _has_flows(value: Any) -> bool:
    items = value if isinstance(value, list) else []
    return any(isinstance(item, dict) and next(lanes(item), None) for item in items)
