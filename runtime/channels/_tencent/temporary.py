"""Pictures and more of one account at WeChat as temporary material, both ways: an Official Account's and a
Mini Program's lie in the same place.

https://developers.weixin.qq.com/doc/service/api/material/temporary/
https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/uploadTempMedia.html
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol

from runtime.answer import MediaKind
from runtime.channels import Attached, Media, MediaIn, MediaLimits, PushesMedia, Steps, Uploaded, at_address
from runtime.channels._tencent import material
from runtime.channels._tencent.answers import Answers
from runtime.message import Message

MB = 1_000_000
MAX_TITLE, MAX_ABOUT = 64, 120
"""Characters of a card that a phone shows."""
PICTURES_IN = MediaLimits(
    10 * MB, frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp"})
)
PICTURES_OUT = MediaLimits(10 * MB, frozenset({"image/jpeg", "image/png", "image/gif"}))
KINDS: Mapping[str, MediaKind] = {"image": "image", "voice": "voice", "video": "video"}


class Known(Protocol):
    @property
    def has_token(self) -> bool:
        """Whether there is a way to an access token."""
        ...


class TemporaryMedia(MediaIn, PushesMedia):
    """Nothing here waits."""

    settings: Known
    answers: ClassVar[Answers]
    media_hosts: ClassVar[frozenset[str]] = frozenset({"*.qpic.cn", "*.weixin.qq.com", "*.video.qq.com"})
    shows_news: ClassVar[bool] = True

    def attached(self, message: Message) -> Sequence[Attached]:
        """One at most; of a picture also the address that needs no token."""
        place = {name: str(message.data[name]) for name in ("url", "media_id") if message.data.get(name)}
        kind = KINDS.get(message.kind)
        return (Attached(kind, place),) if kind and place else ()

    def get(self, file: Attached) -> Steps[bytes]:
        most = self.media_in[file.kind].most
        if file.kind == "image" and (at := at_address(file.place.get("url"), most, with_http=True)):
            return material.taken(self.answers, (yield at))
        if not self.settings.has_token:
            raise self.answers.failure({"errcode": 48001})
        return (yield from material.got(self.answers, file.place.get("media_id", ""), most))

    def put(self, media: Media) -> Steps[Uploaded]:
        id = yield from material.put(self.answers, media.kind, media.name, media.content, media.type)
        return Uploaded({"media_id": id}, material.DAYS_3)
