"""Trying a piece of the flow from the build page: this block alone, or from here on, with values of a turn.

Only who may edit the agent may. It really runs: the page says before what its tools would do. What the
agent's owner withholds, and what of the owner's it does not hold, it does not get here either.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from builder.actions import pair
from builder.actions.counting import count
from builder.actions.lasting import begins
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import SOME, Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.nesting import gathered, handed_on
from runtime.agents.piece import acts, piece, wanted
from runtime.newest import Newest
from runtime.trying.piece import tried
from runtime.turn.events import Event, Failed, Paid

Json = dict[str, Any]

_running = Newest[tuple[str, str], "asyncio.Task[None]"](100)
"""By who and the page's own name for it."""


@needs(Permission.AGENTS_VIEW, on=SOME)
def piece_form(studio: Studio, data: Json, block: str, on: bool) -> Json:
    """What it refers to of earlier blocks, and what it would do to the world. Raises BadAgent, NotFound."""
    agent = Agent.load(data)
    would = acts(handed_on(piece(agent, block, on=on), studio.settings.home))
    return {"names": wanted(agent, block, on=on), "acts": [pair(power.words) for power in would]}


@needs(Permission.AGENTS_EDIT)
@begins(seen="run_piece", ended="stop_piece")
@unrecorded("a trial")
async def run_piece(
    studio: Studio, who: Actor, data: Json, block: str, on: bool, values: Json, text: str, run: str
) -> Json:
    """Run it: {events, ms}; no events when it was stopped. `run`: a name by which `stop_piece` ends it.

    Raises BadAgent for an agent that is not valid, NotFound, Invalid, ModelFailed.
    """
    began = time.monotonic()
    part = await asyncio.to_thread(_piece, studio, data, block, on)
    events: list[tuple[int, Event]] = []

    async def work() -> None:
        async with studio.trying(who.id):
            try:
                async for event in tried(part, studio.services, str(text), values, alone=not on):
                    events.append((round((time.monotonic() - began) * 1000), event))
            finally:
                await count(studio, part, [one for _, one in events if isinstance(one, Paid)], who.id)

    task = _running[who.id, str(run)] = asyncio.create_task(work())
    try:
        await asyncio.wait({task})
        stopped = task.cancelled()
        if not stopped:
            task.result()
    finally:
        task.cancel()
        await asyncio.wait({task})
    return {"events": [_plain(at, one) for at, one in events], "stopped": stopped}


@needs(Permission.AGENTS_EDIT)
@unrecorded("ends a trial")
def stop_piece(studio: Studio, who: Actor, run: str) -> None:
    """End one that this person began."""
    task = _running.get((who.id, str(run)), None)
    if task is not None:
        task.get_loop().call_soon_threadsafe(task.cancel)


def _piece(studio: Studio, data: Json, block: str, on: bool) -> Agent:
    return gathered(piece(Agent.load(data), block, on=on), studio.settings.home)


def _plain(at: int, event: Event) -> Mapping[str, Any]:
    reason = {"reason": pair(event.reason)} if isinstance(event, Failed) else {}
    return {**event.to_json(), **reason, "at": at}
