"""Pictures, voice and video of an Official Account, both ways, and cards.

https://developers.weixin.qq.com/doc/service/api/material/temporary/
"""

import base64
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
from runtime.channels._tencent.answers import Answers
from runtime.channels._tencent.xml_body import Value
from runtime.channels._text.printable import clean
from runtime.channels.wechat.account import Known
from runtime.channels.wechat.errcodes import ANSWERS
from runtime.message import Message

MB = 1_000_000
MAX_TITLE, MAX_ABOUT = 64, 120
"""Characters of a card that a phone shows."""
THUMB = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j"
    "q62rZ4C8ybqmx5moq6T/wAALCABaAKABAREA/8QAGQABAAMBAQAAAAAAAAAAAAAAAAQFBgMB/8QAKxABAAICAQEGBAcAAAAAAAAA"
    "AAECAwQRBRIhMTVBcRNRgrIiMlJhgdHw/9oACAEBAAA/AKsAAAAAAAAAAAAAAAAAAAAAAddXBOzsVw1tFZtE8TP7RybOtl1ck0y0"
    "mO/un0n2lyAAAAABM6P5lh+r7ZaTLjpmx2x5Kxato4mJU2/0aaROTV5tWI5mk+P8fNU2ia2mtomJieJifR4AAAAAmdH8yw/V9stM"
    "I+3o4NyI+LWe1EcRas8TDM58dcWWaUy1yxE/mry5gAAAAmdH8yw/V9stMjbu9h06/jnm8xzWkeM/0od3qOfcni09jH+is90+/wA0"
    "QAAAABK6Xkph38eTJaK1rFpmZ9pTN7rNr9rHrR2a+HxPWfb5f7wVVpm1ptaZmZnmZn1eAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD//"
    "2Q=="
)
"""What stands for a video until it is tapped: a pushed one needs a picture of at most 64 KB."""


KINDS: Mapping[str, MediaKind] = {"image": "image", "voice": "voice", "video": "video"}


class AccountMedia(MediaIn, PushesMedia):
    """Temporary material, which a verified account may use. Nothing here waits."""

    settings: Known
    answers: ClassVar[Answers] = ANSWERS
    media_in: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(
            10 * MB, frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp"})
        ),
        "voice": MediaLimits(2 * MB, frozenset({"audio/amr", "audio/mpeg", "audio/speex"})),
        "video": MediaLimits(20 * MB, frozenset({"video/mp4"})),
    }
    media_hosts: ClassVar[frozenset[str]] = frozenset({"*.qpic.cn", "*.weixin.qq.com", "*.video.qq.com"})
    media_out: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(10 * MB, frozenset({"image/jpeg", "image/png", "image/gif"})),
        "voice": MediaLimits(2 * MB, frozenset({"audio/amr", "audio/mpeg"}), seconds=60),
        "video": MediaLimits(10 * MB, frozenset({"video/mp4"})),
    }
    shows_news: ClassVar[bool] = True

    def attached(self, message: Message) -> Sequence[Attached]:
        """One at most; of a picture also the address that needs no token."""
        place = {name: str(message.data[name]) for name in ("url", "media_id") if message.data.get(name)}
        kind = KINDS.get(message.kind)
        return (Attached(kind, place),) if kind and place else ()

    def get(self, file: Attached) -> Steps[bytes]:
        most = self.media_in[file.kind].most
        if file.kind == "image" and (at := material.elsewhere(file.place.get("url", ""), most)):
            return material.taken(self.answers, (yield at))
        if not self.settings.has_token:
            raise self.answers.failure({"errcode": 48001})
        return (yield from material.got(self.answers, file.place.get("media_id", ""), most))

    def put(self, media: Media) -> Steps[Uploaded]:
        id = yield from material.put(self.answers, media.kind, media.name, media.content, media.type)
        data = {"media_id": id}
        if media.kind == "video":
            thumb = yield from material.put(self.answers, "thumb", "thumb.jpg", THUMB, "image/jpeg")
            data["thumb_media_id"] = thumb
        return Uploaded(data, material.DAYS_3)

    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest:
        body = {"touser": to, "msgtype": shown.kind, shown.kind: _pushed(shown)}
        return ApiRequest("/cgi-bin/message/custom/send", {**body, "aimsgcontext": {"is_ai_msg": 1}})


def passive(shown: Shown) -> Mapping[str, Value]:
    """The fields of a passive reply that shows it."""
    data, title = shown.data, clean(shown.title)[:MAX_TITLE]
    if shown.kind == "news":
        item = {
            "Title": clean(data["title"])[:MAX_TITLE],
            "Description": clean(data.get("description", ""))[:MAX_ABOUT],
            "PicUrl": str(data.get("picture", "")),
            "Url": str(data["url"]),
        }
        return {"MsgType": "news", "ArticleCount": 1, "Articles": {"item": item}}
    inner: dict[str, Value] = {"MediaId": str(data["media_id"])}
    if shown.kind == "video":
        inner |= {"Title": title, "Description": ""}
    return {"MsgType": shown.kind, shown.kind.capitalize(): inner}


def _pushed(shown: Shown) -> Mapping[str, Any]:
    data = shown.data
    if shown.kind == "news":
        article = {
            "title": clean(data["title"])[:MAX_TITLE],
            "description": clean(data.get("description", ""))[:MAX_ABOUT],
            "url": data["url"],
            "picurl": data.get("picture", ""),
        }
        return {"articles": [article]}
    if shown.kind == "video":
        return {**data, "title": clean(shown.title)[:MAX_TITLE], "description": ""}
    return {"media_id": data["media_id"]}
