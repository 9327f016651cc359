"""Files of a Slack app, both ways: got by their address with the token; put to an address that is asked for,
and then shown in a place.

https://docs.slack.dev/reference/methods/files.getUploadURLExternal/
https://docs.slack.dev/reference/methods/files.completeUploadExternal/
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from runtime.answer import MediaKind
from runtime.channels import (
    ApiRequest,
    Attached,
    Media,
    MediaIn,
    MediaLimits,
    PushesMedia,
    Shown,
    Steps,
    Uploaded,
    at_address,
)
from runtime.channels._text.markdown import ZERO_WIDTH_SPACE
from runtime.channels.slack import guide
from runtime.channels.slack.answers import failure
from runtime.errors import SendFailed
from runtime.message import Message

MB = 1_000_000
FILE = re.compile(r"F[A-Z0-9]{1,40}")
THERE = re.compile(r"https://files\.slack\.com/[!-~]{1,2000}")
LITTLE = 4096
LIES = 600.0
"""Seconds for which what was put there waits to be shown; Slack does not say how long it keeps it."""
COMMENT = 1000
CALLS = re.compile(r"<(?=[@!#])")
"""What would call somebody where it is read as words."""


class AppFiles(MediaIn, PushesMedia):
    media_in: ClassVar[Mapping[MediaKind, MediaLimits]] = dict.fromkeys(
        ("image", "voice", "video", "file"), MediaLimits(20 * MB)
    )
    media_out: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(20 * MB, frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})),
        "voice": MediaLimits(20 * MB),
        "video": MediaLimits(50 * MB),
        "file": MediaLimits(50 * MB),
    }
    media_hosts: ClassVar[frozenset[str]] = frozenset({"files.slack.com"})
    shown_once: ClassVar[bool] = True

    def attached(self, message: Message) -> Sequence[Attached]:
        files = message.data.get("attached")
        return [Attached(one["kind"], {"url": one["url"]}, one["name"]) for one in files] if files else ()

    def get(self, file: Attached) -> Steps[bytes]:
        answer = yield there(file.place.get("url"), self.media_in[file.kind].most)
        if not answer.content:
            raise failure(answer, "unreadable")
        return answer.content

    def put(self, media: Media) -> Steps[Uploaded]:
        wanted = {"filename": media.name, "length": str(len(media.content))}
        answer = yield ApiRequest("/api/files.getUploadURLExternal", query=wanted)
        url, id = answer.data.get("upload_url"), answer.data.get("file_id")
        if answer.data.get("ok") is not True:
            raise may_not(failure(answer, "unreadable"))
        if not isinstance(url, str) or not THERE.fullmatch(url):
            raise SendFailed(guide.UNREADABLE, code="unreadable")
        if not isinstance(id, str) or not FILE.fullmatch(id):
            raise SendFailed(guide.UNREADABLE, code="unreadable")
        taken = yield there(url, LITTLE, media.content)
        if taken.status != 200:
            raise failure(taken, "unreadable")
        return Uploaded({"file": id}, LIES)

    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest:
        return _shows(shown, to, {})

    def push_media_after(self, message: Message, shown: Shown, key: str) -> ApiRequest:
        return _shows(shown, message.sender, message.handle)


def _shows(shown: Shown, to: str, handle: Mapping[str, str]) -> ApiRequest:
    """In one place, which may be a member: `channels` takes both."""
    file = {
        "id": shown.data["file"],
        **({"title": CALLS.sub("<" + ZERO_WIDTH_SPACE, shown.title[:COMMENT])} if shown.title else {}),
    }
    body: dict[str, Any] = {"files": [file], "channels": to.partition("/")[0]}
    thread = {"thread_ts": handle["thread"]} if "thread" in handle else {}
    return ApiRequest("/api/files.completeUploadExternal", {**body, **thread})


def may_not(error: SendFailed) -> SendFailed:
    """A permission that files alone need is nothing that words wait for."""
    if error.code != "missing_scope":
        return error
    return SendFailed(guide.TEXTS["no_files"], code="no_files")


def there(url: object, most: int, content: bytes | None = None) -> ApiRequest:
    request = at_address(url, most, content)
    if request is None:
        raise SendFailed(guide.UNREADABLE, code="unreadable")
    return request
