"""Files of a WhatsApp number, both ways. https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from runtime.answer import MediaKind
from runtime.channels import (
    ApiRequest,
    Attached,
    FormFile,
    Media,
    MediaIn,
    MediaLimits,
    PushesMedia,
    Shown,
    Steps,
    Uploaded,
    at_address,
)
from runtime.channels.whatsapp.account import Account
from runtime.channels.whatsapp.codes import UNREADABLE, failure
from runtime.channels.whatsapp.messages import FILE_ID
from runtime.errors import SendFailed
from runtime.message import Message

MB = 1_000_000
KEPT = 29 * 86_400.0
"""Seconds: the platform keeps what was uploaded for 30 days."""
TYPES: Mapping[MediaKind, str] = {"image": "image", "voice": "audio", "video": "video", "file": "document"}
CAPTION = 1024


class NumberMedia(MediaIn, PushesMedia):
    settings: Account
    media_in: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(5 * MB),
        "voice": MediaLimits(16 * MB),
        "video": MediaLimits(16 * MB),
        "file": MediaLimits(50 * MB),
    }
    media_hosts: ClassVar[frozenset[str]] = frozenset({"*.fbsbx.com"})
    media_out: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(5 * MB, frozenset({"image/jpeg", "image/png"})),
        "voice": MediaLimits(
            16 * MB, frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "audio/amr", "audio/aac"})
        ),
        "video": MediaLimits(16 * MB, frozenset({"video/mp4"})),
        "file": MediaLimits(100 * MB),
    }

    def attached(self, message: Message) -> Sequence[Attached]:
        file = message.data.get("attached")
        if not isinstance(file, dict) or file.get("kind") not in self.media_in:
            return ()
        return (Attached(file["kind"], {"id": str(file.get("id", ""))}, str(file.get("name", ""))),)

    def get(self, file: Attached) -> Steps[bytes]:
        id = file.place.get("id", "")
        if not FILE_ID.fullmatch(id):
            raise SendFailed(UNREADABLE, code="unreadable")
        answer = yield ApiRequest(self.path(f"/{id}"))
        request = at_address(answer.data.get("url"), self.media_in[file.kind].most)
        if request is None:
            raise failure(answer)
        answer = yield request
        if not answer.content:
            raise failure(answer)
        return answer.content

    def put(self, media: Media) -> Steps[Uploaded]:
        more = {"messaging_product": "whatsapp", "type": media.type}
        file = FormFile("file", media.name, media.content, media.type, more)
        answer = yield ApiRequest(self.path(f"/{self.settings.phone_number_id}/media"), upload=file)
        id = answer.data.get("id")
        if not isinstance(id, str) or not FILE_ID.fullmatch(id):
            raise failure(answer)
        return Uploaded({"id": id, "name": media.name}, KEPT)

    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest:
        assert shown.kind in ("image", "voice", "video", "file")
        inner: dict[str, Any] = {"id": shown.data["id"]}
        if shown.title and shown.kind != "voice":
            inner["caption"] = shown.title[:CAPTION]
        if shown.kind == "file":
            inner["filename"] = shown.data["name"]
        return self.message(TYPES[shown.kind], inner, to, key)

    def path(self, place: str) -> str:
        return f"/{self.settings.graph_version}{place}"

    @abstractmethod
    def message(self, kind: str, inner: Mapping[str, Any], to: str, key: str) -> ApiRequest:
        """One message of a kind to somebody."""
