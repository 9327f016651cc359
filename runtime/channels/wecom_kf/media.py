"""Pictures, voice, video and files of a customer-service account, both ways: temporary material.

https://developer.work.weixin.qq.com/document/path/90253
"""

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
)
from runtime.channels._tencent import material
from runtime.channels.wecom_kf.account import Account
from runtime.channels.wecom_kf.codes import ANSWERS
from runtime.message import Message

MB = 1_000_000
KINDS: Mapping[str, MediaKind] = {"image": "image", "voice": "voice", "video": "video", "file": "file"}


class KfMedia(MediaIn, PushesMedia):
    settings: Account
    media_in: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(
            10 * MB, frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp"})
        ),
        "voice": MediaLimits(2 * MB, frozenset({"audio/amr", "audio/mpeg"})),
        "video": MediaLimits(20 * MB, frozenset({"video/mp4"})),
        "file": MediaLimits(20 * MB),
    }
    media_out: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(10 * MB, frozenset({"image/jpeg", "image/png"})),
        "voice": MediaLimits(2 * MB, frozenset({"audio/amr"}), seconds=60),
        "video": MediaLimits(10 * MB, frozenset({"video/mp4"})),
        "file": MediaLimits(20 * MB),
    }

    def attached(self, message: Message) -> Sequence[Attached]:
        kind, id = KINDS.get(message.kind), message.data.get("media_id")
        return (Attached(kind, {"media_id": str(id)}),) if kind and id else ()

    def get(self, file: Attached) -> Steps[bytes]:
        most = self.media_in[file.kind].most
        return (yield from material.got(ANSWERS, file.place.get("media_id", ""), most))

    def put(self, media: Media) -> Steps[Uploaded]:
        id = yield from material.put(ANSWERS, media.kind, media.name, media.content, media.type)
        return Uploaded({"media_id": id}, material.DAYS_3)

    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest:
        inner: Mapping[str, Any] = {"media_id": shown.data["media_id"]}
        body = {"touser": to, "open_kfid": self.settings.open_kfid, "msgid": key, "msgtype": shown.kind}
        return ApiRequest("/cgi-bin/kf/send_msg", {**body, shown.kind: inner})
