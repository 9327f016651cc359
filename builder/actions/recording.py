"""What an agent answers to each line of a conversation, once and really, to be rehearsed."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from builder.actions import pair
from builder.actions.counting import count
from builder.actions.stage import Recorded
from builder.actions.transcript import AWAITED
from builder.studio import Studio
from runtime.agents.agent import Agent
from runtime.errors import Invalid
from runtime.lang import Text, stored
from runtime.message import Message
from runtime.trying.playing import SENDER, Played
from runtime.trying.talk import Talk
from runtime.turn.events import Event, Failed, ModelUsed, Paid, Replied, Waited
from runtime.working import tell

Json = dict[str, Any]


NO_STARTS = Text(
    "演练从用户写来的话开始，不演「/start」；开始请在试聊的「开始」里试。",
    "A rehearsal is of what a person writes: try beginnings under Starts in the playground.",
)
TEXTS = ("failure", "played", "waits")
AWAITS = Text("{what}：{about}", "{what}: {about}")


async def record(
    studio: Studio, agent: Agent, lines: Sequence[str], variables: Mapping[str, str], by: str = ""
) -> list[Recorded]:
    """As in the playground, with nothing known of the person before. `by`: the user in whose day it counts.

    Raises Invalid, ModelFailed.
    """
    talk, turns = Talk(agent, studio.services, variables), list[Recorded]()
    for n, line in enumerate(lines):
        tell(n, len(lines))
        id = f"rehearsal-{time.time_ns()}"
        chat = talk.hears(Message(id=id, sender=SENDER, text=line, at=time.time()))
        if chat.played and chat.played.start:
            raise Invalid(NO_STARTS, field="text")
        async with studio.trying(by):
            events = await talk.answered(chat)
            await count(studio, agent, [one for one in events if isinstance(one, Paid)], by, messages=1)
        wrote = any(isinstance(one, ModelUsed) for one in events)
        turns.append(replace(_recorded(line, chat.played, events[-1]), wrote=wrote))
    return turns


def _recorded(line: str, played: Played | None, last: Event) -> Recorded:
    found = Recorded(line=line, played=played.words if played else None)
    if played and played.came:
        found = replace(found, is_late=played.came.kind in ("late", "time"))
    if isinstance(last, Failed):
        return replace(found, failure=last.reason)
    assert isinstance(last, Replied)
    if isinstance(last, Waited):
        waits = AWAITS.fill(what=AWAITED[last.wait], about=last.what)
        return replace(found, text=last.text, waits=waits, until=max(0.0, (last.until or 0.0) - time.time()))
    return replace(found, text=last.text)


def to_json(turns: Sequence[Recorded]) -> Json:
    """As the page keeps it, so that nothing is asked again. `failure`: the first."""
    failure = next((one.failure for one in turns if one.failure), None)
    return {
        "turns": [_kept(one) for one in turns],
        "failure": failure and pair(failure),
        "text": turns[-1].text,
    }


def from_json(answer: Json) -> list[Recorded]:
    return [
        Recorded(**{**one, **{name: stored(one[name]) if one[name] else None for name in TEXTS}})
        for one in answer["turns"]
    ]


def _kept(turn: Recorded) -> Json:
    values = vars(turn)
    return values | {name: pair(values[name]) if values[name] else None for name in TEXTS}
