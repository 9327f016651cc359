"""What the Official Account platform pushes, as our Message.

https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from runtime.channels._tencent.refusals import refused
from runtime.message import Event, Kind, Message

Fields = Mapping[str, str]

SENDER = re.compile(r"[!-~]{1,128}")
TYPE = re.compile(r"[A-Za-z0-9_]{1,64}")
EVENT = re.compile(r"[!-~]{1,128}")
MESSAGE_ID = re.compile(r"[0-9]{1,20}")
TIME = re.compile(r"[0-9]{1,10}")
NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,20})?")
STICKER = re.compile(
    r"[【\[［「]\s*("
    r"(收到)?(一条)?暂?不(支持|支援)的(消息|訊息)[^】\]］」]{0,24}|unsupported message[^】\]］」]{0,24}"
    r")[】\]］」][.。!！]?",
    re.IGNORECASE,
)
"""What WeChat writes in place of a sticker, a file or a transfer: nobody typed it."""
EVENTS: Mapping[str, Event] = {
    "subscribe": "followed",
    "unsubscribe": "left",
    "scan": "scanned",
    "click": "menu",
    "kf_create_session": "taken",
    "kf_switch_session": "taken",
    "kf_close_session": "returned",
}
"""After the others nothing that we answer would be shown. `unsubscribe` is here because the data must go."""


class Content(NamedTuple):
    kind: Kind
    text: str
    data: dict[str, Any]


def to_message(fields: Fields) -> Message | None:
    """The message, or None for an event that is only acknowledged. Raises Refused (`malformed`).

    A message of a type that we do not know becomes the event `unsupported`, so that the person is told. Of
    what is only acknowledged no more is asked than its name: what nobody reads cannot be malformed.
    """
    kind = _matching(TYPE, fields, "MsgType").lower()
    if kind == "event" and _matching(EVENT, fields, "Event").lower() not in EVENTS:
        return None
    sender = _matching(SENDER, fields, "FromUserName")
    created = _matching(TIME, fields, "CreateTime")
    if kind == "event":
        content = _event(fields)
        id = _event_id(created, fields)
    elif kind in READERS or "MsgId" in fields:
        content = READERS.get(kind, _unsupported)(fields)
        id = _matching(MESSAGE_ID, fields, "MsgId")
    else:
        return None  # a notice of the platform's, such as a device's: no person waits for an answer
    return Message(id, sender, content.text, content.kind, float(created), content.data)


def _text(fields: Fields) -> Content:
    text, tapped = _required(fields, "Content"), fields.get("bizmsgmenuid")
    if STICKER.fullmatch(text.strip()):
        return _unsupported(fields)
    return Content("text", text, {"bizmsgmenuid": tapped} if tapped else {})


def _image(fields: Fields) -> Content:
    return Content("image", "", {"url": fields.get("PicUrl", ""), "media_id": fields.get("MediaId", "")})


def _voice(fields: Fields) -> Content:
    # Recognition is there only when the owner switched speech recognition on.
    data = {"media_id": fields.get("MediaId", ""), "format": fields.get("Format", "")}
    return Content("voice", fields.get("Recognition", ""), data)


def _video(fields: Fields) -> Content:
    data = {"media_id": fields.get("MediaId", ""), "thumb_media_id": fields.get("ThumbMediaId", "")}
    return Content("video", "", data)


def _location(fields: Fields) -> Content:
    data = {
        "latitude": float(_matching(NUMBER, fields, "Location_X")),
        "longitude": float(_matching(NUMBER, fields, "Location_Y")),
        "scale": int(float(_matching(NUMBER, fields, "Scale"))) if fields.get("Scale") else 0,
    }
    return Content("location", fields.get("Label", ""), data)


def _link(fields: Fields) -> Content:
    data = {name.lower(): fields.get(name, "") for name in ("Title", "Description", "Url")}
    return Content("link", "\n".join(filter(None, (data["title"], data["url"]))), data)


def _unsupported(fields: Fields) -> Content:
    return Content("event", "", {"event": "unsupported", "type": fields["MsgType"]})


def _event(fields: Fields) -> Content:
    """A tapped menu button reads as if its key had been typed."""
    event = EVENTS[fields["Event"].lower()]
    key = fields.get("EventKey", "")
    return Content("event", key if event == "menu" else "", {"event": event, "key": key})


def _event_id(created: str, fields: Fields) -> str:
    """Events have no MsgId; with the sender these fields tell a repeat from another event."""
    parts = "|".join((created, fields["Event"].lower(), fields.get("EventKey", "")))
    return "event:" + hashlib.sha256(parts.encode()).hexdigest()[:32]


READERS: dict[str, Callable[[Fields], Content]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
}


def _required(fields: Fields, name: str) -> str:
    if name not in fields:
        raise refused("malformed")
    return fields[name]


def _matching(pattern: re.Pattern[str], fields: Fields, name: str) -> str:
    value = _required(fields, name)
    if not pattern.fullmatch(value):
        raise refused("malformed")
    return value
