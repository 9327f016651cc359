"""What a Mini Program may call: access tokens, customer-service and subscription messages, content checks.

https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/sendCustomMessage.html
https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
"""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

from runtime.answer import MediaKind
from runtime.channels import (
    Announces,
    ApiAnswer,
    ApiRequest,
    Checked,
    Codes,
    MediaLimits,
    Shown,
    Types,
)
from runtime.channels._tencent.answers import Answers, errcode
from runtime.channels._tencent.by_secret import BySecret
from runtime.channels._tencent.inspecting import AccountInspects
from runtime.channels._tencent.temporary import (
    MAX_ABOUT,
    MAX_TITLE,
    PICTURES_IN,
    PICTURES_OUT,
    TemporaryMedia,
)
from runtime.channels._text.printable import clean
from runtime.channels.miniprogram.account import Account
from runtime.channels.miniprogram.codes import ANSWERS, CODES, NO_TEMPLATE
from runtime.channels.miniprogram.pushes import OPENID
from runtime.errors import SendFailed, Wrong
from runtime.lang import Text
from runtime.message import Message, Quota

HOURS_48 = 48 * 3600.0
THING, LONGEST_FIELD = 20, 32
"""Characters that a `thing` of a template may have, and any other field at most."""
NO_USER = "o-no-such-user"
MAY_PUSH = ("0", "40003", "43004", "45015", "45047", "45080", "45081", "48002")
"""Answers about the person: whoever may not send at all is refused before anyone is looked up."""
CHINA = timezone(timedelta(hours=8))
NOBODY = Text("要写用户的 OpenID。", "Name the person by their OpenID.")


class MiniProgramApi(BySecret, TemporaryMedia, Announces, Types, Checked, AccountInspects):
    """Nothing here waits: it says what to ask, and reads what was answered."""

    settings: Account
    codes: ClassVar[Codes] = CODES
    answers: ClassVar[Answers] = ANSWERS
    api_host: ClassVar[str] = "https://api.weixin.qq.com"
    api_host_setting: ClassVar[str] = "HONGYAN_WECHAT_API"
    most_pushed: ClassVar[int] = 5
    push_seconds: ClassVar[float] = HOURS_48
    knows_repeats: ClassVar[bool] = False
    typing_seconds: ClassVar[float] = 16
    media_in: ClassVar[Mapping[MediaKind, MediaLimits]] = {"image": PICTURES_IN}
    media_out: ClassVar[Mapping[MediaKind, MediaLimits]] = {"image": PICTURES_OUT}
    shows_own_pages: ClassVar[bool] = True

    @property
    def account(self) -> str:
        return self.settings.app_id

    @property
    def may_push(self) -> bool:
        """Answers in the customer-service window, where its messages are pushed to us, or told by "
        "template."""
        return bool(self.settings.token.get_secret_value() or self.settings.template_id)

    def quota(self, message: Message) -> Quota:
        """5 within 48 h of a message; 2 within a minute of coming into the customer-service window."""
        if message.follows:
            return Quota(0, 0)
        return Quota(2, 60) if message.kind == "event" else Quota(self.most_pushed, HOURS_48)

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        """To somebody who did not write: by the template to which they said yes. Raises SendFailed."""
        if not self.settings.template_id:
            raise SendFailed(NO_TEMPLATE, code="no_template")
        now = datetime.fromtimestamp(time.time(), CHINA).strftime("%Y-%m-%d %H:%M")
        said = " ".join(clean(part).split())
        data = {
            name: {"value": _fitting(name, value.replace("{time}", now).replace("{text}", said))}
            for name, value in self.settings.fields.items()
        }
        body: dict[str, Any] = {"touser": to, "template_id": self.settings.template_id, "data": data}
        page = {"page": self.settings.template_page} if self.settings.template_page else {}
        return ApiRequest("/cgi-bin/message/subscribe/send", {**body, **page})

    def push_after(self, message: Message, part: str, key: str) -> ApiRequest:
        """In the customer-service window. The platform knows no repeat by a key: what may have arrived is not
        sent again."""
        return _in_window(message.sender, "text", {"content": clean(part)})

    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest:
        """A picture, a link with one, or a card that opens a page of the Mini Program, behind its picture."""
        data = shown.data
        if shown.kind == "news":
            link = {
                "title": clean(data["title"])[:MAX_TITLE],
                "description": clean(data.get("description", ""))[:MAX_ABOUT],
                "url": data["url"],
                "thumb_url": data.get("picture", ""),
            }
            return _in_window(to, "link", link)
        if not shown.page:
            return _in_window(to, "image", {"media_id": data["media_id"]})
        title = clean(shown.title)[:MAX_TITLE]
        page = {"title": title, "pagepath": shown.page, "thumb_media_id": data["media_id"]}
        return _in_window(to, "miniprogrampage", page)

    def pushed(self, answer: ApiAnswer) -> None:
        if errcode(answer.data) != "0":
            raise self.answers.failure(answer.data, unreadable="uncertain")

    def probe(self) -> ApiRequest:
        return self.typing(NO_USER)

    def probed(self, answer: ApiAnswer) -> bool:
        code = errcode(answer.data)
        if code not in CODES.forbidden and code not in MAY_PUSH:
            raise self.answers.failure(answer.data)
        return code in MAY_PUSH

    def check_receiver(self, to: str) -> None:
        if not OPENID.fullmatch(to):
            raise Wrong(NOBODY)

    def typing(self, to: str) -> ApiRequest:
        return ApiRequest("/cgi-bin/message/custom/typing", {"touser": to, "command": "Typing"})

    def typed(self, answer: ApiAnswer) -> None:
        if errcode(answer.data) != "0":
            raise self.answers.failure(answer.data)

    def seen_address(self, answer: ApiAnswer) -> str:
        return self.answers.address(answer.data)


def _in_window(to: str, kind: str, shown: Mapping[str, Any]) -> ApiRequest:
    return ApiRequest("/cgi-bin/message/custom/send", {"touser": to, "msgtype": kind, kind: shown})


def _fitting(name: str, value: str) -> str:
    most = THING if name.startswith("thing") else LONGEST_FIELD
    return value if len(value) <= most else value[: most - 1] + "…"
