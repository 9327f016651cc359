"""OpenAI's Responses API: one answer a request, which the next may go on from by its id.

https://platform.openai.com/docs/api-reference/responses . A response is kept as the messages of the agent
are: for as many days, and no longer when it is deleted. Its id tells its conversation and its message.
"""

import functools
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.errors import Conflict, HongyanError, Invalid, NotFound, TurnFailed
from runtime.lang import NOTHING, Text
from runtime.message import Exchange, Message
from runtime.server.api.answer_stream import AnswerStream
from runtime.server.api.calls import Call
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck, sender_of
from runtime.server.api.openai_agent import check_agent, check_form
from runtime.server.api.openai_errors import error_body, error_response
from runtime.server.api.openai_files import Opened, keep, open_all
from runtime.server.api.responses_items import spelled_out
from runtime.server.api.responses_request import (
    NAMES,
    ResponseRequest,
    conversation,
    parse,
    results_alone,
    wishes,
)
from runtime.server.api.responses_told import Head, told
from runtime.server.api.streams import (
    FILES_SECONDS,
    WITH_FILES,
    Streams,
    Used,
    event_stream,
    is_over,
    language,
    read_json,
    taken,
    whole,
)
from runtime.server.door.ways import Way
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey
from runtime.store.messages.one_answer import OneAnswer

ID = re.compile(r"resp_([0-9a-f]{24})([0-9a-f]{32})")
UNKEPT = "resp_0"
"""What the ids of those begin with that are not to be found again."""
NO_RESPONSE = Text(
    "没有「{id}」这个回答：写错了、没有保存、已经删除，或过了保存期。",
    "There is no response {id!r}: it is mistyped, was not stored, is deleted, or was kept long enough.",
)
NOT_OVER = Text("这个回答还没有写完。", "This response is not finished yet.")
NO_STREAM = Text(
    "已有的回答不再以流的方式给，请去掉 stream，隔一会儿来看一次。",
    "A response that exists is not streamed again: ask without stream, now and then.",
)
FAILED = Text("这个回答没有成功，不能接着它往下说。", "That response failed; nothing can go on from it.")


class Answers(Protocol):
    """runtime.store.messages.one_answer.OneAnswers."""

    async def find(self, publication: str, sender: str, key: str) -> OneAnswer | None: ...
    async def forget(self, publication: str, sender: str, key: str, now: float) -> bool: ...


class ResponsesApi:
    def __init__(
        self, gateway: Streams, keys: KeyCheck, control: Control, browsers: Browsers, answers: Answers
    ) -> None:
        self._gateway, self._keys, self._control = gateway, keys, control
        self._browsers, self._answers = browsers, answers

    def routes(self) -> list[Way]:
        route = self._browsers.route
        return [
            route("/v1/responses", self.create, ["POST"]),
            route("/v1/responses/{id}", self.one, ["GET", "DELETE"]),
            route("/v1/responses/{id}/cancel", self.one, ["POST"]),
        ]

    async def create(self, request: Request) -> Response:
        lang = language(request)
        try:
            caller = await self._keys.admit(request, self._gateway)
            weigh = functools.partial(self._keys.weigh, caller.key)
            async with self._keys.reading(request, caller.key):
                data = await read_json(request, weigh, WITH_FILES, FILES_SECONDS)
            asked = parse(data)
            key = caller.on(asked.model, "model")
            call = Call(request, key, self._keys, self._gateway)
            agent = self._control.frozen_agent(call.publication.id, call.publication.version)
            message, opened = await self._message(call, key, asked, agent)
            check_agent(agent, message.wishes, NAMES)
            await keep(self._gateway, call.publication.id, message, opened)
            alone = not asked.background
            events = call.events(message, pieces=bool(asked.stream), alone=alone)
            head = _head(message, key, asked, data)
            if asked.stream:
                return event_stream(told(events, AnswerStream(agent), head, message.wishes, lang))
            if asked.background:
                await taken(events)
                return JSONResponse(head.told("in_progress"))
            turned = await call.unless_gone(whole(events))
            check_form(message.wishes, turned.text, turned.finish)
        except HongyanError as e:
            return error_response(e, lang)
        return JSONResponse(head.ended(turned.text, turned.calls, turned.finish, turned.used))

    async def _message(
        self, call: Call, key: ApiKey, asked: ResponseRequest, agent: Mapping[str, Any]
    ) -> tuple[Message, Sequence[Opened]]:
        """What is asked, behind what it goes on from, and files that came with it. Raises HongyanError."""
        before = await self._before(call, key, asked.previous_response_id)
        results = results_alone(asked) if before else None
        if before and results is not None:
            wished = wishes(asked, None)
            wished["results"] = results
            context, text = before.message.sender.rpartition(":")[2], before.message.text
            history = before.message.history or ()
            return call.message(text, context, history=history, wishes=wished, who=asked.who()), ()
        if isinstance(asked.input, list):
            find = functools.partial(self._find, call.publication.id, key)
            asked = asked.model_copy(update={"input": await spelled_out(asked.input, find)})
        said = conversation(asked)
        opened = await open_all(self._gateway, agent, said.brought, "input")
        history = (*_history(before), *said.history)
        context = before.message.sender.rpartition(":")[2] if before else said.context
        message = call.message(
            said.text,
            context,
            pictures=said.pictures,
            files=[one.file for one in opened],
            history=history,
            wishes=wishes(asked, said),
            who=asked.who(),
        )
        return message, opened

    async def _before(self, call: Call, key: ApiKey, id: str | None) -> OneAnswer | None:
        """What it goes on from. Raises NotFound, Conflict."""
        if not id:
            return None
        found = await self._find(call.publication.id, key, id)
        if found is None:
            raise NotFound(NO_RESPONSE.fill(id=id[:80]), field="previous_response_id", code="unknown_url")
        if not found.is_over or found.failure:
            text = FAILED if found.failure else NOT_OVER
            raise Conflict(text, field="previous_response_id")
        return found

    async def _find(self, publication: str, key: ApiKey, id: str) -> OneAnswer | None:
        ours = ID.fullmatch(id)
        if ours is None:
            return None
        return await self._answers.find(publication, sender_of(key, ours[1]), ours[2])

    async def one(self, request: Request) -> Response:
        """Tell it again, have it forgotten, or end it."""
        lang, id = language(request), str(request.path_params["id"])
        try:
            if request.query_params.get("stream") == "true":
                raise Invalid(NO_STREAM, field="stream", code="invalid")
            caller = await self._keys.key(request)
            for agent in caller.agents:
                key = caller.on(agent)
                if response := await self._on(request.method, key, id, lang):
                    return response
            raise NotFound(NO_RESPONSE.fill(id=id[:80]), field="response_id")
        except HongyanError as e:
            return error_response(e, lang)

    async def _on(self, method: str, key: ApiKey, id: str, lang: str) -> Response | None:
        """None where that agent gave no such response. Raises Conflict."""
        publication = self._keys.publication(key).id
        found = await self._find(publication, key, id)
        if found is None:
            return None
        if method == "POST" and not found.is_over:
            message = found.message
            await self._gateway.acts.stop(publication, message.sender, message.id)
            await is_over(self._gateway, publication, message)
            found = await self._find(publication, key, id) or found
        if method != "DELETE":
            return JSONResponse(_again(found, key, id, lang))
        if not await self._answers.forget(publication, found.message.sender, found.message.id, time.time()):
            raise Conflict(NOT_OVER, field="response_id")
        return JSONResponse({"id": id, "object": "response", "deleted": True})


def _history(before: OneAnswer | None) -> tuple[Exchange, ...]:
    """What was said up to an answer, and that."""
    if before is None:
        return ()
    message = before.message
    return (*(message.history or ()), Exchange(message.text, before.reply, message.kind, message.data))


def _head(message: Message, key: ApiKey, asked: ResponseRequest, data: Mapping[str, Any]) -> Head:
    context = message.sender.rpartition(":")[2]
    id = f"resp_{context}{message.id}" if asked.store is not False else f"{UNKEPT}{message.id}"
    known = (
        "instructions",
        "max_output_tokens",
        "metadata",
        "parallel_tool_calls",
        "previous_response_id",
        "top_p",
    )
    more = ("background", "store", "temperature", "text", "tool_choice", "tools", "user", "reasoning")
    names = (*known, *more)
    return Head(
        id, int(message.at), key.agent, {one: data[one] for one in names if data.get(one) is not None}
    )


def _again(found: OneAnswer, key: ApiKey, id: str, lang: str) -> dict[str, Any]:
    head = Head(id, int(found.at), key.agent, {})
    if not found.is_over:
        return head.told("in_progress")
    if found.failure:
        why = TurnFailed(NOTHING, code=found.failure)
        return head.told("failed", error={"code": why.code, "message": error_body(why, lang)["message"]})
    used = Used(found.prompt_tokens, found.completion_tokens)
    return head.ended(found.reply, [dict(one) for one in found.calls], found.finish, used)
