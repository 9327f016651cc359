"""A2A: other agents ask this one, POST /a2a/{agent} in JSON-RPC, opened by the agent's API key.

https://a2a-protocol.org/v0.3.0/specification/ and /v1.0.0/specification/ . A task is a turn: its id tells the
conversation (contextId) and the message. One that asks back is over; a message of the same context goes on.
"""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.errors import HongyanError, NotFound
from runtime.lang import Text
from runtime.message import Message
from runtime.server.api.a2a_card import card, new_card
from runtime.server.api.a2a_told import Telling, id_of, stored, task_of, told, turned
from runtime.server.api.a2a_wire import Verb, Wire, content, returns_at_once, said, wire_of
from runtime.server.api.a2a_wrong import (
    INVALID_REQUEST,
    NO_METHOD,
    NO_PUSH,
    NO_TASK,
    NO_VERSION,
    NOT_CANCELABLE,
    UNSUPPORTED,
    RpcError,
    error,
)
from runtime.server.api.answer_stream import answering
from runtime.server.api.api_errors import headers_of, sentence_of
from runtime.server.api.calls import Call, message_id
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck, sender_of
from runtime.server.api.streams import Streams, event_stream, is_over, language, read_json, with_pings
from runtime.server.door.ways import Way
from runtime.server.statuses import status_of
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey, Publication
from runtime.store.messages.one_answer import OneAnswer
from runtime.turn.events import Event, Stored

VERSIONS = ("", "0.3", "0.3.0", "1.0", "1.0.0", "1")
NO_CALL = Text(
    "应是一个 JSON-RPC 2.0 请求，带 method 和 id。",
    "This should be one JSON-RPC 2.0 request with a method and an id.",
)
NO_SUCH_TASK = Text(
    "没有「{id}」这个任务：写错了、已经删除，或过了保存期。",
    "There is no task {id!r}: it is mistyped, deleted, or was kept long enough.",
)
IS_OVER = Text(
    "任务「{id}」已经结束，请不带 taskId、用同一个 contextId 接着说。",
    "The task {id!r} is over; go on with its contextId and without a taskId.",
)
CANNOT = Text("这里没有「{method}」。", "There is no {method!r} here.")
NO_CARD = Text("这里没有公开的名片。", "There is no public card here.")


Stop = Callable[[str, str, str], Awaitable[bool]]


class Answers(Protocol):
    """runtime.store.messages.one_answer.OneAnswers."""

    async def find(self, publication: str, sender: str, key: str) -> OneAnswer | None: ...


@dataclass(frozen=True)
class Asked:
    """One call, of whoever may. `params`: as they came."""

    request: Request
    key: ApiKey
    wire: Wire
    id: str | int
    params: dict[str, Any]
    lang: str

    @property
    def task(self) -> str:
        """The one that it is about, "" where it names none."""
        named = self.params.get("id") or self.params.get("name")
        return named if isinstance(named, str) else ""

    def result(self, result: Any) -> Response:
        return JSONResponse({"jsonrpc": "2.0", "id": self.id, "result": result})


class A2aApi:
    def __init__(
        self,
        gateway: Streams,
        keys: KeyCheck,
        control: Control,
        browsers: Browsers,
        answers: Answers,
        stop: Stop,
        is_public: Callable[[str], bool],
        public_url: Callable[[], str],
    ) -> None:
        """`stop`: ends the turn of a message, by publication, sender and id, with what was written; whether
        there is one. `is_public`: whether anybody may see a publication's card; `public_url`: ours, "" where
        nobody set it."""
        self._gateway, self._keys, self._control = gateway, keys, control
        self._browsers, self._answers = browsers, answers
        self._stop, self._is_public, self._public_url = stop, is_public, public_url

    def routes(self) -> list[Way]:
        route = self._browsers.route
        return [
            route("/.well-known/agent-card.json", self.card, ["GET"]),
            route("/a2a/{agent}/.well-known/agent-card.json", self.card, ["GET"]),
            route("/a2a/{agent}", self.post, ["POST"]),
        ]

    async def card(self, request: Request) -> Response:
        """To whoever holds a key; to others where the owner says so."""
        try:
            publication = await self._shown(request, str(request.path_params.get("agent", "")))
        except HongyanError as e:
            told = {"code": e.code or "not_found", "message": sentence_of(e).to(language(request))}
            return JSONResponse(told, status_of(e), headers_of(e))
        headers = {"cache-control": "private, max-age=60"}
        return JSONResponse(self._card(request, publication), headers=headers)

    async def _shown(self, request: Request, agent: str) -> Publication:
        """Raises NotFound, also for what is there and not public; Refused for a wrong key."""
        if request.headers.get("authorization"):
            caller = await self._keys.key(request)
            return self._keys.publication(caller.on(agent))
        there = [one for one in self._control.publications() if one.enabled and one.channel == "api"]
        shown = [one for one in there if agent in ("", one.agent) and self._is_public(one.id)]
        if len(shown) != 1:
            raise NotFound(NO_CARD)
        return shown[0]

    def _card(self, request: Request, publication: Publication) -> dict[str, Any]:
        agent = self._control.frozen_agent(publication.id, publication.version)
        base = self._public_url() or str(request.base_url)
        return card(agent, publication.version, f"{base.rstrip('/')}/a2a/{publication.agent}")

    async def post(self, request: Request) -> Response:
        lang, id = language(request), None
        try:
            self._browsers.refuse_strange(request)
            caller = await self._keys.key(request)
            key = caller.on(str(request.path_params["agent"]))
            called = await read_json(request, functools.partial(self._keys.weigh, caller.key))
            method, given = str(called.get("method") or "")[:80], called.get("id")
            is_id = isinstance(given, str | int) and not isinstance(given, bool)
            if called.get("jsonrpc") != "2.0" or not method or not is_id:
                raise RpcError(NO_CALL, INVALID_REQUEST)
            id = given if isinstance(given, int) else str(given)
            if (version := request.headers.get("a2a-version", "")) not in VERSIONS:
                raise RpcError(CANNOT.fill(method=version[:20]), NO_VERSION)
            wire, verb = wire_of(method)
            params = called.get("params")
            asked = Asked(request, key, wire, id, params if isinstance(params, dict) else {}, lang)
            return await self._answer(asked, verb, method)
        except (HongyanError, RpcError) as e:
            return error(e, id, lang)

    async def _answer(self, asked: Asked, verb: Verb | None, method: str) -> Response:
        """Raises HongyanError, RpcError."""
        match verb:
            case "send":
                return await self._sent(asked)
            case "stream":
                call, message = await self._message(asked)
                return self._stream(asked, message, call.events(message, pieces=True, alone=False))
            case "get":
                return asked.result(asked.wire.task(stored(await self._find(asked, asked.task), asked.lang)))
            case "cancel":
                return await self._cancel(asked)
            case "again":
                return await self._again(asked)
            case "card":
                told = self._card(asked.request, self._keys.publication(asked.key))
                return asked.result(told if type(asked.wire) is Wire else new_card(told))
            case "none":
                raise RpcError(CANNOT.fill(method=method), NO_PUSH if "ush" in method else UNSUPPORTED)
        raise RpcError(CANNOT.fill(method=method), NO_METHOD)

    async def _find(self, asked: Asked, task: str) -> OneAnswer:
        """Raises RpcError."""
        context, _, message = task.rpartition(".")
        publication = self._keys.publication(asked.key).id
        found = await self._answers.find(publication, sender_of(asked.key, context), message)
        if found is None:
            raise RpcError(NO_SUCH_TASK.fill(id=task[:80]), NO_TASK)
        return found

    async def _cancel(self, asked: Asked) -> Response:
        """It ends with what was written, unless it is over by then."""
        found, publication = await self._find(asked, asked.task), self._keys.publication(asked.key).id
        message, over = found.message, RpcError(IS_OVER.fill(id=asked.task[:80]), NOT_CANCELABLE)
        if found.is_over or not await self._stop(publication, message.sender, message.id):
            raise over
        await is_over(self._gateway, publication, message)
        found = await self._find(asked, asked.task)
        task = stored(found, asked.lang) if found.is_over else task_of(message, "canceled")
        if task.state != "canceled":
            raise over
        return asked.result(asked.wire.task(task))

    async def _again(self, asked: Asked) -> Response:
        """Follow one that runs."""
        found = await self._find(asked, asked.task)
        if found.is_over:
            raise RpcError(IS_OVER.fill(id=asked.task[:80]), UNSUPPORTED)
        publication = self._keys.publication(asked.key).id
        return self._stream(
            asked, found.message, with_pings(self._gateway.stream(publication, found.message))
        )

    async def _sent(self, asked: Asked) -> Response:
        call, message = await self._message(asked)
        events = call.events(message, pieces=False, alone=False)
        if not returns_at_once(asked.params):
            return asked.result(asked.wire.sent(await turned(events, message, asked.lang)))
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Stored):
                    return asked.result(asked.wire.sent(task_of(message, "submitted")))
        return asked.result(asked.wire.sent(stored(await self._find(asked, id_of(message)), asked.lang)))

    async def _message(self, asked: Asked) -> tuple[Call, Message]:
        """What was sent, under its own id: sent again, it is the same task. Raises HongyanError."""
        told = said(asked.params)
        if told.taskId:
            found = await self._find(asked, told.taskId)
            raise RpcError(IS_OVER.fill(id=id_of(found.message)[:80]), UNSUPPORTED)
        text, pictures = content(told)
        await self._keys.admit(asked.request, self._gateway)
        call = Call(asked.request, asked.key, self._keys, self._gateway, repeat=message_id(told.messageId))
        return call, call.message(text, told.contextId or "", pictures=pictures)

    def _stream(self, asked: Asked, message: Message, events: AsyncIterator[Event | None]) -> Response:
        publication = self._keys.publication(asked.key)
        blocks = answering(self._control.frozen_agent(publication.id, publication.version))
        return event_stream(told(events, Telling(asked.wire, asked.id, message, blocks, asked.lang)))
