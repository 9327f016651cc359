"""Files of a Telegram bot, both ways: got in two calls, and sent along with the message that shows them.

https://core.telegram.org/bots/api#getfile and #sending-files
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from runtime.answer import MediaKind
from runtime.channels import ApiRequest, Attached, CarriesMedia, FormFile, MediaIn, MediaLimits, Shown, Steps
from runtime.channels.telegram.codes import UNREADABLE, check
from runtime.channels.telegram.messages import FILE_ID
from runtime.channels.telegram.sending import NOTHING, place, quiet
from runtime.errors import SendFailed
from runtime.message import Message

MB = 1_000_000
PATH = re.compile(r"(?!.*\.\.)[A-Za-z0-9_./-]{1,300}")
METHODS: Mapping[MediaKind, tuple[str, str]] = {
    "image": ("/sendPhoto", "photo"),
    "voice": ("/sendVoice", "voice"),
    "video": ("/sendVideo", "video"),
    "file": ("/sendDocument", "document"),
}
CAPTION = 1024


class BotMedia(MediaIn, CarriesMedia):
    media_in: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(20 * MB),
        "voice": MediaLimits(20 * MB),
        "video": MediaLimits(20 * MB),
        "file": MediaLimits(20 * MB),
    }
    media_out: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(10 * MB, frozenset({"image/jpeg", "image/png", "image/webp"})),
        "voice": MediaLimits(50 * MB, frozenset({"audio/ogg", "audio/mpeg", "audio/mp4"})),
        "video": MediaLimits(50 * MB, frozenset({"video/mp4"})),
        "file": MediaLimits(50 * MB),
    }

    def attached(self, message: Message) -> Sequence[Attached]:
        file = message.data.get("attached")
        if not isinstance(file, dict) or file.get("kind") not in self.media_in:
            return ()
        return (Attached(file["kind"], {"file_id": str(file.get("file_id", ""))}, str(file.get("name", ""))),)

    def get(self, file: Attached) -> Steps[bytes]:
        id = file.place.get("file_id", "")
        if not FILE_ID.fullmatch(id):
            raise SendFailed(UNREADABLE, code="unreadable")
        found = check((yield ApiRequest("/getFile", {"file_id": id})))
        path = found.get("file_path") if isinstance(found, dict) else None
        if not isinstance(path, str) or not PATH.fullmatch(path):
            raise SendFailed(UNREADABLE, code="unreadable")
        answer = yield ApiRequest(f"/file/{path}", most=self.media_in[file.kind].most)
        if not answer.content:
            check(answer)
            raise SendFailed(UNREADABLE, code="unreadable")
        return answer.content

    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest:
        return _sent(shown, place(to, NOTHING))

    def push_media_after(self, message: Message, shown: Shown, key: str) -> ApiRequest:
        return _sent(shown, place(message.sender, message.handle))


def _sent(shown: Shown, at: Mapping[str, Any]) -> ApiRequest:
    """A form's fields are texts; what is more than one is JSON."""
    assert shown.media
    path, name = METHODS[shown.media.kind]
    more = {key: value if isinstance(value, str) else json.dumps(value) for key, value in at.items()}
    if shown.title:
        more["caption"] = quiet(shown.title, more["chat_id"])[:CAPTION]
    file = FormFile(name, shown.media.name, shown.media.content, shown.media.type, more)
    return ApiRequest(path, upload=file)
