"""What a device sends as our Message, and an answer as what it is sent: plain text, or JSON.

JSON is read by `{sender, content, msg_type}`, the names that can be mapped by form; the device is whom its
topic names, whatever the payload says of a sender.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from runtime import wellformed
from runtime.channels._border.refusals import refused
from runtime.channels.mqtt.account import DEVICE, Account
from runtime.message import Message

NAME = re.compile(r"[^\W_][\w.:-]{0,63}")
"""Of a device: no wildcard, no level of its own, nothing that begins like another's sign."""
ID = re.compile(r"[!-~]{1,128}")
DEEPEST = 20
LONGEST = 20_000
"""Characters of what is asked."""
AGAIN = 3600.0
"""Seconds in which a broker sends again what it has no receipt for: one that forgets begins at number 1."""


Read = Callable[[Mapping[str, Any], float], Message | None]
"""What a message's frame says; None when nobody of ours is to hear it."""


def reader(account: Account) -> Read:
    """By this account's topics and fields."""
    before, _, behind = account.topic_in.partition(DEVICE)
    topic = re.compile(f"{re.escape(before)}([^/]*){re.escape(behind)}")

    def read(told: Mapping[str, Any], now: float) -> Message | None:
        found = topic.fullmatch(told["topic"])
        if found is None or not NAME.fullmatch(found[1]):
            return None
        return _message(account, found[1], told, now)

    return read


def _message(account: Account, device: str, told: Mapping[str, Any], now: float) -> Message | None:
    payload, mid = told["payload"], int(told["mid"])
    if not isinstance(payload, str | None):
        raise refused("malformed")
    mark = hashlib.sha256(f"{payload}".encode()).hexdigest()[:12]
    handle = {"mid": str(mid), "mark": mark} | ({"again": "1"} if told["dup"] and mid else {})
    # the number alone names nothing: brokers begin again at 1
    made = f"{mid}-{int(now * 1000)}-{mark}"
    if payload is None:
        return Message(made, device, "", "event", now, {"event": "unsupported", "type": "bytes"}, handle)
    data = _object(payload)
    if data is None:
        text, id = payload, str(told.get("id", ""))
    else:
        text, id = (
            _words(data, account.field_text),
            _id(_at(data, account.field_id)) or str(told.get("id", "")),
        )
    if not text.strip():
        kind = str(data.get("msg_type", ""))[:64] if data else ""
        return (
            Message(made, device, "", "event", now, {"event": "unsupported", "type": kind}, handle)
            if data
            else None
        )
    return Message(id if ID.fullmatch(id) else made, device, text[:LONGEST], at=now, handle=handle)


def is_same(earlier: Message, later: Message) -> bool:
    """The broker sent it once more, since our receipt did not reach it."""
    one, other = earlier.handle, later.handle
    is_late = later.at - earlier.at > AGAIN
    return (
        not is_late
        and "again" in other
        and (one.get("mid"), one.get("mark")) == (other["mid"], other["mark"])
    )


def answer(account: Account, part: str, key: str) -> str:
    if account.answers == "text":
        return part
    said = {"sender": "agent", "content": part, "msg_type": "text", "id": key}
    return json.dumps(said, ensure_ascii=False)


def _object(payload: str) -> Mapping[str, Any] | None:
    """None where it is text."""
    if not payload.lstrip().startswith("{"):
        return None
    try:
        found = wellformed.load(payload, deepest=DEEPEST)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _words(data: Mapping[str, Any], path: str) -> str:
    value = _at(data, path)
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, int | float) else ""


def _id(value: object) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _at(data: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        data = data.get(name) if isinstance(data, Mapping) else None
    return data if path else None
