"""How a turn begins and ends: what came, and what the person is answered, as the checks let it pass."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runtime.errors import TurnFailed
from runtime.lang import Text, as_it_is
from runtime.turn.beside_text import files_of, put_there, said_in
from runtime.turn.events import Event, Failed, Replied, Waited
from runtime.turn.guarding import ASKED, Guard
from runtime.turn.turn import Turn
from runtime.turn.waiting import LONGEST, Wait, Waiting, hashed

NO_ANSWER = Text(
    "流程走完了，但没有任何回复。请加一个「回复」或「大模型」积木。",
    "The flow ended without an answer. Add a reply or model block.",
)

ASKS = "safety.ask"
"""The step at which a person is asked about an answer…"""
HELD = "safety.held"
"""…and that which holds it meanwhile."""
WHAT = Text("发出这条回答：{text}", "Send this answer: {text}")
SHOWN = 1000
"""Characters of it that who decides is shown."""


async def came(turn: Turn) -> str | None:
    """What the person is told whose message is stopped; None: it goes on, perhaps with less in it."""
    guard, message = turn.guard, turn.message
    if guard is None or not (message.text or message.data):
        return None
    outcome = await guard.judge("in", message.text)
    if outcome.action or guard.across(turn.history, message):
        return guard.says
    data = dict(message.data)
    for place, said in said_in(data):
        one = await guard.judge("in", said)
        if one.action:
            return guard.says
        data = put_there(data, place, one.text)
    if await _stopped_files(guard, data):
        return guard.says
    if outcome.text != message.text or data != message.data:
        turn.message = replace(message, text=outcome.text, data=data)
        turn.past.written = outcome.text
        turn.values = {**turn.values, "message": turn.message.view()}
    return None


async def _stopped_files(guard: Guard, data: Mapping[str, Any]) -> bool:
    """Whether one of what came along may not go on. Side by side, since each takes seconds."""
    files = [one for one in files_of(data) if one.get("hash")]
    return any(await asyncio.gather(*(guard.stops("in", one) for one in files)))


def is_decided(turn: Turn) -> bool:
    """The flow came to its end before a person was asked whether its answer may go out."""
    return turn.past.steps.get(HELD) is not None


async def passed(turn: Turn, ended: Event) -> Event:
    """The end as it may go out. Raises Waiting where a person is asked, WaitOver when nobody decided."""
    held: dict[str, Any] | None = turn.past.steps.get(HELD)
    if turn.guard is None or (held is None and not isinstance(ended, Replied)):
        return ended
    if held is None:
        assert isinstance(ended, Replied)
        outcome = await turn.guard.judge("out", ended.text)
        if outcome.action != "ask":
            return _refused(ended, turn.guard) if outcome.action else replace(ended, text=outcome.text)
        names = ("text", "handoff", "doubt", "finish", "spoken")
        held = {name: getattr(ended, name) for name in names}
        turn.fresh[HELD] = held
    what = WHAT.fill(text=as_it_is(" ".join(held["text"].split())[:SHOWN]))
    decision = await turn.wait(ASKS, Wait("decision", ASKED.to(turn.agent.language), what))
    kept = Replied(ms=turn.ms(), **held)
    return kept if decision.data.get("yes") is True else _refused(kept, turn.guard)


def _refused(ended: Replied, guard: Guard) -> Replied:
    return replace(ended, text=guard.says, finish="content_filter")


async def told(turn: Turn, ended: Event) -> Event:
    """What the person is told while something is waited for, as it may go out."""
    if turn.guard is None or not isinstance(ended, Replied) or not ended.text:
        return ended
    return replace(ended, text=await turn.guard.told(ended.text))


def answer(turn: Turn, *, may_be_silent: bool) -> Event:
    text = (turn.draft if turn.reply is None else turn.reply).strip()
    if not text and not may_be_silent and not turn.said and not turn.spoken:
        return Failed("no_answer", NO_ANSWER)
    ends = (turn.handoff, turn.doubt, turn.finish)
    return Replied(joined(turn, text), turn.ms(), *ends, spoken="\n\n".join(turn.spoken))


def waited(turn: Turn, waiting: Waiting) -> Event:
    """The turn's end, with what the next one brings along."""
    wait = waiting.wait
    most = turn.now().timestamp() + LONGEST
    past = replace(turn.past, steps={**turn.past.steps, **turn.fresh})
    try:
        carried = past.to_json()
    except TurnFailed as e:
        return Failed(e.code, e.text, waiting.block)
    return Waited(
        joined(turn, wait.says.strip()),
        turn.ms(),
        doubt=turn.doubt,
        spoken="\n\n".join(turn.spoken),
        block=waiting.block,
        wait=wait.kind,
        what=wait.what,
        until=min(wait.until or most, most),
        step=waiting.step,
        token=hashed(wait.token),
        data={**wait.data, "says": wait.says} if wait.kind == "message" else wait.data,
        carried=carried,
    )


def joined(turn: Turn, text: str) -> str:
    """Behind what was said in the middle and could not be sent by itself."""
    return "\n\n".join(part for part in (*turn.said, text) if part)
