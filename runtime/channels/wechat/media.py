"""Pictures, voice and video of an Official Account, both ways, and cards.

https://developers.weixin.qq.com/doc/service/api/material/temporary/
"""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from runtime.answer import MediaKind
from runtime.channels import ApiRequest, Media, MediaLimits, Shown, Steps, Uploaded
from runtime.channels._tencent import material
from runtime.channels._tencent.answers import Answers
from runtime.channels._tencent.temporary import (
    MAX_ABOUT,
    MAX_TITLE,
    MB,
    PICTURES_IN,
    PICTURES_OUT,
    TemporaryMedia,
)
from runtime.channels._tencent.xml_body import Value
from runtime.channels._text.printable import clean
from runtime.channels.wechat.account import Known
from runtime.channels.wechat.errcodes import ANSWERS

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


class AccountMedia(TemporaryMedia):
    """Temporary material, which a verified account may use."""

    settings: Known
    answers: ClassVar[Answers] = ANSWERS
    media_in: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": PICTURES_IN,
        "voice": MediaLimits(2 * MB, frozenset({"audio/amr", "audio/mpeg", "audio/speex"})),
        "video": MediaLimits(20 * MB, frozenset({"video/mp4"})),
    }
    media_out: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": PICTURES_OUT,
        "voice": MediaLimits(2 * MB, frozenset({"audio/amr", "audio/mpeg"}), seconds=60),
        "video": MediaLimits(10 * MB, frozenset({"video/mp4"})),
    }

    def put(self, media: Media) -> Steps[Uploaded]:
        lies = yield from super().put(media)
        if media.kind != "video":
            return lies
        thumb = yield from material.put(self.answers, "thumb", "thumb.jpg", THUMB, "image/jpeg")
        return replace(lies, data={**lies.data, "thumb_media_id": thumb})

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
