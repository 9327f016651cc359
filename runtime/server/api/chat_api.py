"""Our own API: POST /agent/chat, whole or as a stream of the growing answer.

    {"input": "你好", "context_id": "…", "stream": false}  →  {"reply": "…", "new_context": "…"}

`agent` says which one, where the key is for several.
`user` is optional: {"id": "u-1", "name": "…", "language": "zh"}; templates and tools see it as `person`, and
what the agent keeps of each person is kept of that id, in whatever conversation.
An answer to choose from also has `choices`, a list of {"text", "value"}: to choose, send a value as input.
With `"background": true` the answer is {"id", "events"} as soon as it is stored: see events_api.
Send `new_context` as the next `context_id` to go on with the conversation. With the same Idempotency-Key
the same request is run once, and whoever sends it again gets the same answer. Who hangs up without one
ends the turn.
"""

import functools
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import orjson
from pydantic import Field, StrictBool
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from runtime.agents.agent import Agent
from runtime.choices import read
from runtime.errors import HongyanError
from runtime.message import Message
from runtime.schema import Strict, as_model
from runtime.server.api import what_waits
from runtime.server.api.answer_stream import AnswerStream
from runtime.server.api.api_errors import refusal, sentence_of
from runtime.server.api.calls import Asking, Call
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.streams import Streams, event_stream, language, read_json, taken, whole
from runtime.server.door.ways import Way
from runtime.store.control.control import Control
from runtime.turn.events import STOPPED, Event, Replied, Waited

MAX_INPUT = 20_000


class User(Strict):
    """Who asks, as the calling program knows them."""

    id: str = Field("", max_length=128, pattern=r"^[\w.:@-]*$")
    name: str = Field("", max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")
    language: str = Field("", max_length=16, pattern=r"^[A-Za-z_-]*$")


class ChatRequest(Strict):
    """What a client sends."""

    input: str = Field(min_length=1, max_length=MAX_INPUT)
    context_id: str | None = Field(default="", max_length=128, pattern=r"^[\w.:@-]*$")
    stream: StrictBool | None = False
    background: StrictBool | None = False
    """Answered as soon as it is stored, with where the answer can be followed."""
    user: User | None = None
    agent: str | None = Field(default="", max_length=100)
    """Where the key is for several."""


@dataclass(frozen=True)
class Asked:
    """A message, as it came in a request. `agent`: it, or its JSON as it was published; `context`: by what a
    program goes on with the conversation."""

    call: Asking
    message: Message
    agent: Agent | Mapping[str, Any]
    streams: bool
    context: str = ""
    background: bool = False


class Talks(Protocol):
    """People of pages and apps of ours, see server/people."""

    def comes(self, request: HTTPConnection) -> bool:
        """Whether one of them does, and no program with a key."""
        ...

    async def asked(self, request: Request) -> Asked:
        """Raises HongyanError."""
        ...


class ChatApi:
    def __init__(
        self, gateway: Streams, keys: KeyCheck, control: Control, browsers: Browsers, people: Talks
    ) -> None:
        """`people`: for whoever comes with a token of a page or an app of ours."""
        self._gateway, self._people = gateway, people
        self._keys = keys
        self._control = control
        self._browsers = browsers

    def routes(self) -> list[Way]:
        return [self._browsers.route("/agent/chat", self.chat, ["POST"])]

    async def chat(self, request: Request) -> Response:
        lang = language(request)
        try:
            comes = self._people.comes(request)
            asked = await (self._people.asked(request) if comes else self._by_key(request))
            streams = asked.streams or "text/event-stream" in request.headers.get("accept", "")
            if asked.background:
                return await _taken(asked)
            events = asked.call.events(asked.message, pieces=streams)
            if streams:
                answer = AnswerStream(asked.agent)
                return event_stream(_lines(events, answer, asked.context, lang))
            turned = await asked.call.unless_gone(whole(events))
        except HongyanError as e:
            return refusal(e, error_body(e, lang))
        return JSONResponse(answered(turned.text, asked.context, turned.waiting, turned.finish))

    async def _by_key(self, request: Request) -> Asked:
        """Raises HongyanError."""
        caller = await self._keys.admit(request, self._gateway)
        self._browsers.refuse_others(request)
        weigh = functools.partial(self._keys.weigh, caller.key)
        asked = as_model(ChatRequest, await read_json(request, weigh))
        call = Call(request, caller.on(asked.agent or ""), self._keys, self._gateway)
        if asked.background:
            call.name()
        context = asked.context_id or secrets.token_urlsafe(16)
        message = call.message(asked.input, context, who=who_of(asked.user))
        agent = self._control.frozen_agent(call.publication.id, call.publication.version)
        return Asked(call, message, agent, bool(asked.stream), context, bool(asked.background))


async def _taken(asked: Asked) -> Response:
    """It is stored, or answered already: where what becomes of it is told. Raises HongyanError."""
    await taken(asked.call.events(asked.message, pieces=True, alone=False))
    place = f"/agent/messages/{quote(asked.call.repeat, safe='')}/events"
    told = {"id": asked.call.repeat, "events": place}
    if asked.context:
        told |= {
            "new_context": asked.context,
            "events": f"{place}?{urlencode({'context_id': asked.context})}",
        }
    return JSONResponse(told, 202)


def who_of(user: User | None) -> dict[str, str]:
    return {name: value for name, value in vars(user).items() if value} if user else {}


def answered(
    reply: str, context: str, waiting: Event | None = None, finish: str = "stop"
) -> dict[str, object]:
    """What an answer comes to; `context` for programs; `choices` only where there is something to choose
    from, `waiting` only where the flow goes on later: with the next message when it is `for` a message,
    `stopped` where its person wanted no more of it.
    """
    text, choices = read(reply)
    offered = {"choices": [vars(choice) for choice in choices]} if choices else {}
    waits: dict[str, object] = {}
    if isinstance(waiting, Waited):
        waits = {"waiting": what_waits.told(waiting.wait, waiting.what, waiting.until)}
    goes_on = {"new_context": context} if context else {}
    stopped = {"stopped": True} if finish == STOPPED else {}
    return {"reply": text, **goes_on, **offered, **waits, **stopped}


def error_body(error: HongyanError, lang: str) -> dict[str, str | None]:
    return {"code": error.code or type(error).__name__.lower(), "message": sentence_of(error).to(lang)}


async def _lines(
    events: AsyncIterator[Event | None], answer: AnswerStream, context: str, lang: str
) -> AsyncIterator[bytes]:
    """Pieces of the answer, and nothing of what tools and other blocks said; at the end `done` or `error`."""
    try:
        async for event in events:
            if event is None:
                yield b": still here\n\n"
                continue
            if text := answer.take(event):
                yield sse("text_delta", {"text": text})
            if isinstance(event, Replied):
                yield sse("done", answered(event.text, context, event, event.finish))
    except HongyanError as e:
        yield sse("error", error_body(e, lang))


def sse(event: str, data: object) -> bytes:
    return f"event: {event}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"
