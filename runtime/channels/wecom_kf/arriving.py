"""What `kf/sync_msg` lists, as our messages.

https://developer.work.weixin.qq.com/document/path/94670
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from runtime.channels._text.printable import clean
from runtime.channels.wecom_kf.codes import fail_code
from runtime.message import Bounce, Event, Kind, Message

ID = re.compile(r"[!-~]{1,128}")
CUSTOMER, SYSTEM, SERVICER = 3, 4, 5
"""By `origin`: who a thing is from."""
MOST_TEXT = 20_000
"""Characters of one text; the platform's own are far shorter."""
CHANGES: Mapping[int, Event] = {1: "taken", 2: "taken", 3: "returned", 4: "taken"}
"""By `change_type`: taken from the pool, passed on, ended, taken up again. Only what humans do is told."""


class Content(NamedTuple):
    kind: Kind
    text: str
    data: dict[str, Any]


class NoMessage(Exception):
    """Of one item: the others are read."""


def items(listed: Iterable[object], open_kfid: str) -> tuple[list[Message], list[Bounce], int]:
    """Each of them, in order; what did not arrive; and how many cannot be read, which must not stop the rest.

    What other accounts of the enterprise got is left alone.
    """
    messages: list[Message] = []
    bounces: list[Bounce] = []
    unread = 0
    for item in listed:
        try:
            found = _item(_object(item), open_kfid)
        except NoMessage:
            unread += 1
            continue
        if isinstance(found, Message):
            messages.append(found)
        elif found is not None:
            bounces.append(found)
    return messages, bounces, unread


def _item(item: Mapping[str, Any], open_kfid: str) -> Message | Bounce | None:
    inner = _object(item.get("event")) if item.get("msgtype") == "event" else item
    if item.get("open_kfid", inner.get("open_kfid", open_kfid)) != open_kfid:
        return None
    if item.get("msgtype") == "event":
        return _event(item, inner)
    sender, id, at = _id(item, "external_userid"), _id(item, "msgid"), _time(item)
    match item.get("origin"):
        case origin if origin == CUSTOMER:
            content = _content(item)
            return Message(id, sender, content.text, content.kind, at, content.data)
        case origin if origin == SERVICER:
            said = _content(item)
            text = said.text or f"[{item.get('msgtype')}]"
            return Message(id, sender, text, "event", at, {"event": "replied"})
        case _:
            return None  # the platform's own lines


def _event(item: Mapping[str, Any], event: Mapping[str, Any]) -> Message | Bounce | None:
    kind = event.get("event_type")
    if not isinstance(kind, str) or kind not in EVENTS:
        return None  # about who serves and when; no customer waits for an answer
    sender, id, at = _id(event, "external_userid"), _id(item, "msgid"), _time(item)
    if kind == "msg_send_fail":
        return Bounce(sender, _id(event, "fail_msgid"), fail_code(event.get("fail_type")))
    data = EVENTS[kind](event)
    return Message(id, sender, "", "event", at, data) if data else None


def _entered(event: Mapping[str, Any]) -> dict[str, Any]:
    """`welcome_code` is there only when the customer may be greeted, and good for 20 s."""
    data: dict[str, Any] = {"event": "opened"}
    for theirs, ours in (("scene", "scene"), ("scene_param", "scene_param"), ("welcome_code", "welcome")):
        if isinstance(value := event.get(theirs), str) and value:
            data[ours] = clean(value)[:512]
    return data


def _changed(event: Mapping[str, Any]) -> dict[str, Any]:
    change = event.get("change_type")
    return {"event": CHANGES[change]} if isinstance(change, int) and change in CHANGES else {}


def _recalled(event: Mapping[str, Any]) -> dict[str, Any]:
    return {"event": "recalled", "id": _id(event, "recall_msgid")}


EVENTS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "enter_session": _entered,
    "msg_send_fail": lambda _: {},
    "session_status_change": _changed,
    "user_recall_msg": _recalled,
    "servicer_recall_msg": _recalled,
}


def _content(item: Mapping[str, Any]) -> Content:
    """A message of a type that we do not know becomes `unsupported`, so that the customer is told."""
    kind = item.get("msgtype")
    if not isinstance(kind, str) or not ID.fullmatch(kind):
        raise NoMessage
    if kind not in READERS:
        return Content("event", "", {"event": "unsupported", "type": kind[:64]})
    return READERS[kind](_object(item.get(kind)))


def _text(inner: Mapping[str, Any]) -> Content:
    if not isinstance(inner.get("content"), str):
        raise NoMessage
    tapped = inner.get("menu_id")
    words = clean(inner["content"])[:MOST_TEXT]
    if not isinstance(tapped, str) or not (value := clean(tapped)[:128].strip()):
        return Content("text", words, {})
    return Content("text", value, {"choice": words})


def _media(kind: Kind) -> Callable[[Mapping[str, Any]], Content]:
    return lambda inner: Content(kind, "", {"media_id": _id(inner, "media_id", 1024)})


def _location(inner: Mapping[str, Any]) -> Content:
    place = {name: inner.get(name) for name in ("latitude", "longitude")}
    if not all(_is_degrees(one) for one in place.values()):
        raise NoMessage
    label = " ".join(filter(None, (_words(inner, "name"), _words(inner, "address"))))
    return Content("location", label, {name: float(str(one)) for name, one in place.items()})


def _is_degrees(value: object) -> bool:
    """A bool is an int in Python, and none of these."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 180


def _link(inner: Mapping[str, Any]) -> Content:
    data = {
        "title": _words(inner, "title"),
        "description": _words(inner, "desc"),
        "url": _words(inner, "url"),
    }
    return Content("link", "\n".join(filter(None, (data["title"], data["url"]))), data)


READERS: dict[str, Callable[[Mapping[str, Any]], Content]] = {
    "text": _text,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "file": _media("file"),
    "location": _location,
    "link": _link,
}


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise NoMessage
    return value


def _id(of: Mapping[str, Any], name: str, most: int = 128) -> str:
    value = of.get(name)
    if not isinstance(value, str) or len(value) > most or not re.fullmatch(r"[!-~]+", value):
        raise NoMessage
    return value


def _words(of: Mapping[str, Any], name: str) -> str:
    value = of.get(name, "")
    return clean(value)[:2048] if isinstance(value, str) else ""


def _time(item: Mapping[str, Any]) -> float:
    at = item.get("send_time")
    if not isinstance(at, int) or isinstance(at, bool) or not 0 <= at < 2**33:
        raise NoMessage
    return float(at)
