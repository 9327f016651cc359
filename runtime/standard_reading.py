"""How programs of others write a message, read as the standard one.

Guides to agents and bridges have it as `{"sender": "u1", "content": "…", "msg_type": "text"}`, as
`{"SenderID": …, "Content": …, "Metadata": {…}}`, and in a few more ways. Which names mean what is a table.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import ValidationError

from runtime import wellformed
from runtime.errors import Wrong
from runtime.lang import NOTHING, Text
from runtime.message import Event
from runtime.schema import first_problem, label
from runtime.standard_message import StandardKind, StandardMessage

NAMES: Mapping[str, Sequence[str]] = {
    "id": ("id", "messageid", "msgid"),
    "sender": ("sender", "senderid", "userid", "user", "from"),
    "name": ("sendername", "username", "nickname"),
    "content": ("content", "text", "input", "message"),
    "msg_type": ("msgtype", "messagetype", "type"),
    "at": ("at", "timestamp", "time", "createdat"),
    "event": ("event",),
    "files": ("files", "attachments"),
    "location": ("location",),
    "link": ("link",),
    "metadata": ("metadata",),
}
"""By our field: what it may be called, in small letters and without `_` and `-`. The first that is there."""
KINDS: Mapping[str, str] = {
    "message": "text",
    "picture": "image",
    "photo": "image",
    "img": "image",
    "audio": "voice",
    "document": "file",
    "url": "link",
}
"""What others call ours."""
MOST_METADATA = 16 * 1024
"""Bytes of JSON."""
MILLISECONDS = 1e11
"""A time that is larger counts these: as seconds it would be in the year 5138."""

NO_OBJECT = Text("应为一个 JSON 对象", "should be one JSON object")
TOO_MUCH = Text("太多了（最多 16 kB）", "is too much (16 kB at most)")
NOBODY = Text("没有写", "is not there")


def read(told: object) -> StandardMessage:
    """Raises Wrong, whose field is one of the standard's, for what is no message."""
    if not isinstance(told, Mapping):
        raise Wrong(NO_OBJECT)
    found, rest = _sorted_out(told)
    message = {
        name: value for name in ("id", "event", "files", "location", "link") if (value := found.get(name))
    }
    message["sender"] = _sender(found)
    message["content"] = _text(found.get("content"))
    message["at"] = _seconds(found.get("at"))
    message["metadata"] = _metadata(found.get("metadata"), rest)
    if isinstance(message.get("id"), int):
        message["id"] = str(message["id"])
    message["msg_type"] = _kind(found)
    try:
        return StandardMessage.model_validate(message)
    except ValidationError as e:
        problem = first_problem(e)
        raise Wrong(problem.text, problem.field) from None


def parse(content: bytes | str) -> StandardMessage:
    """The same of a JSON text of at most 1 MB. Raises Wrong."""
    try:
        return read(wellformed.load(content, largest=1024 * 1024, deepest=20))
    except Wrong:
        raise
    except ValueError:
        raise Wrong(NO_OBJECT) from None


OURS: Mapping[str, str] = {theirs: ours for ours, called in NAMES.items() for theirs in called}


def name_of(said: str) -> str:
    """Our field that others call so; "" for none."""
    return OURS.get(said.lower().replace("_", "").replace("-", ""), "")


def _sorted_out(told: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is ours of it by our names, and what else there is."""
    by_sign = {
        name.lower().replace("_", "").replace("-", ""): name for name in reversed([*told]) if len(name) < 40
    }
    found: dict[str, Any] = {}
    used: set[str] = set()
    for ours, theirs in NAMES.items():
        if name := next((by_sign[one] for one in theirs if one in by_sign), None):
            found[ours] = told[name]
            used.add(name)
    rest = {name: value for name, value in told.items() if name not in used}
    if "type" in told and _kind(found) not in get_args(StandardKind):
        rest["type"] = found.pop("msg_type")  # a word of theirs, as is the next one
    if "event" in found and _kind(found) != "event":
        rest["event"] = found.pop("event")
    return found, rest


def _kind(found: Mapping[str, Any]) -> str:
    is_event = found.get("event") in get_args(Event) if isinstance(found.get("event"), str) else False
    said = str(found.get("msg_type") or ("event" if is_event else "text")).lower()[:40]
    return KINDS.get(said, said)


def _sender(found: Mapping[str, Any]) -> dict[str, Any]:
    sender = found.get("sender")
    whole = dict(sender) if isinstance(sender, Mapping) else {"id": sender}
    if isinstance(whole.get("id"), int) and not isinstance(whole["id"], bool):
        whole["id"] = str(whole["id"])
    if whole.get("id") in (None, ""):
        raise Wrong(NOBODY, "sender.id")
    name = found.get("name")
    if name and isinstance(name, str):
        whole.setdefault("name", name[:200])
    return {name: whole[name] for name in ("id", "name", "language", "bot") if name in whole}


def _text(said: object) -> object:
    return "" if said is None else str(said) if isinstance(said, int | float) else said


def _seconds(said: object) -> float:
    """A number, or digits, in seconds or milliseconds; what is no time is none: it is only an ornament."""
    try:
        value = float(said) if isinstance(said, int | float | str) else 0.0
    except ValueError:
        return 0.0
    if not math.isfinite(value) or value < 0:
        return 0.0
    value = value / 1000 if value > MILLISECONDS else value
    return value if value <= MILLISECONDS else 0.0


def _metadata(said: object, rest: Mapping[str, Any]) -> dict[str, Any]:
    """What is called so, and whatever else was told."""
    whole = (
        {**rest, **said} if isinstance(said, Mapping) else {**rest, **({"metadata": said} if said else {})}
    )
    if len(json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace")) > MOST_METADATA:
        raise Wrong(TOO_MUCH, "metadata")
    return whole


def where(problem: Wrong) -> Text:
    """What a person knows a wrong field by, and where it stands."""
    field, *_ = problem.field.split(".")
    if not field:
        return NOTHING
    title = label(StandardMessage.model_fields.get(field), field)
    return Text("{title}（{field}）", "{title} ({field})").fill(title=title, field=problem.field)
