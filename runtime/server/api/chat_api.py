"""Our own API: POST /agent/chat, whole or as a stream of the growing answer.

    {"input": "你好", "context_id": "…", "stream": false}  →  {"reply": "…", "new_context": "…"}

`agent` says which one, where the key is for several.
`user` is optional: {"id": "u-1", "name": "…", "language": "zh"}; templates and tools see it as `person`, and
what the agent keeps of each person is kept of that id, in whatever conversation.
An answer to choose from also has `choices`, a list of {"text", "value"}: to choose, send a value as input.
Send `new_context` as the next `context_id` to go on with the conversation. With the same Idempotency-Key
the same request is run once, and whoever sends it again gets the same answer. Who hangs up without one
ends the turn.
"""

import functools
import secrets
from collections.abc import AsyncIterator

import orjson
from pydantic import Field, StrictBool, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.choices import read
from runtime.errors import HongyanError, Invalid
from runtime.schema import Strict, first_problem
from runtime.server.api.answer_stream import AnswerStream
from runtime.server.api.api_errors import refusal, sentence_of
from runtime.server.api.calls import Call
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.streams import Streams, event_stream, language, read_json, whole
from runtime.server.door.ways import Way
from runtime.store.control.control import Control
from runtime.turn.events import Event, Replied, Waited

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
    user: User | None = None
    agent: str | None = Field(default="", max_length=100)
    """Where the key is for several."""


class ChatApi:
    def __init__(self, gateway: Streams, keys: KeyCheck, control: Control, browsers: Browsers) -> None:
        self._gateway = gateway
        self._keys = keys
        self._control = control
        self._browsers = browsers

    def routes(self) -> list[Way]:
        return [self._browsers.route("/agent/chat", self.chat, ["POST"])]

    async def chat(self, request: Request) -> Response:
        lang = language(request)
        try:
            caller = await self._keys.admit(request, self._gateway)
            asked = parse(await read_json(request, functools.partial(self._keys.weigh, caller.key)))
            call = Call(request, caller.on(asked.agent or ""), self._keys, self._gateway)
            context = asked.context_id or secrets.token_urlsafe(16)
            message = call.message(asked.input, context, who=who_of(asked.user))
            streams = asked.stream or "text/event-stream" in request.headers.get("accept", "")
            events = call.events(message, pieces=bool(streams))
            if streams:
                answer = AnswerStream(
                    self._control.frozen_agent(call.publication.id, call.publication.version)
                )
                return event_stream(_lines(events, answer, context, lang))
            turned = await call.unless_gone(whole(events))
        except HongyanError as e:
            return refusal(e, error_body(e, lang))
        return JSONResponse(answered(turned.text, context, turned.waiting))


def parse(data: dict[str, object]) -> ChatRequest:
    """Raises Invalid with the first thing that is wrong."""
    try:
        return ChatRequest.model_validate(data)
    except ValidationError as e:
        problem = first_problem(e)
        raise Invalid(problem.sentence(), field=problem.field, code="invalid") from None


def who_of(user: User | None) -> dict[str, str]:
    return {name: value for name, value in vars(user).items() if value} if user else {}


def answered(reply: str, context: str, waiting: Event | None = None) -> dict[str, object]:
    """What an answer comes to; `choices` only where there is something to choose from, `waiting` only where
    the flow goes on later: with the next message of this context when it is `for` a message.
    """
    text, choices = read(reply)
    offered = {"choices": [vars(choice) for choice in choices]} if choices else {}
    waits: dict[str, object] = {}
    if isinstance(waiting, Waited):
        told = {"for": waiting.wait, "what": waiting.what.by_language(), "until": waiting.until}
        waits = {"waiting": told}
    return {"reply": text, "new_context": context, **offered, **waits}


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
                yield sse("done", answered(event.text, context, event))
    except HongyanError as e:
        yield sse("error", error_body(e, lang))


def sse(event: str, data: object) -> bytes:
    return f"event: {event}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"
