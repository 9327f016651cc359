"""A response as OpenAI's Responses API tells it: whole, and as the events that make it, numbered in order.

https://platform.openai.com/docs/api-reference/responses/object and …/responses-streaming
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from runtime.errors import HongyanError
from runtime.server.api.answer_stream import AnswerStream
from runtime.server.api.openai_agent import check_form
from runtime.server.api.openai_errors import error_body
from runtime.server.api.streams import Used, calls_of
from runtime.turn.events import STOPPED, Event, Replied

Json = dict[str, Any]
INCOMPLETE: Mapping[str, str] = {"length": "max_output_tokens", "content_filter": "content_filter"}
LAST: Mapping[str, str] = {"cancelled": "incomplete"}
"""As what a stream ends with a status of which there is no event."""


@dataclass(frozen=True)
class Head:
    """What of a response is known before its answer. `echoed`: fields of the request that are told back."""

    id: str
    created: int
    model: str
    echoed: Mapping[str, Any]

    def told(self, status: str, output: Sequence[Json] = (), **more: Any) -> Json:
        usual: Json = {
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "max_output_tokens": None,
            "metadata": {},
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "reasoning": {"effort": None, "summary": None},
            "store": True,
            "temperature": None,
            "text": {"format": {"type": "text"}},
            "tool_choice": "auto",
            "tools": [],
            "top_p": None,
            "truncation": "disabled",
            "usage": None,
            "user": None,
        }
        own = {"id": self.id, "object": "response", "created_at": self.created, "status": status}
        return {**own, "model": self.model, "output": list(output), **usual, **self.echoed, **more}

    def ended(self, text: str, calls: Sequence[Mapping[str, str]], finish: str, used: Used) -> Json:
        """An answer that there is, whole or not."""
        output = [self.item(text)] if text or not calls else []
        output += [self.call(place, call) for place, call in enumerate(calls)]
        usage = usage_of(used)
        if finish == STOPPED:
            return self.told("cancelled", output, usage=usage)
        if reason := INCOMPLETE.get(finish):
            return self.told("incomplete", output, incomplete_details={"reason": reason}, usage=usage)
        return self.told("completed", output, usage=usage)

    def item(self, text: str, status: str = "completed") -> Json:
        content = [_text(text)] if status == "completed" else []
        told = {"type": "message", "role": "assistant", "status": status, "content": content}
        return {"id": self.id.replace("resp_", "msg_"), **told}

    def call(self, place: int, call: Mapping[str, str], status: str = "completed") -> Json:
        return {
            "id": f"{self.id.replace('resp_', 'fc_')}{place:02x}",
            "type": "function_call",
            "status": status,
            "call_id": call["id"],
            "name": call["name"],
            "arguments": call["arguments"] if status == "completed" else "",
        }


def usage_of(used: Used) -> Json:
    return {
        "input_tokens": used.prompt,
        "input_tokens_details": {"cached_tokens": used.cached},
        "output_tokens": used.completion,
        "output_tokens_details": {"reasoning_tokens": used.reasoning},
        "total_tokens": used.prompt + used.completion,
    }


def _text(text: str) -> Json:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


class Telling:
    """The events of one response."""

    def __init__(self, head: Head) -> None:
        self._head, self._number = head, 0
        self._said: list[str] = []

    def event(self, kind: str, **more: Any) -> bytes:
        told = {"type": kind, "sequence_number": self._number, **more}
        self._number += 1
        return f"event: {kind}\ndata: ".encode() + orjson.dumps(told) + b"\n\n"

    def begun(self) -> Iterator[bytes]:
        for kind in ("response.created", "response.in_progress"):
            yield self.event(kind, response=self._head.told("in_progress"))

    def piece(self, text: str) -> Iterator[bytes]:
        if not text:
            return
        if not self._said:
            item = self._head.item("", "in_progress")
            yield self.event("response.output_item.added", output_index=0, item=item)
            yield self.event("response.content_part.added", **self._at, part=_text(""))
        self._said.append(text)
        yield self.event("response.output_text.delta", **self._at, delta=text, logprobs=[])

    def ended(self, calls: Sequence[Mapping[str, str]], finish: str, used: Used) -> Iterator[bytes]:
        text = "".join(self._said)
        if text:
            item = self._head.item(text)
            yield self.event("response.output_text.done", **self._at, text=text, logprobs=[])
            yield self.event("response.content_part.done", **self._at, part=_text(text))
            yield self.event("response.output_item.done", output_index=0, item=item)
        for place, call in enumerate(calls):
            yield from self._called(place, bool(text) + place, call)
        response = self._head.ended(text, calls, finish, used)
        yield self.event(f"response.{LAST.get(response['status'], response['status'])}", response=response)

    def failed(self, error: Mapping[str, Any]) -> bytes:
        told = {"code": error["code"] or "server_error", "message": error["message"]}
        output = [self._head.item("".join(self._said))] if self._said else []
        return self.event("response.failed", response=self._head.told("failed", output, error=told))

    def _called(self, place: int, at: int, call: Mapping[str, str]) -> Iterator[bytes]:
        begun, whole = self._head.call(place, call, "in_progress"), self._head.call(place, call)
        where, arguments = {"item_id": whole["id"], "output_index": at}, call["arguments"]
        name = "response.function_call_arguments"
        yield self.event("response.output_item.added", output_index=at, item=begun)
        yield self.event(f"{name}.delta", **where, delta=arguments)
        yield self.event(f"{name}.done", **where, name=call["name"], arguments=arguments)
        yield self.event("response.output_item.done", output_index=at, item=whole)

    @property
    def _at(self) -> Json:
        return {"item_id": self._head.item("")["id"], "output_index": 0, "content_index": 0}


async def told(
    events: AsyncIterator[Event | None], answer: AnswerStream, head: Head, wishes: Any, lang: str
) -> AsyncIterator[bytes]:
    """The response while it is made."""
    telling, used = Telling(head), Used()
    for line in telling.begun():
        yield line
    try:
        async for event in events:
            if event is None:
                yield b": still here\n\n"
                continue
            used = used.counted(event)
            if isinstance(event, Replied):
                check_form(wishes, event.text, event.finish)
            for line in telling.piece(answer.take(event)):
                yield line
            if isinstance(event, Replied):
                for line in telling.ended(calls_of(event), event.finish, used):
                    yield line
    except HongyanError as e:
        yield telling.failed(error_body(e, lang))
