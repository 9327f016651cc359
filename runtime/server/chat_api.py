"""Our own API: POST /agent/chat, whole or as a stream of everything that happens.

    {"input": "你好", "context_id": "…", "stream": false}  →  {"reply": "…", "new_context": "…"}

Send `new_context` as the next `context_id` to go on with the conversation.
"""

import secrets
import time
from collections.abc import AsyncIterator

import orjson
from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runtime.errors import HongyanError, Invalid, TurnFailed
from runtime.events import Event, Failed, Replied
from runtime.lang import Lang, Text
from runtime.message import Message
from runtime.schema import Strict, first_problem
from runtime.server.key_check import KeyCheck
from runtime.server.turns import Streams, event_stream, language, read_json, status_of, whole, with_pings

MAX_INPUT = 20_000


class ChatRequest(Strict):
    """What a client sends."""

    input: str = Field(min_length=1, max_length=MAX_INPUT)
    context_id: str = Field(default="", max_length=128, pattern=r"^[\w.:@-]*$")
    stream: bool = False


class ChatApi:
    def __init__(self, gateway: Streams, keys: KeyCheck) -> None:
        self._gateway = gateway
        self._keys = keys

    def routes(self) -> list[Route]:
        return [Route("/agent/chat", self.chat, methods=["POST"])]

    async def chat(self, request: Request) -> Response:
        lang = language(request)
        try:
            publication = self._keys.publication(self._keys.key(request))
            asked = parse(await read_json(request))
            message = new_message(asked.input, asked.context_id or secrets.token_urlsafe(16))
            streams = asked.stream or "text/event-stream" in request.headers.get("accept", "")
            events = self._gateway.stream(publication.id, message, pieces=streams)
            if streams:
                return event_stream(_lines(events, message.sender, lang))
            turned = await whole(events)
        except HongyanError as e:
            return JSONResponse({"error": error_body(e, lang)}, status_of(e))
        return JSONResponse({"reply": turned.text, "new_context": message.sender})


def parse(data: dict[str, object]) -> ChatRequest:
    """Raises Invalid with the first thing that is wrong."""
    try:
        return ChatRequest.model_validate(data)
    except ValidationError as e:
        problem = first_problem(e)
        text = Text(f"{problem.field}：{problem.text.zh}。", f"{problem.field}: {problem.text.en}.")
        raise Invalid(text, field=problem.field, code="invalid") from None


def new_message(text: str, sender: str) -> Message:
    return Message(id=secrets.token_hex(16), sender=sender, text=text, at=time.time())


def error_body(error: HongyanError, lang: Lang) -> dict[str, str]:
    return {"code": error.code or type(error).__name__.lower(), "message": error.text.to(lang)}


async def _lines(events: AsyncIterator[Event], context: str, lang: Lang) -> AsyncIterator[bytes]:
    """Each event as it is; at the end `done` with the reply, or `error`."""
    try:
        async for event in with_pings(events):
            if event is None:
                yield b": still here\n\n"
                continue
            yield sse(event.type, event.to_json())
            if isinstance(event, Replied):
                yield sse("done", {"reply": event.text, "new_context": context})
            elif isinstance(event, Failed):
                raise TurnFailed(event.reason, code=event.code)
    except HongyanError as e:
        yield sse("error", error_body(e, lang))


def sse(event: str, data: object) -> bytes:
    return f"event: {event}\ndata: ".encode() + orjson.dumps(data, default=_plain) + b"\n\n"


def _plain(value: object) -> object:
    if isinstance(value, Text):
        return value._asdict()
    raise TypeError(f"{type(value).__name__} is not JSON")
