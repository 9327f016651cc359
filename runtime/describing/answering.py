"""One turn of describing: the describer, an agent of ours, runs in the same engine as every other."""

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

from runtime import engine
from runtime.agents.agent import Agent
from runtime.agents.pasted_keys import withheld
from runtime.agents.strict_json import parse
from runtime.describing.by_rules import ByRules
from runtime.describing.lent import tools_for
from runtime.describing.room import Room
from runtime.describing.shown import kinds_of_blocks, kinds_of_edits, outline
from runtime.errors import Invalid
from runtime.lang import Text
from runtime.message import Exchange, Message
from runtime.person import Person
from runtime.templating.prompts import Prompts
from runtime.trying.memory import Tried
from runtime.turn.events import Event

FOLDER = Path(__file__).parents[2] / "templates" / "describer"
OWNER = "owner"
LONGEST = 8000
"""Characters of what the owner writes."""
WITHHELD = Text("[密钥已隐去]", "[key withheld]")
TOO_LONG = Text(
    "写得太长了，最多 {longest} 个字；资料请放进资料库。",
    "That is too long: {longest} characters at most. Longer material belongs into a knowledge base.",
)
SAY_SOMETHING = Text("请写下它要做什么。", "Write what it should do.")


def describer(lang: str, model: str = "") -> Agent:
    """The agent that describes. `model`: that it asks instead of the usual one."""
    data: dict[str, Any] = parse((FOLDER / f"describer.{'zh' if lang == 'zh' else 'en'}.json").read_bytes())
    if model:
        data["flow"][0]["model"] = model
    return Agent.load(data)


def heard_as(text: str, lang: str) -> str:
    """What the owner wrote, as it is kept and sent on: no key is in it. Raises Invalid."""
    if not text.strip():
        raise Invalid(SAY_SOMETHING, field="text")
    if len(text) > LONGEST:
        raise Invalid(TOO_LONG.fill(longest=LONGEST), field="text")
    return withheld(text.strip(), WITHHELD.to(lang))


async def answered(
    room: Room, text: str, said: Sequence[Exchange], *, is_demo: Callable[[], bool], model: str = ""
) -> AsyncGenerator[Event]:
    """What happens; the last is Replied or Failed. Closing it stops the turn. `text`: see heard_as."""
    agent = describer(room.lang, model)
    room.asked = None
    services = replace(
        room.ground.services,
        models=ByRules(room.ground.services.models, room, lambda: not model and is_demo()),
        prompts=Prompts([FOLDER]),
        lent=tools_for(room),
        answers=None,
    )
    message = Message(f"describe-{time.time_ns()}", OWNER, text, at=time.time())
    values = {
        "agent_now": outline(room.proposals.now),
        "edits": kinds_of_edits(),
        "kinds": kinds_of_blocks(room.lang),
    }
    kept = Tried(who=Person(OWNER, OWNER))
    run = engine.run(agent, message, said, services, variables=values, kept=kept, stream=True)
    async with aclosing(run) as events:  # type: ignore[type-var] # it is an async generator
        async for event in events:
            yield event
