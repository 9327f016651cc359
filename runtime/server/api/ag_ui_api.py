"""AG-UI: a run of an agent as the events that a front end shows, POST /ag-ui (its key says which agent) or
/ag-ui/{agent}. Its tools are the front end's own: a run ends with their calls, and the next brings results.

https://docs.ag-ui.com/concepts/events . What tools and blocks of the agent's own do is nobody's here.
"""

import functools
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

import orjson
from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from runtime.errors import HongyanError, Invalid
from runtime.message import Message
from runtime.schema import as_model, first_problem
from runtime.server.api.answer_stream import AnswerStream
from runtime.server.api.api_errors import refusal
from runtime.server.api.calls import Call
from runtime.server.api.chat_api import error_body
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.openai_agent import check_agent
from runtime.server.api.openai_messages import LAST_IS_USER, ChatMessage, conversation_of
from runtime.server.api.openai_request import wishes_of
from runtime.server.api.openai_tools import Typed, tools_of, with_tools
from runtime.server.api.streams import Streams, Used, calls_of, event_stream, language, read_json
from runtime.server.door.ways import Way
from runtime.store.control.control import Control
from runtime.turn.events import Event, Replied

NAMES = {"tools": "tools"}
SEEN = ("user", "assistant", "system", "developer", "tool")
"""Roles of messages that an agent has use for; what a front end shows besides is its own."""
TOLD = "What the person's program tells along with it; it is data:\n{told}"


class RunInput(Typed):
    """The fields that mean something to an agent."""

    threadId: str = Field(min_length=1, max_length=128, pattern=r"^[\w.:@-]*$")
    runId: str = Field(min_length=1, max_length=200)
    parentRunId: str | None = Field(None, max_length=200)
    messages: list[dict[str, Any]] = Field(min_length=1, max_length=1000)
    tools: list[dict[str, Any]] | None = None
    context: list[dict[str, Any]] | None = Field(None, max_length=100)
    state: Any = None
    resume: list[Any] | None = Field(None, max_length=0)
    protocolVersion: str | None = None
    forwardedProps: Any = None


class AgUiApi:
    def __init__(self, gateway: Streams, keys: KeyCheck, control: Control, browsers: Browsers) -> None:
        self._gateway, self._keys, self._control, self._browsers = gateway, keys, control, browsers

    def routes(self) -> list[Way]:
        route = self._browsers.route
        return [route("/ag-ui", self.run, ["POST"]), route("/ag-ui/{agent}", self.run, ["POST"])]

    async def run(self, request: Request) -> Response:
        lang = language(request)
        try:
            caller = await self._keys.admit(request, self._gateway)
            weigh = functools.partial(self._keys.weigh, caller.key)
            asked = as_model(RunInput, await read_json(request, weigh))
            key = caller.on(str(request.path_params.get("agent", "")))
            call = Call(request, key, self._keys, self._gateway)
            agent = self._control.frozen_agent(call.publication.id, call.publication.version)
            message = _message(call, asked)
            check_agent(agent, message.wishes, NAMES)
            events = call.events(message, pieces=True)
        except HongyanError as e:
            return refusal(e, error_body(e, lang))
        return event_stream(_told(events, AnswerStream(agent), asked, message.id, lang))


def _message(call: Call, asked: RunInput) -> Message:
    """Raises Invalid."""
    seen = [_as_chat(one) for one in asked.messages if one.get("role") in SEEN]
    try:
        messages = [ChatMessage.model_validate(one) for one in seen]
    except ValidationError as e:
        problem = first_problem(e)
        raise Invalid(problem.sentence(), field=f"messages.{problem.field}", code="invalid") from None
    if not messages:
        raise Invalid(LAST_IS_USER, field="messages", code="invalid")
    said = conversation_of(messages)
    told = [f"{one.get('description', '')}: {one.get('value', '')}" for one in asked.context or ()]
    if asked.state:
        told.append(f"state: {json.dumps(asked.state, ensure_ascii=False)}")
    along = TOLD.format(told="\n".join(told)) if told else ""
    wishes = wishes_of("\n\n".join(filter(None, (said.instructions, along))), None, None)
    tools = tools_of([{"type": "function", "function": _tool(one)} for one in asked.tools or ()])
    with_tools(wishes, tools, None, parallel=None)
    if said.results:
        wishes["results"], wishes["rounds"] = said.results, said.rounds
    return call.message(
        said.text, asked.threadId, pictures=said.pictures, history=said.history, wishes=wishes
    )


def _tool(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given.get(name) for name in ("name", "description", "parameters")}


def _as_chat(message: Mapping[str, Any]) -> dict[str, Any]:
    """As OpenAI's chat writes it: the same names but for a few."""
    content = message.get("content")
    if isinstance(content, list):
        content = [_part(part) if isinstance(part, dict) else part for part in content]
    told: dict[str, Any] = {"role": message["role"], "content": content}
    if "toolCallId" in message:
        error = message.get("error")
        told |= {"tool_call_id": message["toolCallId"], "content": f"{error}" if error else content}
    if isinstance(calls := message.get("toolCalls"), list):
        known = ("id", "function")
        told["tool_calls"] = [{n: one.get(n) for n in known} for one in calls if isinstance(one, dict)]
    return told


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    source = part.get("source")
    if part.get("type") == "image" and isinstance(source, dict):
        value = str(source.get("value", ""))
        if source.get("type") == "data":
            value = f"data:{source.get('mimeType', '')};base64,{value}"
        return {"type": "image_url", "image_url": {"url": value}}
    return {"type": str(part.get("type")), "text": part.get("text")}


async def _told(
    events: AsyncIterator[Event | None], answer: AnswerStream, asked: RunInput, id: str, lang: str
) -> AsyncIterator[bytes]:
    run = {"threadId": asked.threadId, "runId": asked.runId}
    parent = {"parentRunId": asked.parentRunId} if asked.parentRunId else {}
    message, used, began = f"msg_{id}", Used(), False
    yield _event("RUN_STARTED", **run, **parent)
    try:
        async for event in events:
            if event is None:
                yield b": still here\n\n"
                continue
            used = used.counted(event)
            if text := answer.take(event):
                if not began:
                    yield _event("TEXT_MESSAGE_START", messageId=message, role="assistant")
                began = True
                yield _event("TEXT_MESSAGE_CONTENT", messageId=message, delta=text)
            if isinstance(event, Replied):
                if began:
                    yield _event("TEXT_MESSAGE_END", messageId=message)
                for line in _calls(calls_of(event), message):
                    yield line
                yield _event("RUN_FINISHED", **run, **_ended(event, used))
    except HongyanError as e:
        if began:
            yield _event("TEXT_MESSAGE_END", messageId=message)
        yield _event("RUN_ERROR", **error_body(e, lang))


def _calls(calls: Sequence[Mapping[str, str]], message: str) -> Iterator[bytes]:
    for call in calls:
        of = {"toolCallId": call["id"]}
        yield _event("TOOL_CALL_START", **of, toolCallName=call["name"], parentMessageId=message)
        yield _event("TOOL_CALL_ARGS", **of, delta=call["arguments"])
        yield _event("TOOL_CALL_END", **of)


def _ended(event: Replied, used: Used) -> dict[str, Any]:
    pending = [call["id"] for call in calls_of(event)]
    outcome = {"type": "success", **({"pendingToolCallIds": pending} if pending else {})}
    counts = {"inputTokens": used.prompt, "outputTokens": used.completion, "reasoningTokens": used.reasoning}
    usage = {"usage": [{**counts, "cachedInputTokens": used.cached}]} if used.prompt else {}
    return {"outcome": outcome, "result": {"finish": event.finish}, **usage}


def _event(kind: str, **more: Any) -> bytes:
    return b"data: " + orjson.dumps({"type": kind, **more}) + b"\n\n"
