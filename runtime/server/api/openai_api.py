"""OpenAI's chat API, so that any of its clients can talk to an agent: the model is the agent's id.

https://platform.openai.com/docs/api-reference/chat . What a client sends is honoured or refused by its name.
"""

import functools
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.errors import HongyanError, NotFound, Refused
from runtime.lang import Text
from runtime.message import Message
from runtime.server.api.answer_stream import AnswerStream
from runtime.server.api.calls import Call
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.openai_agent import check_agent, check_form
from runtime.server.api.openai_errors import error_body, error_response
from runtime.server.api.openai_files import keep, open_all
from runtime.server.api.openai_request import parse
from runtime.server.api.openai_request import question as question_of
from runtime.server.api.stops import Stops
from runtime.server.api.streams import (
    FILES_SECONDS,
    WITH_FILES,
    Streams,
    Used,
    calls_of,
    event_stream,
    language,
    read_json,
    whole,
)
from runtime.server.door.ways import Way
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey
from runtime.turn.events import STOPPED, Event, Replied

ELSEWHERE = Text(
    "这里没有这个地址，有 /v1/chat/completions、/v1/responses、/v1/embeddings 和 /v1/models。"
    "请把客户端的 base_url 设为「我们的网址/v1」。",
    "There is no such address here, but /v1/chat/completions, /v1/responses, /v1/embeddings and /v1/models. "
    "Set the client's base_url to our address with /v1.",
)
OTHER_METHOD = Text("这个地址不接受 {method}。", "This address does not take {method}.")
METHODS: Mapping[str, str] = {
    "/v1/chat/completions": "POST",
    "/v1/models": "GET",
    "/v1/responses": "POST",
    "/v1/embeddings": "POST",
}
ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Head:
    """What every chunk of one completion repeats."""

    id: str
    created: int
    model: str

    def chunk(self, kind: str, **more: Any) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model, **more}


@dataclass(frozen=True)
class Asked:
    """One completion: what it is to answer, and how it is told."""

    head: Head
    message: Message
    stops: Stops
    with_usage: bool
    lang: str


class OpenAiApi:
    def __init__(self, gateway: Streams, keys: KeyCheck, control: Control, browsers: Browsers) -> None:
        self._gateway = gateway
        self._keys = keys
        self._control = control
        self._browsers = browsers

    def routes(self) -> list[Way]:
        """The last takes what no other does: it comes behind all of OpenAI's."""
        route = self._browsers.route
        return [
            route("/v1/chat/completions", self.complete, ["POST"]),
            route("/v1/models", self.models, ["GET"]),
            route("/v1/models/{model}", self.models, ["GET"]),
            route("/v1/{rest:path}", self.missing, ALL),
            route("/chat/completions", self.missing, ALL),
        ]

    async def models(self, request: Request) -> Response:
        try:
            caller = await self._keys.key(request)
            wanted = request.path_params.get("model")
            if wanted is not None:
                return JSONResponse(self._model(caller.on(wanted, "model")))
            data = [self._model(caller.on(agent)) for agent in caller.agents]
        except HongyanError as e:
            return error_response(e, language(request))
        return JSONResponse({"object": "list", "data": data})

    def _model(self, key: ApiKey) -> dict[str, object]:
        """Raises NotFound when its agent was taken back."""
        created = int(self._keys.publication(key).created_at)
        return {"id": key.agent, "object": "model", "created": created, "owned_by": "hongyan"}

    async def complete(self, request: Request) -> Response:
        lang = language(request)
        try:
            caller = await self._keys.admit(request, self._gateway)
            weigh = functools.partial(self._keys.weigh, caller.key)
            async with self._keys.reading(request, caller.key):
                asked = parse(await read_json(request, weigh, WITH_FILES, FILES_SECONDS))
            key = caller.on(asked.model, "model")
            call = Call(request, key, self._keys, self._gateway)
            said, wishes = question_of(asked)
            agent = self._control.frozen_agent(call.publication.id, call.publication.version)
            check_agent(agent, wishes)
            opened = await open_all(self._gateway, agent, said.brought)
            message = call.message(
                said.text,
                said.context,
                pictures=said.pictures,
                files=[one.file for one in opened],
                history=said.history,
                wishes=wishes,
                who=asked.who(),
            )
            await keep(self._gateway, call.publication.id, message, opened)
            events = call.events(message, pieces=bool(asked.stream))
            head = Head(f"chatcmpl-{secrets.token_hex(12)}", int(time.time()), key.agent)
            with_usage = bool(asked.stream_options and asked.stream_options.include_usage)
            one = Asked(head, message, Stops(asked.stops()), with_usage, lang)
            if asked.stream:
                return event_stream(_lines(events, AnswerStream(agent), one))
            return JSONResponse(await call.unless_gone(_completed(events, one)))
        except HongyanError as e:
            return error_response(e, lang)

    async def missing(self, request: Request) -> Response:
        """A client that was given our address without /v1, or asks for another of OpenAI's APIs."""
        lang = language(request)
        if allowed := METHODS.get(request.url.path):
            wrong = Refused(OTHER_METHOD.fill(method=request.method), code="method")
            response = error_response(wrong, lang)
            response.headers["allow"] = f"{allowed}, OPTIONS"
            return response
        return error_response(NotFound(ELSEWHERE, code="unknown_url"), lang)


async def _completed(events: AsyncIterator[Event | None], one: Asked) -> dict[str, Any]:
    """Raises what the turn ends with."""
    turned = await whole(events)
    check_form(one.message.wishes, turned.text, turned.finish)
    text = one.stops.take(turned.text) + one.stops.rest()
    calls = _calls(turned.calls)
    answer: dict[str, Any] = {"role": "assistant", "content": text or None, "refusal": None}
    answer |= {"tool_calls": calls} if calls else {"content": text}
    finish = _reason(turned.finish, one)
    choice = {"index": 0, "message": answer, "logprobs": None, "finish_reason": finish}
    return one.head.chunk("chat.completion", choices=[choice], usage=_usage(turned.used))


async def _lines(
    events: AsyncIterator[Event | None], answer: AnswerStream, one: Asked
) -> AsyncIterator[bytes]:
    head, stops, used, finish = one.head, one.stops, Used(), "stop"
    yield _delta(head, {"role": "assistant", "content": ""})
    try:
        async for event in events:
            if event is None:
                yield b": still here\n\n"
                continue
            used = used.counted(event)
            if isinstance(event, Replied):
                finish = event.finish
                check_form(one.message.wishes, event.text, finish)
            if text := stops.take(answer.take(event)):
                yield _delta(head, {"content": text})
            for delta in _call_deltas(calls_of(event)):
                yield _delta(head, delta)
    except HongyanError as e:
        yield _data({"error": error_body(e, one.lang)})
        return
    if text := stops.rest():
        yield _delta(head, {"content": text})
    yield _delta(head, {}, _reason(finish, one))
    if one.with_usage:
        yield _data(head.chunk("chat.completion.chunk", choices=[], usage=_usage(used)))
    yield b"data: [DONE]\n\n"


def _reason(finish: str, one: Asked) -> str:
    """As OpenAI's API calls it, which has no word for an answer that somebody stopped."""
    return "stop" if one.stops.found or finish == STOPPED else finish


def _calls(calls: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    return [
        {
            "id": call["id"],
            "type": "function",
            "function": {"name": call["name"], "arguments": call["arguments"]},
        }
        for call in calls
    ]


def _call_deltas(calls: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Each call in two pieces, as clients put them together: its name, and what it is given."""
    found: list[dict[str, Any]] = []
    for index, call in enumerate(_calls(calls)):
        arguments = call["function"]["arguments"]
        named = {**call, "function": {**call["function"], "arguments": ""}}
        found.append({"tool_calls": [{"index": index, **named}]})
        found.append({"tool_calls": [{"index": index, "function": {"arguments": arguments}}]})
    return found


def _delta(head: Head, delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _data(head.chunk("chat.completion.chunk", choices=[choice]))


def _data(chunk: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(chunk) + b"\n\n"


def _usage(used: Used) -> dict[str, Any]:
    return {
        "prompt_tokens": used.prompt,
        "completion_tokens": used.completion,
        "total_tokens": used.prompt + used.completion,
        "prompt_tokens_details": {"cached_tokens": used.cached},
        "completion_tokens_details": {"reasoning_tokens": used.reasoning},
    }
