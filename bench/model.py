"""A model on loopback: speaks OpenAI's chat API, answers `A7A` to `Q7E`, and counts what it was paid for."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from runtime.simulator.faults import Fault, Faults
from runtime.simulator.history import ModelCall
from runtime.simulator.http import Request, Response

QUESTION = re.compile(rb"Q(\d+)E")
SUMMARY = b"exchanges"
"""What whoever sums up a conversation is told of, see runtime.turn.memory.summary."""
USAGE = {"prompt_tokens": 50, "completion_tokens": 40, "total_tokens": 90}
PATH = "chat/completions"


class Model:
    """`call` is the handler of a runtime.simulator.http.Server.

    `latency`: seconds before an answer, a number or a function. `tool`, when set, is called once in each
    turn, before the answer. `faults`: an HTTP status, `hang`, `lost` or `html`.
    """

    def __init__(self, latency: float | Callable[[], float] = 0.2) -> None:
        self.latency = latency
        self.tool = ""
        self.arguments: dict[str, Any] = {}
        self.text = "这是压测用的回答。" * 4
        self.faults = Faults()
        self.calls: list[ModelCall] = []
        self.open: dict[int, tuple[str, int, float]] = {}
        """Calls that are being answered: mark, round, when they began."""
        self.begun: Counter[str] = Counter()
        """Calls of each message, finished or not."""
        self._number = 0

    def clear(self) -> None:
        self.calls.clear()
        self.begun.clear()

    def call(self, request: Request) -> Response:
        if not request.path.endswith(PATH):
            return Response.json({"object": "list", "data": [{"id": "bench", "object": "model"}]})
        marks = QUESTION.findall(request.body)
        # A summary of what was said is nobody's answer.
        mark = marks[-1].decode() if marks and SUMMARY not in request.body else ""
        round_, wants_tool = self._round(request.body)
        self._number += 1
        number = self._number
        self.begun[mark] += 1
        self.open[number] = (mark, round_, time.time())
        fault = self.faults.take(PATH)
        response = self._failed(fault) if fault else self._answer(request.body, mark, wants_tool)
        response.then = lambda: self._ended(number, bool(fault))
        response.lost = lambda: self._ended(number, True)
        return response

    def _round(self, body: bytes) -> tuple[int, bool]:
        """Which call of its turn this is, and whether a tool is to be called in it."""
        if not self.tool or b'"tools"' not in body:
            return 0, False
        done = 0
        for message in reversed(json.loads(body)["messages"]):
            if message["role"] == "user":
                break
            done += message["role"] == "tool"
        return done, done == 0

    def _ended(self, number: int, failed: bool) -> None:
        """Called for every call, also for one whose caller went away."""
        if number in self.open:
            mark, round_, began = self.open.pop(number)
            if mark:
                self.calls.append(ModelCall(mark, round_, began, time.time(), not failed))

    def _failed(self, fault: Fault) -> Response:
        if fault in ("hang", "lost"):
            return Response(after=None)
        if fault == "html":
            return Response(b"<html>Bad Gateway</html>", kind="text/html", after=0.01)
        return Response.json({"error": {"message": f"injected {fault}"}}, int(fault), after=0.01)

    def _answer(self, body: bytes, mark: str, wants_tool: bool) -> Response:
        after = self.latency() if callable(self.latency) else self.latency
        message: dict[str, Any] = {"role": "assistant", "content": f"A{mark}A {self.text}"}
        if wants_tool:
            function = {"name": self.tool, "arguments": json.dumps(self.arguments)}
            call = {"index": 0, "id": f"call_{self._number}", "type": "function", "function": function}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        finish = "tool_calls" if wants_tool else "stop"
        if b'"stream":true' in body or b'"stream": true' in body:
            return Response(self._events(message, finish), kind="text/event-stream", after=after)
        choice = {"index": 0, "message": message, "finish_reason": finish}
        return Response.json(
            {**self._head("chat.completion"), "choices": [choice], "usage": USAGE}, after=after
        )

    def _events(self, delta: dict[str, Any], finish: str) -> bytes:
        head = self._head("chat.completion.chunk")
        chunks = [
            {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]},
            {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]},
            {**head, "choices": [], "usage": USAGE},
        ]
        lines = [json.dumps(chunk, ensure_ascii=False) for chunk in chunks]
        return "".join(f"data: {line}\n\n" for line in (*lines, "[DONE]")).encode()

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": f"c{self._number}", "object": kind, "created": int(time.time()), "model": "bench"}
