"""A2A's two ways of writing the same: 0.3 (`message/send`, `kind`) and 1.0 (`SendMessage`, protobuf's JSON).

https://a2a-protocol.org/v0.3.0/specification/ and https://a2a-protocol.org/v1.0.0/specification/
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import Field, ValidationError

from runtime.errors import Invalid
from runtime.lang import Text
from runtime.schema import first_problem
from runtime.server.api.a2a_wrong import UNFIT, RpcError
from runtime.server.api.openai_messages import check_question
from runtime.server.api.openai_tools import Typed

Json = dict[str, Any]
State = Literal["submitted", "working", "completed", "failed", "canceled"]
Verb = Literal["send", "stream", "get", "cancel", "again", "card", "none"]
OLD: Mapping[str, Verb] = {
    "message/send": "send",
    "message/stream": "stream",
    "tasks/get": "get",
    "tasks/cancel": "cancel",
    "tasks/resubscribe": "again",
    "agent/getAuthenticatedExtendedCard": "card",
    "tasks/list": "none",
    **{f"tasks/pushNotificationConfig/{one}": "none" for one in ("set", "get", "list", "delete")},
}
NEW: Mapping[str, Verb] = {
    "SendMessage": "send",
    "SendStreamingMessage": "stream",
    "GetTask": "get",
    "CancelTask": "cancel",
    "SubscribeToTask": "again",
    "GetExtendedAgentCard": "card",
    "ListTasks": "none",
    **{f"{one}TaskPushNotificationConfig": "none" for one in ("Create", "Get", "Delete")},
    "ListTaskPushNotificationConfigs": "none",
}
"""What each version calls what; `none`: there is no such thing here, and it is told so."""
MOST_PARTS = 50
NO_PART = Text(
    "这种内容不支持，请发文字、JSON 或图片。",
    "This kind of part is not supported: send text, JSON or pictures.",
)
EMPTY = Text("消息里没有内容。", "There is nothing in the message.")


class Said(Typed):
    """What of a message means something."""

    messageId: str = Field(min_length=1, max_length=200)
    contextId: str | None = Field(None, max_length=128, pattern=r"^[\w.:@-]*$")
    taskId: str | None = Field(None, max_length=200)
    role: str
    parts: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_PARTS)


@dataclass(frozen=True)
class Task:
    """A turn as others see it. `asked`: what it is about; `text`: its answer, or why there is none."""

    id: str
    context: str
    state: State
    asked: str = ""
    text: str = ""
    metadata: Mapping[str, Any] | None = None


def said(params: Mapping[str, Any]) -> Said:
    """Raises Invalid."""
    try:
        return Said.model_validate(params.get("message"))
    except ValidationError as e:
        problem = first_problem(e)
        field = f"message.{problem.field}" if problem.field else "message"
        raise Invalid(problem.sentence(), field=field, code="invalid") from None


def content(message: Said) -> tuple[str, list[str]]:
    """Its words, and where its pictures are. Raises RpcError, Invalid."""
    words, pictures = list[str](), list[str]()
    for part in message.parts:
        file = part.get("file")
        held = file if isinstance(file, Mapping) else part
        type = str(held.get("mimeType") or held.get("mediaType") or "")
        raw, url = held.get("bytes") or held.get("raw"), held.get("uri") or held.get("url")
        if isinstance(part.get("text"), str):
            words.append(part["text"])
        elif "data" in part:
            words.append(json.dumps(part["data"], ensure_ascii=False))
        elif isinstance(raw, str) and type.startswith("image/"):
            pictures.append(f"data:{type};base64,{raw}")
        elif isinstance(url, str) and type.startswith("image/"):
            pictures.append(url)
        else:
            raise RpcError(NO_PART, UNFIT)
    text = "\n".join(words).strip()
    if not text and not pictures:
        raise Invalid(EMPTY, field="message.parts", code="invalid")
    check_question(text, pictures, "message.parts")
    return text, pictures


def returns_at_once(params: Mapping[str, Any]) -> bool:
    """Whether who sends waits for the answer elsewhere."""
    told = params.get("configuration")
    if not isinstance(told, Mapping):
        return False
    return told.get("blocking") is False or told.get("returnImmediately") is True


class Wire:
    """As 0.3 writes it."""

    def state(self, state: State) -> str:
        return state

    def part(self, text: str) -> Json:
        return {"kind": "text", "text": text}

    def message(self, task: Task, role: str, text: str) -> Json:
        of = {"messageId": f"{task.id}.{role}", "contextId": task.context, "taskId": task.id}
        return {"kind": "message", "role": role, **of, "parts": [self.part(text)]}

    def status(self, task: Task) -> Json:
        told: Json = {"state": self.state(task.state), "timestamp": _now()}
        if task.state == "failed" and task.text:
            told["message"] = self.message(task, "agent", task.text)
        return told

    def artifact(self, text: str) -> Json:
        return {"artifactId": "answer", "parts": [self.part(text)]}

    def task(self, task: Task) -> Json:
        told: Json = {"id": task.id, "contextId": task.context, "status": self.status(task)}
        if task.state == "completed":
            told["artifacts"] = [self.artifact(task.text)] if task.text else []
        if task.asked:
            told["history"] = [self.message(task, "user", task.asked)]
        return told | ({"metadata": dict(task.metadata)} if task.metadata else {}) | self.kind("task")

    def kind(self, kind: str) -> Json:
        return {"kind": kind}

    def sent(self, task: Task) -> Json:
        """What sending a message comes to."""
        return self.task(task)

    def begun(self, task: Task) -> Json:
        return self.task(task)

    def piece(self, task: Task, text: str, *, append: bool) -> Json:
        of = {"taskId": task.id, "contextId": task.context, "append": append, "lastChunk": False}
        return {**of, "artifact": self.artifact(text), **self.kind("artifact-update")}

    def change(self, task: Task, *, final: bool) -> Json:
        of = {"taskId": task.id, "contextId": task.context, "status": self.status(task), "final": final}
        return of | ({"metadata": dict(task.metadata)} if task.metadata else {}) | self.kind("status-update")


class NewWire(Wire):
    """As 1.0 writes it: what an event is, the name around it says."""

    def state(self, state: State) -> str:
        return f"TASK_STATE_{state.upper()}"

    def part(self, text: str) -> Json:
        return {"text": text}

    def message(self, task: Task, role: str, text: str) -> Json:
        told = super().message(task, role, text)
        return {**{n: v for n, v in told.items() if n != "kind"}, "role": f"ROLE_{role.upper()}"}

    def kind(self, kind: str) -> Json:
        return {}

    def sent(self, task: Task) -> Json:
        return {"task": self.task(task)}

    def begun(self, task: Task) -> Json:
        return {"task": self.task(task)}

    def piece(self, task: Task, text: str, *, append: bool) -> Json:
        return {"artifactUpdate": super().piece(task, text, append=append)}

    def change(self, task: Task, *, final: bool) -> Json:
        told = super().change(task, final=final)
        return {"statusUpdate": {name: value for name, value in told.items() if name != "final"}}


def wire_of(method: str) -> tuple[Wire, Verb | None]:
    """How to speak with whoever calls that, and what it means; None: nothing."""
    if method in NEW:
        return NewWire(), NEW[method]
    return Wire(), OLD.get(method)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
