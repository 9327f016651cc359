"""What two people made of the same agent, made one: block by block and field by field.

Each of the three may be a draft that does not validate. What only one of them changed is taken. What both
changed otherwise is a Clash: it is told with both, and nothing is decided but by a person. A block that one
deleted and the other went on with is a clash, too, and stays until somebody decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from runtime.agents.difference import Laid, laid, moved_in
from runtime.agents.edits.tree import fresh_id, rewrite
from runtime.agents.merging.weaving import woven
from runtime.agents.raw_flows import (
    Json,
    blocks_of,
    flows,
    is_block,
    is_flow,
    label,
    lanes,
    own,
    paired,
    walk,
)

Side = Literal["mine", "theirs"]
ABSENT: Any = None
"""What is not there; a setting that is null is not set either."""
FLOWS = ("flow", "starts")
"""What holds flows. A clash whose path is the first is about all of them: what moved into each other has no
place in both."""
Path = tuple[str, ...]


@dataclass(frozen=True)
class Clash:
    """`path` leads to it by names; `block`: in which it is, "" for a setting of the agent."""

    block: str
    path: tuple[str, ...]
    base: Any
    mine: Any
    theirs: Any

    @property
    def key(self) -> str:
        """What a choice names it by."""
        return "/".join((self.block, *self.path))


@dataclass(frozen=True)
class Merged:
    """Where there are clashes without a choice, `data` has mine."""

    data: Json
    clashes: Sequence[Clash]


def merged(base: Json, mine: Json, theirs: Json, chosen: Mapping[str, Side] | None = None) -> Merged:
    """`base`: what both began with; `chosen`: by a clash's key. What both added under one id becomes two."""
    mine = _told_apart(base, mine, theirs)
    work = _Merging(laid(base), laid(mine), laid(theirs), chosen or {})
    data = work.objects(base, mine, theirs, "", ())
    wanted = work.staying()
    found = [block["id"] for flow in flows(data).values() for block in walk(flow)]
    if sorted(found) != sorted(wanted):
        data = work.one_flow(data, base, mine, theirs)
    return Merged(data, work.clashes)


def _told_apart(base: Json, mine: Json, theirs: Json) -> Json:
    then, here, there = (laid(one).spots for one in (base, mine, theirs))
    taken = {*then, *here, *there}
    names: dict[str, str] = {}
    for id, spot in here.items():
        if id not in then and id in there and own(spot.block) != own(there[id].block):
            names[id] = fresh_id(spot.block["type"], taken)
            taken.add(names[id])
    if not names:
        return mine
    renamed: Json = _renamed(rewrite(mine, names), names)
    return renamed


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _renamed(one, names) for name, one in value.items()}
    return {**inner, "id": names.get(inner["id"], inner["id"])} if is_block(value) else inner


@dataclass
class _Merging:
    base: Laid
    mine: Laid
    theirs: Laid
    chosen: Mapping[str, Side]
    clashes: list[Clash] = field(default_factory=list)
    known: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.my_moves, self.their_moves = moved_in(self.base, self.mine), moved_in(self.base, self.theirs)

    def staying(self) -> set[str]:
        return {id for id in self.mine.spots | self.theirs.spots if self.stays(id)}

    def stays(self, id: str) -> bool:
        if id not in self.known:
            self.known[id] = self._stays(id)
        return self.known[id]

    def _stays(self, id: str) -> bool:
        """What one deleted, and the other left as it was, goes."""
        here, there = id in self.mine.spots, id in self.theirs.spots
        if id not in self.base.spots or (here and there):
            return True
        side, moves = (self.mine, self.my_moves) if here else (self.theirs, self.their_moves)
        block = side.spots[id].block
        if not self._touched(block, moves):
            return False
        clash = Clash(
            id, (), self.base.spots[id].block, block if here else ABSENT, block if there else ABSENT
        )
        return self._kept(clash, "mine" if here else "theirs")

    def _touched(self, block: Json, moves: set[str]) -> bool:
        """Whether somebody went on with the block, or with what is inside of it."""
        then = self.base.spots
        return any(
            one["id"] in moves or one["id"] not in then or own(one) != own(then[one["id"]].block)
            for one in walk([block])
        )

    def _kept(self, clash: Clash, side: Side) -> bool:
        """Whether what the other one deleted stays: until somebody decides, it does."""
        choice = self.chosen.get(clash.key)
        if choice is None:
            self.clashes.append(clash)
        return choice in (None, side)

    def _decided(self, clash: Clash) -> Any:
        choice = self.chosen.get(clash.key)
        if choice is None:
            self.clashes.append(clash)
        return clash.theirs if choice == "theirs" else clash.mine

    def placed(self, id: str, side: Side) -> bool:
        """Whether a block stands where that one has it: who moved it says so; where both did, I do."""
        if id not in self.mine.spots or id not in self.theirs.spots:
            return id in (self.mine if side == "mine" else self.theirs).spots
        if id not in self.base.spots or id in self.my_moves:
            return side == "mine"
        return side == "theirs" or id not in self.their_moves

    def value(self, base: Any, mine: Any, theirs: Any, block: str, path: Path) -> Any:
        if any(map(is_flow, (base, mine, theirs))):
            return self.flow(blocks_of(base), blocks_of(mine), blocks_of(theirs))
        if not any(map(_has_flows, (base, mine, theirs))):
            if mine == theirs or theirs == base:
                return mine
            if mine == base:
                return theirs
        if isinstance(mine, dict) and isinstance(theirs, dict):
            return self.objects(base if isinstance(base, dict) else {}, mine, theirs, block, path)
        was, here, there = (one or [] for one in (base, mine, theirs))
        if all(map(_are_objects, (was, here, there))):
            return self.items(was, here, there, block, path)
        return self._decided(Clash(block, path, base, mine, theirs))

    def objects(self, base: Json, mine: Json, theirs: Json, block: str, path: Path) -> Json:
        found = {}
        for name in (*mine, *(name for name in theirs if name not in mine)):
            was, here, there = (one.get(name, ABSENT) for one in (base, mine, theirs))
            value = self.value(was, here, there, block, (*path, name))
            if value is not ABSENT or (name in mine and name in theirs):
                found[name] = value
        return found

    def flow(self, base: list[Json], mine: list[Json], theirs: list[Json]) -> list[Json]:
        was, here, there = ([one["id"] for one in flow] for flow in (base, mine, theirs))
        stand = {
            *(id for id in here if self.placed(id, "mine")),
            *(id for id in there if self.placed(id, "theirs")),
        }
        ids = woven(was, here, there, self.my_moves)
        return [self.block(id) for id in ids if id in stand and self.stays(id)]

    def block(self, id: str) -> Json:
        base, mine, theirs = (side.spots.get(id) for side in (self.base, self.mine, self.theirs))
        if mine is None or theirs is None:
            one = mine or theirs
            assert one is not None
            alone: Json = self.alone(one.block, "mine" if mine else "theirs")
            return alone
        return self.objects(base.block if base else {}, mine.block, theirs.block, id, ())

    def alone(self, value: Any, side: Side) -> Any:
        """What only one of them has: of what is inside, what did not go elsewhere."""
        if is_flow(value):
            ids = [one["id"] for one in blocks_of(value)]
            return [self.block(id) for id in ids if self.placed(id, side) and self.stays(id)]
        if isinstance(value, dict):
            return {name: self.alone(inner, side) for name, inner in value.items()}
        return [self.alone(item, side) for item in value] if isinstance(value, list) else value

    def items(self, base: list[Any], mine: list[Any], theirs: list[Any], block: str, path: Path) -> list[Any]:
        """Ways of a branch, tools, variables: an item is the same by its name, or the likest."""
        then = {f"base {n}": item for n, item in enumerate(base)}
        here = _named(base, mine, "mine")
        there = _as_in(here, _named(base, theirs, "theirs"), then)
        found: list[Any] = []
        for key in woven(list(then), list(here), list(there), _passed(list(then), list(here))):
            was, one, other = (items.get(key) for items in (then, here, there))
            at = (*path, label(one or other, len(found)))
            if one is not None and other is not None:
                found.append(self.value(was, one, other, block, at))
                continue
            side: Side = "theirs" if one is None else "mine"
            clash = Clash(block, at, own(was), own(one), own(other))
            if was is None or ((one or other) != was and self._kept(clash, side)):
                found.append(self.alone(one or other, side))
        return found

    def one_flow(self, data: Json, base: Json, mine: Json, theirs: Json) -> Json:
        """All flows of one of the two, where what both made of them has no place in one."""
        was, here, there = ({name: one.get(name) for name in FLOWS} for one in (base, mine, theirs))
        self.clashes = [one for one in self.clashes if not one.block]
        found = self._decided(Clash("", FLOWS[:1], was, here, there))
        return {**data, **{name: value for name, value in found.items() if value is not None}}


def _has_flows(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, dict) and next(lanes(item), None) for item in items)


def _are_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _named(base: list[Any], items: list[Any], side: str) -> dict[str, Any]:
    pairs = {j: f"base {i}" for i, j in paired(base, items) if i is not None and j is not None}
    return {pairs.get(n, f"{side} {n}"): item for n, item in enumerate(items)}


def _as_in(here: Json, there: Json, then: Json) -> Json:
    """What both added alike, or under one name, has one key."""
    mine = {key: item for key, item in here.items() if key not in then}

    def known(item: Any) -> str | None:
        return next(
            (key for key, one in mine.items() if one == item or label(one, -1) == label(item, -2)), None
        )

    return {(key not in then and known(item)) or key: item for key, item in there.items()}


def _passed(before: Sequence[str], after: Sequence[str]) -> set[str]:
    both = [one for one in before if one in after]
    return set(both) if both != [one for one in after if one in before] else set()


def told(clashes: Sequence[Clash]) -> Iterator[Json]:
    """As JSON, with the key that a choice names it by."""
    for one in clashes:
        yield {**vars(one), "key": one.key}
