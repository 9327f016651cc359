"""Run a turn: walk the blocks, emit events, keep the journal."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from typing import Any

from runtime.agents.agent import IN_STARTS, Agent, walk
from runtime.agents.answering import answering_blocks
from runtime.agents.places import located
from runtime.agents.starts import Start
from runtime.blocks import Block
from runtime.errors import HongyanError
from runtime.lang import Text
from runtime.message import Exchange, Message
from runtime.templating import sandbox
from runtime.turn.commands import commanded
from runtime.turn.events import BlockFinished, BlockStarted, Event, Failed, Replied
from runtime.turn.files import Files, of_data
from runtime.turn.journal import Forgetful, Journal
from runtime.turn.keeping import Kept, KeptHere
from runtime.turn.keywords import known_answer
from runtime.turn.restart import since_restart
from runtime.turn.turn import Services, Turn

MOST_SHOWN = 100
"""Exchanges that templates see where the agent's memory has no number of its own."""

Watch = Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]]


def _unwatched(work: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None]:
    return work


async def run(
    agent: Agent,
    message: Message,
    history: Sequence[Exchange],
    services: Services,
    *,
    journal: Journal | None = None,
    variables: Mapping[str, str] | None = None,
    kept: Kept | None = None,
    files: Files | None = None,
    stream: bool = False,
    watch: Watch = _unwatched,
) -> AsyncIterator[Event]:
    """Yield what happens; the last event is Replied or Failed. Closing the iterator cancels the turn.

    `variables` replace the agent's defaults by name. `kept`: what is remembered of the person; None: nothing
    is, beyond this turn. `files`: those of the conversation; None: those of the message, unopened. `watch`
    sees whenever the turn's own work runs.
    """
    events: asyncio.Queue[Event | None] = asyncio.Queue()
    context = since_restart(history, agent.memory, message.at or time.time())
    turn = Turn(
        agent,
        message,
        context.history,
        services,
        events.put_nowait,
        _run_block,
        [block.id for _, block in agent.walk()],
        frozenset(answering_blocks(agent)) if message.wishes else frozenset(),
        Forgetful() if journal is None else journal,
        kept=kept or KeptHere(),
        after=context.after,
        files=Files(of_data(message.data)) if files is None else files,
        stream=stream,
    )
    start = agent.begun_by(message)
    turn.values = {**_opening_values(turn, agent, variables or {}), **_begun(message, start)}
    task = asyncio.create_task(watch(_finish(turn, agent, start)))
    task.add_done_callback(lambda _: events.put_nowait(None))
    try:
        while (event := await events.get()) is not None:
            yield event
        task.result()  # a bug of ours in a block is raised here, not swallowed
    finally:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _run_block(turn: Turn, block: Block) -> None:
    turn.running.append(block.id)
    # Blocks that only compute wait for nothing: others get their turn between them.
    await asyncio.sleep(0)
    if not block.ends:
        # Whatever it does to the process, what was finished before is not paid for again.
        await turn.journal.settle()
    began = time.monotonic()
    turn.emit(BlockStarted(block.id, block.type, block.title))
    output = await block.run(turn)
    # What is in the ways that were not taken is empty, so that ways join without ceremony.
    inside = (one.id for _, way in block.flows() for _, one in walk(way))
    turn.values = {**dict.fromkeys(inside), **turn.values, block.id: output}
    turn.emit(BlockFinished(block.id, block.type, round((time.monotonic() - began) * 1000), output))
    turn.running.pop()


async def _finish(turn: Turn, agent: Agent, start: Start | None) -> None:
    """Walk the whole flow within the turn's time and emit how it ended."""
    try:
        if start is None and (known := await _known(turn, agent)) is not None:
            turn.emit(Replied(known, 0))
            return
        async with asyncio.timeout(agent.limits.seconds):
            with sandbox.together():
                await turn.walk(start.flow if start else agent.flow)
        turn.emit(_answer(turn, may_be_silent=start is not None))
    except HongyanError as e:
        block = turn.running[-1] if turn.running else ""
        turn.emit(Failed(e.code or type(e).__name__, located(agent, block, e), block))
    except TimeoutError:
        seconds = agent.limits.seconds
        reason = Text("这一轮超过了 {seconds} 秒。", "The turn took longer than {seconds} seconds.").fill(
            seconds=seconds
        )
        turn.emit(Failed("timeout", reason, turn.running[-1] if turn.running else ""))


async def _known(turn: Turn, agent: Agent) -> str | None:
    """What is answered without the flow."""
    done = await commanded(turn)
    return known_answer(agent.keywords, turn.message) if done is None else done


def _begun(message: Message, start: Start | None) -> dict[str, object]:
    """What the flow of a start sees of what began it."""
    if start is None:
        return {}
    told = message.data.get("begun") if message.unasked else {**message.data, "value": message.text}
    usual: dict[str, object] = {"due": "", "value": "", "body": {}}
    return {
        IN_STARTS: {**usual, "on": start.on, "start": start.id, **(told if isinstance(told, Mapping) else {})}
    }


def _answer(turn: Turn, *, may_be_silent: bool) -> Event:
    text = (turn.draft if turn.reply is None else turn.reply).strip()
    if not text and not may_be_silent:
        reason = Text(
            "流程走完了，但没有任何回复。请加一个「回复」或「大模型」积木。",
            "The flow ended without an answer. Add a reply or model block.",
        )
        return Failed("no_answer", reason)
    ms = round((time.monotonic() - turn.started) * 1000)
    return Replied(text, ms, turn.handoff, turn.doubt, turn.finish)


def _opening_values(turn: Turn, agent: Agent, variables: Mapping[str, str]) -> dict[str, object]:
    """What templates see before the first block: plain data only."""
    most = agent.memory.turns if "turns" in agent.memory.strategy.needs else MOST_SHOWN
    conversation = [{"text": e.text, "reply": e.reply} for e in turn.history[-most:]]
    now, earlier = turn.files.views(agent.language)
    last_reply = conversation[-1]["reply"] if conversation else ""
    return {
        **{v.name: variables.get(v.name, v.default) for v in agent.variables},
        "message": {**turn.message.view(), "last_reply": last_reply, "files": now},
        "conversation": sandbox.Listed(conversation, files=[*earlier, *now]),
        "now": turn.now().strftime("%Y-%m-%d %H:%M %A"),
        "agent": {"id": agent.id, "name": agent.name},
    }
