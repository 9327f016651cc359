"""One use of a tool in a turn: once over crashes and waits, watched, and what it gives checked."""

import functools
import time
from collections.abc import Mapping
from typing import Any

from runtime.tools import WITHHELD, Tool
from runtime.turn.events import ToolCalled, ToolReturned
from runtime.turn.holding import held
from runtime.turn.later import Later
from runtime.turn.making import Drawing, Making
from runtime.turn.proven import is_proven
from runtime.turn.sharing import of_person
from runtime.turn.using import Used, called, once_of


async def use(turn: Any, tool: Tool, arguments: Mapping[str, Any], block: str, call: str) -> Used:
    """See Turn.use. `turn`: a Turn, which knows this file."""
    name = tool.name or tool.type
    shown = turn.path + call
    turn.emit(ToolCalled(block, shown, name, arguments))
    began = time.monotonic()
    withheld = sorted(tool.powers & turn.withheld)
    earlier = turn.acted
    turn.acted += not tool.repeatable
    later = Later(turn, tool, call, turn.agent.language)

    async def work() -> dict[str, Any]:
        refused = withheld and WITHHELD.fill(power=withheld[0].words).to(turn.agent.language)
        if why := refused or await later.refused(turn.services):
            return vars(Used(why, failed=True))
        if (given := turn.services.given(tool, arguments)) is not None:
            return dict(given)
        await turn.journal.settle()
        env = turn.services.env(
            turn.now(),
            later.seen(turn.values),
            addresses=turn.addresses,
            ask=functools.partial(turn.ask, turn, call) if turn.ask else None,
            knowledge=turn.searches(block),
            person=turn.person,
            proves=functools.partial(is_proven, turn),
            call=shown,
            once=once_of(turn.agent.id, turn.message, shown),
            earlier=earlier,
            makes=turn.services.makes and Making(turn.services.makes, turn.kept, turn.agent.name),
            paints=turn.services.paints and Drawing(turn.services.paints, turn.emit, block),
            **held(turn.services, turn.agent.may_use),
            **of_person(turn.agent, turn.kept, turn.message, turn.history, turn.services.reads),
        )
        begins = turn.journal.begin(f"{turn.path}tool.{call}.begun") if not tool.repeatable else None
        return dict(vars(await called(tool, arguments, env, begins, turn.agent.language)))

    used = await later.answer(Used(**await turn.step(f"tool.{call}", work)))
    used = await passed(turn, used, call)
    if not used.failed:
        turn.addresses.ask(arguments)
    if tool.is_search and not used.failed:
        turn.addresses.find(used.text)
    turn.doubt |= used.doubt
    ms = round((time.monotonic() - began) * 1000)
    turn.emit(ToolReturned(block, shown, name, ms, used.text, used.failed))
    return used


async def passed(turn: Any, used: Used, call: str) -> Used:
    """What the checks leave of it: judged once, as it was given once."""
    guard = turn.guard
    if guard is None or not guard.chain.at("tool"):
        return used

    async def work() -> dict[str, Any]:
        return dict(vars(await guard.returned(used)))

    return Used(**await turn.step(f"safety.{call}", work))
