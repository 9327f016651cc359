"""Pictures, voice and files, both ways.

What people send is got by a code that lasts a while and is this robot's alone. What is shown lies at the
older of the two APIs first.

https://open.dingtalk.com/document/development/robot-message-file-download,
https://open.dingtalk.com/document/development/upload-media-files,
https://open.dingtalk.com/document/development/types-of-messages-sent-by-enterprise-robots
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.channels import (
    ApiRequest,
    Attached,
    FormFile,
    Media,
    MediaLimits,
    Shown,
    Steps,
    Uploaded,
    at_address,
)
from runtime.channels._text.printable import clean
from runtime.channels.dingtalk import codes
from runtime.errors import SendFailed
from runtime.message import Message

MB = 1024 * 1024
UPLOAD = "/media/upload"
IN: Mapping[Any, MediaLimits] = {
    "image": MediaLimits(
        10 * MB, frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp"})
    ),
    "voice": MediaLimits(2 * MB, frozenset({"audio/amr", "audio/mpeg", "audio/ogg"})),
    "video": MediaLimits(20 * MB, frozenset({"video/mp4"})),
    "file": MediaLimits(20 * MB),
}
OUT: Mapping[Any, MediaLimits] = {
    "image": MediaLimits(20 * MB, frozenset({"image/jpeg", "image/png", "image/gif"})),
    "voice": MediaLimits(2 * MB, frozenset({"audio/amr", "audio/ogg"}), seconds=60),
    "file": MediaLimits(20 * MB),
}
HOSTS = frozenset({"*.dingtalk.com", "*.aliyuncs.com"})
"""Where files lie: the platform itself says so, over its API."""
DAYS_3 = 3 * 86_400.0
"""Kept for longer, by what is said; nobody says for how long."""
LONGEST_TITLE = 100


def attached(message: Message) -> Sequence[Attached]:
    """As messages.py wrote them into the message's handle: kind, code, name."""
    found = []
    for name, told in sorted(message.handle.items()):
        kind, _, rest = told.partition(" ")
        code, _, called = rest.partition(" ")
        if name.startswith("file") and kind in IN and code:
            found.append(Attached(kind, {"code": code}, called))  # type: ignore[arg-type] # one of the four
    return found


def get(file: Attached, robot: str) -> Steps[bytes]:
    asked = {"downloadCode": file.place["code"], "robotCode": robot}
    told = yield ApiRequest("/v1.0/robot/messageFiles/download", asked)
    codes.check(told)
    request = at_address(told.data.get("downloadUrl"), IN[file.kind].most, with_http=True)
    if request is None:
        raise SendFailed(codes.UNREADABLE, code="unreadable")
    answer = yield request
    if answer.status != 200 or not answer.content:
        codes.check(answer)
        raise SendFailed(codes.UNREADABLE, code="unreadable")
    return answer.content


def put(media: Media) -> Steps[Uploaded]:
    form = FormFile("media", media.name, media.content, media.type, {"type": media.kind})
    answer = yield ApiRequest(UPLOAD, upload=form)
    codes.check(answer)
    id = answer.data.get("media_id")
    if not isinstance(id, str) or not 0 < len(id) <= 512:
        raise SendFailed(codes.UNREADABLE, code="unreadable")
    shown: dict[str, Any] = {"media_id": id}
    if media.kind == "voice":
        shown["ms"] = round((media.seconds or 1.0) * 1000)
    elif media.kind == "file":
        shown["name"] = media.name
    return Uploaded(shown, DAYS_3)


def shown(one: Shown) -> tuple[str, dict[str, str]]:
    """The key and the parameters of a robot's message that shows it."""
    data = one.data
    if one.kind == "news":
        return "sampleLink", {
            "title": clean(data["title"])[:LONGEST_TITLE],
            "text": clean(data.get("description", "") or data["title"])[:500],
            "picUrl": str(data.get("picture", "")),
            "messageUrl": str(data["url"]),
        }
    id = str(data["media_id"])
    if one.kind == "image":
        return "sampleImageMsg", {"photoURL": id}
    if one.kind == "voice":
        return "sampleAudio", {"mediaId": id, "duration": str(data["ms"])}
    name = str(data["name"])
    return "sampleFile", {"mediaId": id, "fileName": name, "fileType": name.rpartition(".")[2][:10]}


def parameters(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)
