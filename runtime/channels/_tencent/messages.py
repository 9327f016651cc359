"""What a person sends by a callback's fields, the same for every surface that has them."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from runtime.channels._border.refusals import refused
from runtime.message import Kind

Fields = Mapping[str, str]

SENDER = re.compile(r"[!-~]{1,128}")
TYPE = re.compile(r"[A-Za-z0-9_]{1,64}")
EVENT = re.compile(r"[!-~]{1,128}")
MESSAGE_ID = re.compile(r"[0-9]{1,20}")
TIME = re.compile(r"[0-9]{1,10}")
NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,20})?")


class Content(NamedTuple):
    kind: Kind
    text: str
    data: dict[str, Any]


def text(fields: Fields) -> Content:
    return Content("text", required(fields, "Content"), {})


def image(fields: Fields) -> Content:
    return Content("image", "", {"url": fields.get("PicUrl", ""), "media_id": fields.get("MediaId", "")})


def voice(fields: Fields) -> Content:
    # Recognition is there only when the owner switched speech recognition on.
    data = {"media_id": fields.get("MediaId", ""), "format": fields.get("Format", "")}
    return Content("voice", fields.get("Recognition", ""), data)


def video(fields: Fields) -> Content:
    data = {"media_id": fields.get("MediaId", ""), "thumb_media_id": fields.get("ThumbMediaId", "")}
    return Content("video", "", data)


def location(fields: Fields) -> Content:
    data = {
        "latitude": float(matching(NUMBER, fields, "Location_X")),
        "longitude": float(matching(NUMBER, fields, "Location_Y")),
        "scale": int(float(matching(NUMBER, fields, "Scale"))) if fields.get("Scale") else 0,
    }
    return Content("location", fields.get("Label", ""), data)


def link(fields: Fields) -> Content:
    data = {name.lower(): fields.get(name, "") for name in ("Title", "Description", "Url")}
    return Content("link", "\n".join(filter(None, (data["title"], data["url"]))), data)


def unsupported(fields: Fields) -> Content:
    return Content("event", "", {"event": "unsupported", "type": fields["MsgType"]})


def event_id(created: str, fields: Fields, *names: str) -> str:
    """Events have no MsgId; with the sender these fields tell a repeat from another event."""
    parts = "|".join((created, fields["Event"].lower(), *(fields.get(name, "") for name in names)))
    return "event:" + hashlib.sha256(parts.encode()).hexdigest()[:32]


READERS: Mapping[str, Callable[[Fields], Content]] = {
    "text": text,
    "image": image,
    "voice": voice,
    "video": video,
    "shortvideo": video,
    "location": location,
    "link": link,
}


def required(fields: Fields, name: str) -> str:
    if name not in fields:
        raise refused("malformed")
    return fields[name]


def matching(pattern: re.Pattern[str], fields: Fields, name: str) -> str:
    value = required(fields, name)
    if not pattern.fullmatch(value):
        raise refused("malformed")
    return value
