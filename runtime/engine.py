"""Run a turn: walk the blocks, emit events, keep the journal."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from runtime.agents.agent import IN_STARTS, Agent, walk
from runtime.agents.answering import answering_blocks
from runtime.agents.asking_person import asks_person
from runtime.agents.nesting import DEEPEST
from runtime.agents.places import located
from runtime.agents.starts import Start
from runtime.blocks import UNFAILED, Block
from runtime.crash import crashpoint
from runtime.errors import HongyanError, TurnFailed, WaitOver
from runtime.lang import Text
from runtime.message import Exchange, Message
from runtime.one_reader import OneReader
from runtime.templating import sandbox
from runtime.turn.commands import commanded
from runtime.turn.consenting import unagreed
from runtime.turn.ending import NO_ANSWER, answer, came, is_decided, joined, passed, told, waited
from runtime.turn.events import BlockFinished, BlockStarted, Event, Failed, Replied
from runtime.turn.files import Files, of_data
from runtime.turn.guarding import earlier, guarded
from runtime.turn.journal import Forgetful, Journal
from runtime.turn.keeping import Kept, KeptHere
from runtime.turn.keywords import known_answer
from runtime.turn.masking import Standing, standing_of, unsent
from runtime.turn.opening import opening_values
from runtime.turn.others import asked
from runtime.turn.restart import restarts, since_restart
from runtime.turn.telling import Tell, as_it_happens, telling
from runtime.turn.turn import Answered, Services, Speak, Turn
from runtime.turn.waiting import Past, Waiting
from runtime.turn.who import meet

TOOK_LONGER = Text("这一轮超过了 {seconds} 秒。", "The turn took longer than {seconds} seconds.")
TOO_DEEP = Text(
    "智能体「{name}」套得太深，或又用到了自己。", "The agent {name!r} is nested too deep, or uses itself."
)

Watch = Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]]
"""When a turn's own work runs."""


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
    past: Past | None = None,
    speak: Speak | None = None,
    clock: Callable[[], float] = time.time,
    hides: Standing | None = None,
    tell: Tell | None = None,
) -> AsyncIterator[Event]:
    """Yield what happens; the last event is Replied (Waited is one) or Failed. Closing it cancels the turn.
    `variables` replace the agent's by name. `kept`, `files`: of person and conversation; else this turn's."""
    events = OneReader[Event | None]()
    context = since_restart(history, agent.memory, message.at or time.time())
    message = (past := past or Past()).message(message)
    guard, services = guarded(agent, services, events.put_nowait)
    turn = Turn(
        agent,
        message,
        await earlier(guard, context.history, message),
        services,
        telling(events.put_nowait, None if guard and guard.looks_at_answers else tell),
        _run_block,
        [block.id for _, block in agent.walk()],
        frozenset(answering_blocks(agent)) if message.wishes else frozenset(),
        journal=Forgetful() if journal is None else journal,
        kept=kept or KeptHere(),
        after=context.after,
        files=Files(of_data(message.data)) if files is None else files,
        stream=stream,
        past=past,
        speak=speak,
        begin=_inner,
        ask=asked,
        guard=guard,
        clock=clock,
        hides=hides or standing_of(agent, message, services),
    )
    work = _finish(turn, agent, _opened(turn, agent, variables or {}))
    async with aclosing(as_it_happens(events, watch(work), guard)) as told:
        async for event in told:
            yield event


def _opened(turn: Turn, agent: Agent, variables: Mapping[str, str]) -> Start | None:
    """What begins it, and the values that it begins with."""
    start = agent.start(turn.past.start) if turn.past.goes_on else agent.begun_by(turn.message)
    turn.past.begin(start.id if start else "", _begun(turn, start))
    turn.values = {**opening_values(turn, variables), **turn.past.begun}
    return start


async def _run_block(turn: Turn, block: Block) -> None:
    place = turn.path + block.id
    if (done := turn.past.done.get(place)) is not None:  # before the turn waited
        turn.values = {**turn.values, **done}
        return
    turn.running.append(block.id)
    # Blocks that only compute wait for nothing: others get their turn between them.
    await asyncio.sleep(0)
    if not block.ends:
        # Whatever it does to the process, what was finished before is not paid for again.
        await turn.journal.settle()
    crashpoint("before_block")
    began = time.monotonic()
    turn.emit(BlockStarted(block.id, block.type, block.title))
    output = await _tried(turn, block)
    # What is in the ways that were not taken is empty, so that ways join without ceremony.
    inside = [one.id for _, way in block.flows() for _, one in walk(way)]
    turn.values = {**dict.fromkeys(inside), **turn.values, block.id: output}
    if block.alike:
        turn.common.add(block.id)
    turn.past.done[place] = {name: turn.values[name] for name in (*inside, block.id)}
    turn.emit(BlockFinished(block.id, block.type, round((time.monotonic() - began) * 1000), output))
    turn.running.pop()


async def _tried(turn: Turn, block: Block) -> dict[str, Any]:
    """What it gives; when it fails by itself, and has another way, that way is gone."""
    if not block.otherwise or block.chooses:
        return await block.run(turn)
    depth = len(turn.running)
    failure = await turn.recall(f"{block.id}.failed.way")
    if failure is None:
        try:
            return {**UNFAILED, **await block.run(turn)}
        except HongyanError as e:
            if len(turn.running) > depth or turn.reply is not None:
                raise  # what failed is inside it, and has its own way or none
            why = e.code or type(e).__name__
            gave = e.gave if isinstance(e, WaitOver) else {}
            failure = {**gave, "failed": True, "error": e.text.to(turn.agent.language), "why": why}
            await turn.decide(f"{block.id}.failed", lambda: failure)
    output = {**dict.fromkeys(block.outputs()), **failure}
    turn.values = {**turn.values, block.id: output}
    await turn.walk(block.otherwise)
    return output


async def _finish(turn: Turn, agent: Agent, start: Start | None) -> None:
    """Walk the whole flow within the turn's time and emit how it ended."""
    with unsent(turn, agent):
        await _ended(turn, agent, start)


async def _ended(turn: Turn, agent: Agent, start: Start | None) -> None:
    turn.answers = turn.past.goes_on
    try:
        if (known := await _known(turn, agent, start)) is not None:
            anew = restarts(turn.message.text, agent.memory)  # then nothing is waited for any more
            turn.emit(Replied(known, 0, aside=not anew, finish=turn.finish))
            return
        async with asyncio.timeout(agent.limits.seconds):
            await meet(turn, known=asks_person(agent, turn.services.prompts))
            with sandbox.together(), turn.carried():
                if not is_decided(turn):
                    await turn.walk(start.flow if start else agent.flow)
                unasked = start is not None or turn.past.is_late
                ended = await passed(turn, answer(turn, may_be_silent=unasked))
        turn.emit(ended)
    except Waiting as waiting:
        turn.emit(await told(turn, waited(turn, waiting)))
    except WaitOver as e:  # nobody took care of it: the person knows why nothing more comes
        turn.emit(Replied(joined(turn, e.text.to(agent.language)), turn.ms()))
    except HongyanError as e:
        block = turn.running[-1] if turn.running else ""
        turn.emit(Failed(e.code or type(e).__name__, located(agent, block, e), block))
    except TimeoutError:
        reason = TOOK_LONGER.fill(seconds=agent.limits.seconds)
        turn.emit(Failed("timeout", reason, turn.running[-1] if turn.running else ""))


async def _known(turn: Turn, agent: Agent, start: Start | None) -> str | None:
    """What is answered without the flow."""
    if (asked := await unagreed(agent, turn.message, turn.kept)) is not None:
        return asked
    if turn.message.unasked:
        return None
    if (stopped := await came(turn)) is not None:
        turn.finish = "content_filter"
        return stopped
    if start is not None and not turn.past.goes_on:
        return None
    done = await commanded(turn)
    # Who is asked something answers that, whatever word is in the answer.
    return known_answer(agent.keywords, turn.message) if done is None and not turn.past.goes_on else done


def _begun(turn: Turn, start: Start | None) -> dict[str, Any]:
    """What the flow of a start sees of what began it."""
    if start is None:
        return {}
    message, due = turn.message, turn.message.data.get("due")
    told = message.data.get("begun") if message.unasked else {**message.data, "value": message.text}
    usual: dict[str, object] = {"due": turn.shown(due) if due else "", "value": "", "body": {}}
    return {
        IN_STARTS: {**usual, "on": start.on, "start": start.id, **(told if isinstance(told, Mapping) else {})}
    }


def _said_to(outer: Turn, name: str) -> str:
    """What the person wrote to an inner agent that waited for it itself; "" when nobody did."""
    waited = f"{outer.path}{name}/" in outer.past.states
    return outer.message.text if waited and not outer.message.unasked else ""


async def _inner(outer: Turn, name: str, agent: Any, text: str, variables: Mapping[str, str]) -> Answered:
    """Let another agent answer, with its own limits within those of the outer turn."""
    around = [outer.agent.id, *outer.around]
    if agent.id in around or len(around) >= DEEPEST:
        raise TurnFailed(TOO_DEEP.fill(name=agent.name), code="too_deep")
    said = _said_to(outer, name)
    turn = outer.inside(
        name,
        agent=agent,
        around=around,
        message=replace(outer.message, text=said or text, wishes={}),
        answers=bool(said) or (outer.answers and text == outer.message.text),
        history=(),
        blocks=[block.id for _, block in walk(agent.flow)],
        writers=frozenset(),
        started=time.monotonic(),
        said=[],
        speak=None,
        stream=False,
        reply=None,
        draft="",
        finish="stop",
        handoff=False,
        doubt=False,
        recalled=None,
        more=False,
    )
    turn.values = opening_values(turn, variables)
    await meet(turn, known=asks_person(agent, turn.services.prompts))
    try:
        async with asyncio.timeout(agent.limits.seconds):
            with turn.carried(), unsent(turn, agent):
                await turn.walk(agent.flow)
    except TimeoutError:
        raise TurnFailed(TOOK_LONGER.fill(seconds=agent.limits.seconds), code="timeout") from None
    except HongyanError as e:
        block = turn.running[-1] if turn.running else ""
        raise TurnFailed(located(agent, block, e), code=e.code or type(e).__name__) from e
    outer.doubt |= turn.doubt
    text = joined(turn, (turn.draft if turn.reply is None else turn.reply).strip())
    if not text:
        raise TurnFailed(NO_ANSWER, code="no_answer")
    return Answered(text, turn.handoff, turn.finish)
