"""Temporary material: what accounts put there and what people sent, for three days, within limits.

https://developers.weixin.qq.com/doc/service/api/material/temporary/
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.simulator._multipart import in_form

DAYS_3 = 3 * 86_400.0
MOST = {"image": 10_000_000, "voice": 2_000_000, "video": 10_000_000, "thumb": 64_000}
"""Bytes of one."""
BEGINS: Mapping[str, tuple[bytes, ...]] = {
    "image": (b"\xff\xd8\xff", b"\x89PNG", b"GIF8"),
    "voice": (b"#!AMR", b"ID3", b"\xff\xfb", b"\xff\xf3"),
    "video": (b"ftyp",),
    "thumb": (b"\xff\xd8\xff",),
}
TOO_LARGE = {"image": 40009, "voice": 40010, "video": 40011, "thumb": 40012}
WRONG_KIND, WRONG_TYPE, NO_FILE, NO_SUCH_ID, TOO_MANY_ARTICLES = 40004, 40005, 41005, 40007, 45008
NAMES = {"image": "[图片]", "voice": "[语音]", "video": "[视频]"}


@dataclass(frozen=True)
class Kept:
    account: str
    kind: str
    content: bytes
    until: float


class Shelf:
    """Of all accounts; what one put there nobody else can show."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}
        self.addresses: dict[str, bytes] = {}
        """Pictures that people sent, by the path of their address."""
        self.uploads: defaultdict[tuple[str, int], int] = defaultdict(int)

    def upload(self, account: str, kind: str, body: bytes, now: float) -> str | int:
        """A form with the file in `media`; its id or an errcode."""
        if kind not in MOST:
            return WRONG_KIND
        found = in_form(body)
        if found is None:
            return NO_FILE
        _, content = found
        if len(content) > MOST[kind]:
            return TOO_LARGE[kind]
        if not any(begin in content[:12] for begin in BEGINS[kind]):
            return WRONG_TYPE
        self.uploads[account, int(now // 86_400)] += 1
        return self.keep(account, kind, content, now)

    def keep(self, account: str, kind: str, content: bytes, now: float) -> str:
        id = secrets.token_urlsafe(48)
        self.kept[id] = Kept(account, kind, content, now + DAYS_3)
        return id

    def find(self, account: str, id: object, now: float) -> Kept | None:
        found = self.kept.get(str(id))
        return found if found and found.account == account and now < found.until else None

    def sendable(self, account: str, kind: str, content: Mapping[str, Any], now: float) -> int:
        """Whether that can be shown: 0, or an errcode."""
        if kind == "news":
            articles = content.get("articles")
            one = articles[0] if isinstance(articles, list) and len(articles) == 1 else None
            return 0 if isinstance(one, dict) and one.get("title") else TOO_MANY_ARTICLES
        found = self.find(account, content.get("media_id"), now)
        if found is None or found.kind != kind:
            return NO_SUCH_ID
        thumb = self.find(account, content.get("thumb_media_id"), now)
        return NO_SUCH_ID if kind == "video" and (thumb is None or thumb.kind != "thumb") else 0


def in_words(kind: str, text: str) -> str:
    """A message of such a kind as a phone shows it; `text`: its content as JSON."""
    content = json.loads(text)
    if kind == "news":
        article = content["articles"][0]
        return "\n".join(filter(None, (article["title"], article.get("description"), article.get("url"))))
    return " ".join(filter(None, (NAMES[kind], content.get("title"))))
