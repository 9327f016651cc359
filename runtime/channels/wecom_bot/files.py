"""Pictures, files and more, both ways.

What people send lies at an address for five minutes, encrypted. What a bot shows goes up over its connection
in pieces, or is in the end of a bubble that the platform asks for.

https://developer.work.weixin.qq.com/document/path/101463
"""

import base64
import hashlib
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from runtime.channels import ApiAnswer, Attached, Media, MediaLimits, Shown, Steps, Uploaded, at_address
from runtime.channels._tencent.answers import errcode
from runtime.channels._tencent.marked import quiet
from runtime.channels._tencent.material import DAYS_3
from runtime.channels._tencent.qyapi_codes import ANSWERS
from runtime.channels.wecom_bot.link import frame
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.message import Message

MB = 1024 * 1024
LIMITS: Mapping[Any, MediaLimits] = {
    "image": MediaLimits(10 * MB, frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})),
    "file": MediaLimits(20 * MB),
    "video": MediaLimits(20 * MB),
}
OUT: Mapping[Any, MediaLimits] = {
    "image": MediaLimits(10 * MB, frozenset({"image/jpeg", "image/png"})),
    "voice": MediaLimits(2 * MB, frozenset({"audio/amr"}), seconds=60),
    "video": MediaLimits(10 * MB, frozenset({"video/mp4"})),
    "file": MediaLimits(20 * MB),
}
CHUNK = 512 * 1024
"""Bytes of a piece, before base64."""
NOT_CALLED = Text(
    "用 URL 回调的机器人只能在回答里带图片，文件、语音、视频请改用长连接。",
    "A bot with URL callback shows pictures in its answers, and no files, voice or video. Use the long "
    "connection for these.",
)
CODES = frozenset(f"no_{kind}" for kind in OUT)
HOSTS = frozenset({"*.qpic.cn", "*.weixin.qq.com", "*.myqcloud.com", "*.tencentcos.cn"})


def attached(message: Message) -> Sequence[Attached]:
    """As messages.py wrote them into the message's handle: kind, key, address."""
    found = []
    for name, told in sorted(message.handle.items()):
        kind, _, rest = told.partition(" ")
        key, _, url = rest.partition(" ")
        if name.startswith("file") and kind in ("image", "file", "video") and url:
            found.append(Attached(kind, {"url": url, "key": key}))  # type: ignore[arg-type] # one of the three
    return found


def get(file: Attached) -> Steps[bytes]:
    request = at_address(file.place["url"], LIMITS[file.kind].most)
    if request is None:
        raise ANSWERS.failure({})
    answer = yield request
    if answer.status != 200 or not answer.content:
        raise ANSWERS.failure(answer.data)
    return answer.content


def put(media: Media) -> Steps[Uploaded]:
    """Announced, piece by piece, and finished. The same piece once more changes nothing there."""
    content = media.content
    pieces = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
    mark = hashlib.sha256(content).hexdigest()[:16]
    told = {
        "type": media.kind,
        "filename": media.name,
        "total_size": len(content),
        "total_chunks": len(pieces),
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
    }
    upload = yield from _asked(f"aibot_upload_media_init_{mark}", "aibot_upload_media_init", told)
    id = _id(upload, "upload_id")
    for n, piece in enumerate(pieces):
        data = base64.b64encode(piece).decode()
        told = {"upload_id": id, "chunk_index": n, "base64_data": data}
        yield from _asked(f"aibot_upload_media_chunk_{mark}_{n}", "aibot_upload_media_chunk", told)
    name = "aibot_upload_media_finish"
    there = yield from _asked(f"{name}_{mark}", name, {"upload_id": id})
    return Uploaded({"media_id": _id(there, "media_id")}, DAYS_3)


def held(media: Sequence[Media]) -> list[dict[str, Any]]:
    """Pictures as the end of a bubble holds them."""
    return [
        {
            "msgtype": "image",
            "image": {
                "base64": base64.b64encode(one.content).decode(),
                "md5": hashlib.md5(one.content, usedforsecurity=False).hexdigest(),
            },
        }
        for one in media
    ]


def shown(one: Shown) -> dict[str, Any]:
    """A message that shows what lies there."""
    told = {"media_id": str(one.data["media_id"])}
    if one.kind == "video" and one.title:
        told["title"] = quiet(one.title)[:64]
    return {"msgtype": one.kind, one.kind: told}


def not_called(kind: str) -> SendFailed:
    return SendFailed(NOT_CALLED, code=f"no_{kind}")


def _asked(id: str, cmd: str, body: Mapping[str, Any]) -> Generator[Any, ApiAnswer, Mapping[str, Any]]:
    """The body of what the platform says. Raises SendFailed."""
    answer = yield frame(cmd, id, body)
    if errcode(answer.data) != "0":
        raise ANSWERS.failure(answer.data)
    told = answer.data.get("body")
    return told if isinstance(told, dict) else {}


def _id(told: Mapping[str, Any], name: str) -> str:
    id = told.get(name)
    if not isinstance(id, str) or not 0 < len(id) <= 512:
        raise ANSWERS.failure({})
    return id
