"""A model that says what a test wrote for it, and the services around it."""

import asyncio
import json
from dataclasses import dataclass, field

from runtime.agents.agent import Agent
from runtime.engine import run
from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.message import Message
from runtime.models.completion import Answer, ToolCall
from runtime.templating.prompts import Prompts
from runtime.turn.turn import Services

DOWN = ModelFailed(Text("模型没有回应。", "The model did not answer."), code="down")


def says(text="好的", **more):
    return Answer(text=text, model="script/one", prompt_tokens=10, completion_tokens=5, **more)


def calls(*wanted):
    """An answer that calls tools: ("clock", {...}) pairs; a string is passed as broken JSON."""
    tool_calls = tuple(
        ToolCall(f"call_{i}", name, arguments if isinstance(arguments, str) else json.dumps(arguments))
        for i, (name, arguments) in enumerate(wanted)
    )
    return says("", tool_calls=tool_calls, finish="tool_calls")


@dataclass
class Script:
    """Implements Models. Answers in order, the last one again and again; an exception is raised."""

    answers: list = field(default_factory=lambda: [says()])
    requests: list = field(default_factory=list)
    gate: asyncio.Event | None = None
    """Nothing is answered before it is set."""

    async def complete(self, request, on_text=None, on_reset=None):
        self.requests.append(request)
        if self.gate:
            await self.gate.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if on_text:
            for piece in answer.text:
                on_text(piece)
        return answer


@dataclass
class Slow(Script):
    """…after so many seconds."""

    seconds: float = 0.0

    async def complete(self, request, on_text=None, on_reset=None):
        await asyncio.sleep(self.seconds)
        return await super().complete(request, on_text, on_reset)


class NoHttp:
    async def fetch(self, method, url, **_):
        raise AssertionError(f"nothing should be fetched: {url}")


def services(models=None, folders=(), http=None):
    return Services(models or Script(), Prompts(list(folders)), http or NoHttp())


def agent(*flow, **more):
    return Agent.load({"format": 1, "id": "a", "name": "A", "flow": list(flow), **more})


def wrote(text="你好", **more):
    return Message(**{"id": "m1", "sender": "u1", "text": text, **more})


async def play(agent, message=None, models=None, history=(), folders=(), **more):
    """Run one turn and return its events."""
    return [e async for e in run(agent, message or wrote(), history, services(models, folders), **more)]
