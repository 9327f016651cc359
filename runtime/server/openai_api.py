"""OpenAI's chat API, so that any of its clients can talk to an agent: the model is the agent's id.

https://platform.openai.com/docs/api-reference/chat . What a client sends besides the fields below is ignored.
"""

import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runtime.errors import HongyanError, Invalid, NotFound, Refused
from runtime.events import Event, ModelUsed, Replied
from runtime.lang import Lang, Text
from runtime.server.answer_stream import AnswerStream
from runtime.server.chat_api import new_message
from runtime.server.key_check import KeyCheck
from runtime.server.openai_request import conversation, parse
from runtime.server.turns import (
    Streams,
    Turned,
    event_stream,
    language,
    read_json,
    status_of,
    whole,
    with_pings,
)
from runtime.store.control import Control
from runtime.store.records import ApiKey

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
    def __init__(self, gateway: Streams, keys: KeyCheck, control: Control) -> None:
        self._gateway = gateway
        self._keys = keys
        self._control = control

    def routes(self) -> list[Route]:
        return [
            Route("/v1/chat/completions", self.complete, methods=["POST"]),
            Route("/v1/models", self.models, methods=["GET"]),
            Route("/v1/models/{model}", self.models, methods=["GET"]),
        ]

    async def models(self, request: Request) -> Response:
        try:
            key = self._keys.key(request)
            created = int(self._keys.publication(key).created_at)
            wanted = request.path_params.get("model")
            if wanted is not None:
                _check_model(wanted, key)
        except HongyanError as e:
            return _error(e, language(request))
        model = {"id": key.agent, "object": "model", "created": created, "owned_by": "hongyan"}
        return JSONResponse(model if wanted else {"object": "list", "data": [model]})

    async def complete(self, request: Request) -> Response:
        try:
            key = self._keys.key(request)
            publication = self._keys.publication(key)
            asked = parse(await read_json(request))
            _check_model(asked.model, key)
            text, history = conversation(asked.messages)
            message = replace(new_message(text, f"api-{secrets.token_hex(12)}"), history=history)
            events = self._gateway.stream(publication.id, message, pieces=asked.stream)
            head = Head(f"chatcmpl-{secrets.token_hex(12)}", int(time.time()), key.agent)
            if asked.stream:
                agent = self._control.frozen_agent(publication.id, publication.version)
                with_usage = bool(asked.stream_options and asked.stream_options.include_usage)
                lines = _lines(events, AnswerStream(agent), head, with_usage, language(request))
                return event_stream(lines)
            turned = await whole(events)
        except HongyanError as e:
            return _error(e, language(request))
        answer = {"role": "assistant", "content": turned.text, "refusal": None}
        choice = {"index": 0, "message": answer, "logprobs": None, "finish_reason": "stop"}
        return JSONResponse(head.chunk("chat.completion", choices=[choice], usage=_usage(turned)))


def _check_model(model: str, key: ApiKey) -> None:
    if model != key.agent:
        raise NotFound(
            Text(f"这个密钥只能用模型「{key.agent}」。", f"This key is for the model {key.agent!r} only."),
            field="model",
            code="model_not_found",
        )


async def _lines(
    events: AsyncIterator[Event], answer: AnswerStream, head: Head, with_usage: bool, lang: Lang
) -> AsyncIterator[bytes]:
    used = Turned("")
    yield _delta(head, {"role": "assistant", "content": ""})
    try:
        async for event in with_pings(events):
            if event is None:
                yield b": still here\n\n"
                continue
            if isinstance(event, ModelUsed):
                used = replace(
                    used,
                    prompt_tokens=used.prompt_tokens + event.prompt_tokens,
                    completion_tokens=used.completion_tokens + event.completion_tokens,
                )
            if text := answer.take(event):
                yield _delta(head, {"content": text})
            if isinstance(event, Replied):
                break
    except HongyanError as e:
        yield _data({"error": _body(e, lang)})
        return
    yield _delta(head, {}, "stop")
    if with_usage:
        yield _data(head.chunk("chat.completion.chunk", choices=[], usage=_usage(used)))
    yield b"data: [DONE]\n\n"


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


def _error(error: HongyanError, lang: Lang) -> Response:
    return JSONResponse({"error": _body(error, lang)}, status_of(error))


def _body(error: HongyanError, lang: Lang) -> dict[str, str | None]:
    fallback = "invalid_request_error" if isinstance(error, Invalid | Refused) else "api_error"
    return {
        "message": error.text.to(lang),
        "type": KINDS.get(status_of(error), fallback),
        "param": error.field or None,
        "code": CODES.get(error.code, error.code) or None,
    }
