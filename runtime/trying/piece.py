"""A piece of a flow, tried with what earlier blocks gave."""

import json
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from runtime import engine
from runtime.agents.agent import Agent
from runtime.errors import Invalid
from runtime.lang import Text
from runtime.message import Message
from runtime.trying.playing import SENDER
from runtime.turn.events import Event, Failed
from runtime.turn.turn import Services
from runtime.turn.waiting import Past

LARGEST = 1_000_000
"""Characters of the values that it is given, as JSON."""
NO_VALUES = Text(
    "给它的值应是一个 JSON 对象，不要太大。", "The values should be a JSON object that is not too large."
)
NO_ANSWER = "no_answer"


async def tried(
    agent: Agent, services: Services, text: str, values: Mapping[str, Any], *, alone: bool
) -> AsyncIterator[Event]:
    """What happens, as in a turn in which `text` was written and earlier blocks gave `values`. `alone`: that
    nothing answers is no failure. Raises Invalid for values that are too large."""
    if not isinstance(values, dict) or len(json.dumps(values)) > LARGEST:
        raise Invalid(NO_VALUES, field="values")
    message = Message(f"piece-{time.time_ns()}", SENDER, text, at=time.time())
    async for event in engine.run(agent, message, (), services, past=Past(given=values)):
        if not (alone and isinstance(event, Failed) and event.code == NO_ANSWER):
            yield event
