"""The app's calls to qyapi.weixin.qq.com: messages to members, whenever it wants.

https://developer.work.weixin.qq.com/document/path/90236
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from runtime.answer import MediaKind
from runtime.channels import (
    ApiAnswer,
    ApiRequest,
    Attached,
    ChoiceLimits,
    Chooses,
    Media,
    MediaIn,
    MediaLimits,
    PushesMedia,
    Rate,
    Shown,
    Steps,
    Uploaded,
)
from runtime.channels._tencent import cards, marked, material
from runtime.channels._tencent.answers import errcode
from runtime.channels._tencent.qyapi import QyApi
from runtime.channels._tencent.qyapi_codes import ANSWERS
from runtime.channels.wecom_app.account import Account
from runtime.channels.wecom_app.questions import AppQuestions
from runtime.choices import Choices
from runtime.message import Message, Quota
from runtime.newest import Newest

MAX_BYTES = 2048
"""Of a text or a Markdown; what is longer is cut silently."""
ANY_TIME = 365 * 86_400.0
MANY = 1000
LONGEST_CODE = 1000
"""Characters of what a card is changed by."""
SAME = 300
"""Seconds within which the platform drops what says the same to the same member: longer than we try again."""
REMEMBERED = 20_000
"""Texts of which it is known under which key they were sent first."""
MB = 1_000_000
KINDS: Mapping[str, MediaKind] = {"image": "image", "voice": "voice", "video": "video"}


class AppApi(AppQuestions, QyApi, MediaIn, PushesMedia, Chooses):
    """What an app may call. Nothing here waits: it says what to ask, and reads what was answered."""

    settings: Account
    push_seconds: ClassVar[float] = ANY_TIME
    knows_repeats: ClassVar[bool] = True
    rates: ClassVar[Sequence[Rate]] = (Rate(30, 60), Rate(1000, 3600))
    media_in: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(10 * MB, frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp"})),
        "voice": MediaLimits(2 * MB, frozenset({"audio/amr", "audio/speex"})),
        "video": MediaLimits(20 * MB, frozenset({"video/mp4"})),
    }
    media_out: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(10 * MB, frozenset({"image/jpeg", "image/png"})),
        "voice": MediaLimits(2 * MB, frozenset({"audio/amr"}), seconds=60),
        "video": MediaLimits(10 * MB, frozenset({"video/mp4"})),
        "file": MediaLimits(20 * MB),
    }
    shows_news: ClassVar[bool] = True
    choice_limits: ClassVar[ChoiceLimits] = cards.LIMITS

    def __init__(self, settings: Account) -> None:
        super().__init__(settings)  # type: ignore[call-arg] # Channel's
        self._first = Newest[bytes, str](REMEMBERED)

    @property
    def account(self) -> str:
        return f"{self.settings.corp_id} {self.settings.agent_id}"

    def quota(self, message: Message) -> Quota:
        """A member may be written to at any time; what counts is how often, see `rates`."""
        return Quota(MANY, ANY_TIME)

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        part = marked.quiet(part)
        if self.settings.markdown and marked.has_marks(part):
            return self._send(to, "markdown", {"content": part}, key)
        return self._send(to, "text", {"content": marked.plain(part, MAX_BYTES)}, key)

    @classmethod
    def worded(cls, part: str) -> str:
        part = marked.quiet(part)
        return part if marked.has_marks(part) else marked.plain(part, MAX_BYTES)

    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest:
        return self._send(to, shown.kind, _shown(shown), key)

    def push_choices(self, choices: Choices, to: str, key: str, after: Message | None = None) -> ApiRequest:
        return self._send(to, "template_card", cards.buttons(choices, key), key)

    def chosen(self, message: Message, offered: Choices | None, now: float) -> ApiRequest | None:
        """Nothing is left to tap on the card. The code of the tap may be used once, within 72 h.

        https://developer.work.weixin.qq.com/document/path/94888
        """
        code = message.handle.get("response_code")
        if not code:
            return None
        found = offered.with_value(message.text) if offered else None
        return self.settle(str(code), f"✓ {found.text}" if found else "✓", message.sender)

    def handle(self, answer: ApiAnswer) -> str:
        """Valid for 72 h and once. https://developer.work.weixin.qq.com/document/path/90236"""
        code = answer.data.get("response_code")
        return code if isinstance(code, str) and len(code) <= LONGEST_CODE else ""

    def settle(self, handle: str, words: str, to: str) -> ApiRequest:
        body = {
            "userids": [to],
            "agentid": int(self.settings.agent_id),
            "response_code": handle,
            "button": {"replace_name": marked.quiet(words)},
        }
        return ApiRequest("/cgi-bin/message/update_template_card", body)

    def _send(self, to: str, kind: str, content: Mapping[str, Any], key: str) -> ApiRequest:
        """The platform shows once what comes twice with the same content. An answer that says what another
        one said must be shown all the same: then it is not asked to look."""
        said = hashlib.blake2b(repr((to, kind, content)).encode(), digest_size=16).digest()
        is_first = self._first.setdefault(said, key) == key
        body = {
            "touser": to,
            "msgtype": kind,
            "agentid": int(self.settings.agent_id),
            kind: content,
            "enable_duplicate_check": int(is_first),
            "duplicate_check_interval": SAME,
        }
        return ApiRequest("/cgi-bin/message/send", body)

    def pushed(self, answer: ApiAnswer) -> None:
        """A receiver who is none is named in an answer that says ok."""
        if errcode(answer.data) != "0":
            raise ANSWERS.failure(answer.data, unreadable="uncertain")
        for name in ("invaliduser", "unlicenseduser"):
            if answer.data.get(name):
                raise ANSWERS.failure({"errcode": name})

    def probe(self) -> ApiRequest:
        return ApiRequest("/cgi-bin/agent/get", query={"agentid": self.settings.agent_id})

    def probed(self, answer: ApiAnswer) -> bool:
        code = errcode(answer.data)
        if code in self.codes.forbidden:
            return False
        if code != "0":
            raise ANSWERS.failure(answer.data)
        if answer.data.get("close") == 1:
            raise ANSWERS.failure({"errcode": "app_closed"})
        return True

    def attached(self, message: Message) -> Sequence[Attached]:
        kind, id = KINDS.get(message.kind), message.data.get("media_id")
        return (Attached(kind, {"media_id": str(id)}),) if kind and id else ()

    def get(self, file: Attached) -> Steps[bytes]:
        most = self.media_in[file.kind].most
        return (yield from material.got(ANSWERS, file.place.get("media_id", ""), most))

    def put(self, media: Media) -> Steps[Uploaded]:
        id = yield from material.put(ANSWERS, media.kind, media.name, media.content, media.type)
        return Uploaded({"media_id": id}, material.DAYS_3)


def _shown(shown: Shown) -> Mapping[str, Any]:
    data = shown.data
    if shown.kind == "news":
        article = {
            "title": marked.quiet(data["title"])[:128],
            "description": marked.quiet(data.get("description", ""))[:512],
            "url": data["url"],
            "picurl": data.get("picture", ""),
        }
        return {"articles": [article]}
    if shown.kind == "video":
        return {"media_id": data["media_id"], "title": marked.quiet(shown.title)[:64], "description": ""}
    return {"media_id": data["media_id"]}
