"""What a block may refer to, and what is in it.

Earlier is what stands before it in its own list or in a list around it, and all that is inside of those. A
way that is not taken leaves none, which prints nothing. What stands in a sibling way can never have run.
"""

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runtime.agents.agent import IN_STARTS, PERSON, RESERVED, Agent, walk
from runtime.blocks import Block, Rounds, results
from runtime.lang import NOTHING, Text, listed
from runtime.person import FIELDS
from runtime.templating.sandbox.environment import ATTRIBUTES
from runtime.templating.sandbox.reading import Use

Shape = str | Mapping[str, Any] | None
"""TEXT, an object with exactly these fields, or None: anything."""

TEXT = "text"
MESSAGE = ("text", "kind", "id", "last_reply", "files")
"""What every message has; others depend on its kind."""
EXCHANGE = {"text": TEXT, "reply": TEXT}
OFF = Text("「{name}」停用了，这里什么也没有", "{name!r} is switched off, so there is nothing of it here")
NO_BLOCK = Block(type="", id="flow")
LIKELY = 0.7
"""How alike two names are when one is taken for a misspelling of the other."""


@dataclass(frozen=True)
class Place:
    """A block, where it is, and the blocks that may have run before it."""

    path: str
    block: Block
    before: Sequence[Block]
    given: Sequence[str] = ()
    """What the blocks around it give their flows, such as `item`."""
    off: Sequence[Block] = ()
    """Those before it that are switched off, which leave nothing."""
    runs: bool = True
    """Neither it nor what is around it is switched off."""

    @property
    def inside(self) -> "Place":
        """The end of the flow in the block."""
        within, off = _apart([inner for _, way in self.block.flows() for inner in way])
        given = [*self.given, *_given(self.block)]
        return replace(self, before=[*self.before, *within], given=given, off=[*self.off, *off])


def _given(block: Block) -> Sequence[str]:
    return tuple(block.gives()) if isinstance(block, Rounds) else ()


def _apart(flow: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks of a flow with all that is inside of them: those that run, and those that are switched off.

    What is inside of rounds is there once for each of them, and for nobody behind them.
    """
    on: list[Block] = []
    off: list[Block] = []
    for block in flow:
        if block.disabled:
            off += [block, *(inner for _, way in block.flows() for _, inner in walk(way))]
            continue
        ways = () if isinstance(block, Rounds) else block.flows()
        inside, asleep = _apart([inner for _, way in ways for inner in way])
        on += [block, *inside]
        off += asleep
    return on, off


def places(agent: Agent) -> Iterator[Place]:
    """Every block in reading order."""
    for path, flow in agent.flows():
        yield from _places(flow, Place(path, NO_BLOCK, ()))


def _places(flow: Sequence[Block], around: Place) -> Iterator[Place]:
    before, off = [*around.before], [*around.off]
    for i, block in enumerate(flow):
        runs = around.runs and not block.disabled
        here = Place(f"{around.path}.{i}", block, tuple(before), around.given, tuple(off), runs)
        yield here
        for below, nested in block.flows():
            is_other = below == "otherwise"
            given = here.given if is_other else (*here.given, *_given(block))
            # What did not work says there why.
            seen = (*before, block) if is_other and not block.chooses else here.before
            way = replace(here, path=f"{here.path}.{below}", before=seen, given=given)
            yield from _places(nested, way)
        on, asleep = _apart([block])
        before += on
        off += asleep


def shapes(agent: Agent, place: Place) -> dict[str, Shape]:
    """Every name that is known there, and what is in it."""
    known: dict[str, Shape] = dict.fromkeys(RESERVED)
    known |= {IN_STARTS: None} if place.path.startswith("starts.") else {}
    known |= {"now": TEXT, "agent": {"id": TEXT, "name": TEXT}}
    known[PERSON] = dict.fromkeys((*FIELDS, *(value.name for value in agent.person)))
    known |= {variable.name: TEXT for variable in agent.variables}
    known |= {block.id: _shape(block) for block in seen_at(place)}
    return known | dict.fromkeys(place.given)


def _shape(block: Block) -> Shape:
    inside = {output: dict.fromkeys(names) for output, names in block.contents().items()}
    return {**dict.fromkeys(results(block)), **inside} or None


def seen_at(place: Place) -> list[Block]:
    """The blocks of which something may be there."""
    return [*place.before, *([place.block] if place.block.sees_itself else [])]


def missing(name: str, agent: Agent, place: Place, known: Collection[str]) -> Text:
    """Why there is no such name at this place."""
    if any(name == block.id for block in place.off):
        return OFF.fill(name=name)
    order = [block.id for _, block in agent.walk()]
    if name in order:
        if rounds := _in_rounds(name, agent, place):
            return Text(
                "「{name}」在「{rounds}」里，每一轮都有一个；请在那里收集，后面用 {rounds}.items",
                "{name!r} is inside of {rounds!r}, once a round: collect it there and use {rounds}.items",
            ).fill(name=name, rounds=rounds)
        if order.index(name) < order.index(place.block.id):
            return Text(
                "「{name}」在另一条分支里，走到这里时它不会运行",
                "{name!r} is on another way of a branch: it never runs before this",
            ).fill(name=name)
        return Text(
            "「{name}」不在前面，这时还没有它的结果",
            "{name!r} is not earlier, so there is no result of it yet",
        ).fill(name=name)
    hint = _meant(name, known)
    return Text(
        "「{name}」不存在：它前面没有这个编号的积木，也没有这个变量{hint}",
        "There is no {name!r}: no earlier block has this id, and no variable this name{hint}",
    ).fill(name=name, hint=hint)


def _in_rounds(name: str, agent: Agent, place: Place) -> str:
    """The id of the block in whose rounds that one is, if it is before this place."""
    earlier = [block for block in place.before if isinstance(block, Rounds)]
    inside = {inner.id: block.id for block in earlier for _, way in block.flows() for _, inner in walk(way)}
    return inside.get(name, "")


def wrong_field(use: Use, known: Mapping[str, Shape]) -> Text | None:
    """What is wrong with the field that is asked for; None when nothing, or when it cannot be told."""
    shape, fields = known.get(use.name), use.fields
    if use.name == "conversation" and fields[:1] == ("files",):
        return None
    if use.name == "conversation" and len(fields) > 1 and isinstance(fields[1], str):
        return _absent(use.name, fields[1], EXCHANGE)
    if not fields or use.name == "conversation" or not isinstance(field := fields[0], str):
        return None
    if use.name == "message":
        return _misspelt(use.name, field, MESSAGE)
    if shape == TEXT and field not in ATTRIBUTES[str]:
        return Text(
            "「{name}」是一段文字，里面没有「{field}」",
            "{name!r} is text and has no {field!r} in it",
        ).fill(name=use.name, field=field)
    return _inside(use, shape)


def _inside(use: Use, shape: Shape) -> Text | None:
    """What is wrong with a field of an object, however deep its fields are known."""
    path = use.name
    for place, field in enumerate(use.fields):
        if not isinstance(shape, Mapping) or not isinstance(field, str):
            return None
        if use.called and place == len(use.fields) - 1 and field in ATTRIBUTES[dict]:
            return None
        if text := _absent(path, field, shape):
            return text
        path, shape = f"{path}.{field}", shape[field]
    return None


def instead(use: Use, known: Mapping[str, Shape]) -> dict[str, str]:
    """What was surely meant: {is, instead}, each a name or a path; nothing where that cannot be told."""
    if use.name not in known:
        return _other(use.name, "", known)
    path, shape = use.name, {**dict.fromkeys(MESSAGE)} if use.name == "message" else known[use.name]
    for field in use.fields:
        if not isinstance(shape, Mapping) or not isinstance(field, str):
            return {}
        if field not in shape:
            return _other(field, f"{path}.", shape)
        path, shape = f"{path}.{field}", shape[field]
    return {}


def _other(name: str, before: str, there: Collection[str]) -> dict[str, str]:
    alike = difflib.get_close_matches(name, there, 2, LIKELY)
    return {"is": f"{before}{name}", "instead": f"{before}{alike[0]}"} if len(alike) == 1 else {}


def _absent(name: str, field: str, there: Collection[str]) -> Text | None:
    if field in there:
        return None
    return Text(
        "「{name}」里没有「{field}」，可用的有：{there}", "{name!r} has no {field!r}; there are: {there}"
    ).fill(name=name, field=field, there=listed(there))


def _misspelt(name: str, field: str, there: Sequence[str]) -> Text | None:
    alike = difflib.get_close_matches(field, there, 1, LIKELY)
    return _absent(name, field, there) if alike and field not in there else None


def _meant(name: str, known: Collection[str]) -> Text:
    alike = difflib.get_close_matches(name, known, 1, LIKELY)
    return Text("。是不是「{alike}」？", ". Is it {alike!r}?").fill(alike=alike[0]) if alike else NOTHING
