"""OpenAI's chat API, so that any of its clients can talk to an agent: the model is the agent's id.

https://platform.openai.com/docs/api-reference/chat . What a client sends is honoured or refused by its name.
"""

import functools
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.errors import HongyanError, NotFound
from runtime.lang import Text
from runtime.server.api.answer_stream import AnswerStream
from runtime.server.api.api_errors import is_the_requests, refusal, sentence_of
from runtime.server.api.calls import Call
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.openai_request import parse
from runtime.server.api.openai_request import question as question_of
from runtime.server.api.stops import Stops
from runtime.server.api.streams import Streams, Turned, event_stream, language, read_json, whole
from runtime.server.door.ways import Way
from runtime.server.statuses import status_of
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey
from runtime.turn.events import Event, ModelUsed, Replied

ELSEWHERE = Text(
    "这里只有 /v1/chat/completions 和 /v1/models。请把客户端的 base_url 设为「我们的网址/v1」。",
    "There are only /v1/chat/completions and /v1/models. Set the client's base_url to our address with /v1.",
)
KINDS = {401: "authentication_error", 404: "invalid_request_error", 429: "rate_limit_error", 502: "api_error"}
CODES = {"no_key": "invalid_api_key", "bad_key": "invalid_api_key", "too_often": "rate_limit_exceeded"}


@dataclass(frozen=True)
class Head:
    """What every chunk of one completion repeats."""

    id: str
    created: int
    model: str

    def chunk(self, kind: str, **more: Any) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model, **more}


class OpenAiApi:
    def __init__(self, gateway: Streams, keys: KeyCheck, control: Control, browsers: Browsers) -> None:
        self._gateway = gateway
        self._keys = keys
        self._control = control
        self._browsers = browsers

    def routes(self) -> list[Way]:
        route = self._browsers.route
        return [
            route("/v1/chat/completions", self.complete, ["POST"]),
            route("/v1/models", self.models, ["GET"]),
            route("/v1/models/{model}", self.models, ["GET"]),
            route("/v1/{rest:path}", self.missing, ["GET", "POST"]),
            route("/chat/completions", self.missing, ["GET", "POST"]),
        ]

    async def models(self, request: Request) -> Response:
        try:
            caller = await self._keys.key(request)
            wanted = request.path_params.get("model")
            if wanted is not None:
                return JSONResponse(self._model(caller.on(wanted, "model")))
            data = [self._model(caller.on(agent)) for agent in caller.agents]
        except HongyanError as e:
            return _error(e, language(request))
        return JSONResponse({"object": "list", "data": data})

    def _model(self, key: ApiKey) -> dict[str, object]:
        """Raises NotFound when its agent was taken back."""
        created = int(self._keys.publication(key).created_at)
        return {"id": key.agent, "object": "model", "created": created, "owned_by": "hongyan"}

    async def complete(self, request: Request) -> Response:
        lang = language(request)
        try:
            caller = await self._keys.admit(request, self._gateway)
            asked = parse(await read_json(request, functools.partial(self._keys.weigh, caller.key)))
            key = caller.on(asked.model, "model")
            call = Call(request, key, self._keys, self._gateway)
            question = question_of(asked)
            message = call.message(
                question.text,
                picture=question.picture,
                history=question.history,
                wishes=question.wishes,
                who=asked.who(),
            )
            events = call.events(message, pieces=bool(asked.stream))
            head = Head(f"chatcmpl-{secrets.token_hex(12)}", int(time.time()), key.agent)
            stops = Stops(asked.stops())
            if asked.stream:
                agent = self._control.frozen_agent(call.publication.id, call.publication.version)
                with_usage = bool(asked.stream_options and asked.stream_options.include_usage)
                return event_stream(_lines(events, AnswerStream(agent), stops, head, with_usage, lang))
            turned = await call.unless_gone(whole(events))
        except HongyanError as e:
            return _error(e, lang)
        text = stops.take(turned.text) + stops.rest()
        finish = "stop" if stops.found else turned.finish
        answer = {"role": "assistant", "content": text, "refusal": None}
        choice = {"index": 0, "message": answer, "logprobs": None, "finish_reason": finish}
        return JSONResponse(head.chunk("chat.completion", choices=[choice], usage=_usage(turned)))

    async def missing(self, request: Request) -> Response:
        """A client that was given our address without /v1, or asks for another of OpenAI's APIs."""
        return _error(NotFound(ELSEWHERE, code="unknown_url"), language(request))


async def _lines(
    events: AsyncIterator[Event | None],
    answer: AnswerStream,
    stops: Stops,
    head: Head,
    with_usage: bool,
    lang: str,
) -> AsyncIterator[bytes]:
    used = Turned("")
    yield _delta(head, {"role": "assistant", "content": ""})
    try:
        async for event in events:
            if event is None:
                yield b": still here\n\n"
                continue
            used = _counted(used, event)
            if text := stops.take(answer.take(event)):
                yield _delta(head, {"content": text})
    except HongyanError as e:
        yield _data({"error": _body(e, lang)})
        return
    if text := stops.rest():
        yield _delta(head, {"content": text})
    yield _delta(head, {}, "stop" if stops.found else used.finish)
    if with_usage:
        yield _data(head.chunk("chat.completion.chunk", choices=[], usage=_usage(used)))
    yield b"data: [DONE]\n\n"


def _counted(used: Turned, event: Event) -> Turned:
    if isinstance(event, ModelUsed):
        return replace(
            used,
            prompt_tokens=used.prompt_tokens + event.prompt_tokens,
            completion_tokens=used.completion_tokens + event.completion_tokens,
        )
    return replace(used, finish=event.finish) if isinstance(event, Replied) else used


def _delta(head: Head, delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _data(head.chunk("chat.completion.chunk", choices=[choice]))


def _data(chunk: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(chunk) + b"\n\n"


def _usage(turned: Turned) -> dict[str, int]:
    return {
        "prompt_tokens": turned.prompt_tokens,
        "completion_tokens": turned.completion_tokens,
        "total_tokens": turned.prompt_tokens + turned.completion_tokens,
    }


def _error(error: HongyanError, lang: str) -> Response:
    return refusal(error, _body(error, lang))


def _body(error: HongyanError, lang: str) -> dict[str, str | None]:
    return {
        "message": sentence_of(error).to(lang),
        "type": KINDS.get(
            status_of(error), "invalid_request_error" if is_the_requests(error) else "api_error"
        ),
        "param": error.field or None,
        "code": CODES.get(error.code, error.code) or None,
    }
