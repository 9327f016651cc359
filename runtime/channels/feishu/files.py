"""Pictures, voice, video and files, both ways.

https://open.feishu.cn/document/server-docs/im-v1/message/get-2,
https://open.feishu.cn/document/server-docs/im-v1/file/create, …/image/create
"""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.channels import ApiRequest, Attached, FormFile, Media, MediaLimits, Shown, Steps, Uploaded
from runtime.channels.feishu import codes
from runtime.errors import SendFailed
from runtime.message import Message

MB = 1024 * 1024
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"})
IN: Mapping[Any, MediaLimits] = {
    "image": MediaLimits(10 * MB, PICTURES),
    "voice": MediaLimits(10 * MB, frozenset({"audio/ogg", "audio/opus", "audio/mpeg", "audio/amr"})),
    "video": MediaLimits(30 * MB, frozenset({"video/mp4"})),
    "file": MediaLimits(30 * MB),
}
OUT: Mapping[Any, MediaLimits] = {
    "image": MediaLimits(10 * MB, PICTURES),
    "voice": MediaLimits(10 * MB, frozenset({"audio/ogg", "audio/opus"})),
    "video": MediaLimits(30 * MB, frozenset({"video/mp4"})),
    "file": MediaLimits(30 * MB),
}
KEPT = 30 * 86_400.0
"""Seconds, ours: what was put there stays, by what is said."""
TYPES = {"pdf": "pdf", "doc": "doc", "docx": "doc", "xls": "xls", "xlsx": "xls", "ppt": "ppt", "pptx": "ppt"}
KINDS = {"image": "image", "voice": "audio", "video": "media", "file": "file"}


def attached(message: Message) -> Sequence[Attached]:
    """As messages.py wrote them into the message's handle: kind, how it is asked for, key, name."""
    found = []
    for name, told in sorted(message.handle.items()):
        kind, asked, key, called = (*told.split(" ", 3), "", "", "")[:4]
        if name.startswith("file") and kind in IN and key:
            place = {"message": message.handle["message"], "key": key, "type": asked}
            found.append(Attached(kind, place, called))  # type: ignore[arg-type] # one of the four
    return found


def get(file: Attached) -> Steps[bytes]:
    path = f"/open-apis/im/v1/messages/{file.place['message']}/resources/{file.place['key']}"
    answer = yield ApiRequest(path, None, {"type": file.place["type"]}, most=IN[file.kind].most)
    if answer.status != 200 or not answer.content:
        codes.check(answer)
        raise SendFailed(codes.UNREADABLE, code="unreadable")
    return answer.content


def put(media: Media) -> Steps[Uploaded]:
    if media.kind == "image":
        form = FormFile("image", media.name, media.content, media.type, {"image_type": "message"})
        told = codes.check((yield ApiRequest("/open-apis/im/v1/images", upload=form)))
        return Uploaded({"image_key": codes.text_of(told, "image_key")}, KEPT)
    ending = media.name.rpartition(".")[2].lower()
    kind = {"voice": "opus", "video": "mp4"}.get(media.kind, TYPES.get(ending, "stream"))
    more = {"file_type": kind, "file_name": media.name}
    if media.seconds:
        more["duration"] = str(round(media.seconds * 1000))
    form = FormFile("file", media.name, media.content, media.type, more)
    told = codes.check((yield ApiRequest("/open-apis/im/v1/files", upload=form)))
    return Uploaded({"file_key": codes.text_of(told, "file_key")}, KEPT)


def shown(one: Shown) -> tuple[str, dict[str, str]]:
    """The type and the content of a message that shows it."""
    name = "image_key" if one.kind == "image" else "file_key"
    return KINDS[one.kind], {name: str(one.data[name])}
