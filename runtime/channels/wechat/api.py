"""The account's calls to api.weixin.qq.com: access tokens, customer-service messages, the typing sign."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from runtime.channels import (
    ApiAnswer,
    ApiRequest,
    Checked,
    ChoiceLimits,
    Chooses,
    Codes,
    Identifies,
    Types,
)
from runtime.channels._tencent.answers import Answers, errcode
from runtime.channels._tencent.by_secret import BySecret
from runtime.channels._tencent.inspecting import AccountInspects
from runtime.channels._tencent.unionid import told, unionid
from runtime.channels._text.printable import clean
from runtime.channels.wechat.account import Known
from runtime.channels.wechat.errcodes import ANSWERS, CODES
from runtime.channels.wechat.pushes import SAYS
from runtime.choices import Choices
from runtime.message import Message, Quota
from runtime.person import Described

MARKED = re.compile(rf"[0-9]+$|{SAYS}")
NOBODY = "o-no-such-follower"
MAY_PUSH = ("0", "40003", "43004", "45015", "45047", "45080", "45081", "48002")
"""Answers about the person. An account without the permission gets 48001 before anyone is looked up."""
HOURS_48 = 48 * 3600.0


class AccountApi(BySecret, Chooses, Types, Checked, Identifies, AccountInspects):
    """What an account may call. Nothing here waits: it says what to ask, and reads what was answered."""

    settings: Known
    codes: ClassVar[Codes] = CODES
    answers: ClassVar[Answers] = ANSWERS
    api_host: ClassVar[str] = "https://api.weixin.qq.com"
    api_host_setting: ClassVar[str] = "HONGYAN_WECHAT_API"
    most_pushed: ClassVar[int] = 5
    push_seconds: ClassVar[float] = HOURS_48
    knows_repeats: ClassVar[bool] = False
    choice_limits: ClassVar[ChoiceLimits] = ChoiceLimits(most=10, text=128, value=128, question=1024)
    """The platform names none; these are what its customer service takes."""
    typing_seconds: ClassVar[float] = 16  # shown for 15; asked sooner it is refused (45081)

    @property
    def account(self) -> str:
        return self.settings.app_id

    @property
    def may_push(self) -> bool:
        return self.settings.push

    def quota(self, message: Message) -> Quota:
        """5 within 48 h of a message; 3 within a minute of a menu click, message link, scan or follow.

        https://developers.weixin.qq.com/doc/service/guide/product/message/Service_Center_messages.html
        """
        if message.kind == "event" or "bizmsgmenuid" in message.data:
            return Quota(3, 60)
        return Quota(self.most_pushed, HOURS_48)

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        """The platform knows no repeat by a key: what may have arrived is not sent again."""
        body: dict[str, Any] = {"touser": to, "msgtype": "text", "text": {"content": clean(part)}}
        return ApiRequest("/cgi-bin/message/custom/send", {**body, "aimsgcontext": {"is_ai_msg": 1}})

    def push_choices(self, choices: Choices, to: str, key: str, after: Message | None = None) -> ApiRequest:
        items = [
            {"id": f"{SAYS}{one.value}" if MARKED.match(one.value) else one.value, "content": clean(one.text)}
            for one in choices.options
        ]
        menu = {"head_content": clean(choices.question), "list": items, "tail_content": ""}
        body = {"touser": to, "msgtype": "msgmenu", "msgmenu": menu}
        return ApiRequest("/cgi-bin/message/custom/send", {**body, "aimsgcontext": {"is_ai_msg": 1}})

    def pushed(self, answer: ApiAnswer) -> None:
        if errcode(answer.data) != "0":
            raise self.answers.failure(answer.data, unreadable="uncertain")

    def probe(self) -> ApiRequest:
        return self.typing(NOBODY)

    def probed(self, answer: ApiAnswer) -> bool:
        code = errcode(answer.data)
        if code not in CODES.forbidden and code not in MAY_PUSH:
            raise self.answers.failure(answer.data)
        return code in MAY_PUSH

    def typing(self, to: str) -> ApiRequest:
        body: Mapping[str, Any] = {"touser": to, "command": "Typing"}
        return ApiRequest("/cgi-bin/message/custom/typing", body)

    def typed(self, answer: ApiAnswer) -> None:
        if errcode(answer.data) != "0":
            raise self.answers.failure(answer.data)

    def identify(self, sender: str) -> ApiRequest:
        """https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html"""
        return ApiRequest("/cgi-bin/user/info", query={"openid": sender, "lang": "zh_CN"})

    def identified(self, answer: ApiAnswer) -> str:
        if errcode(answer.data) not in ("", "0"):
            raise self.answers.failure(answer.data)
        return unionid(answer.data)

    def described(self, answer: ApiAnswer) -> Described:
        """No nickname is told since 2021: the name is what the account's owner calls them, its remark."""
        account = self.identified(answer)
        return Described(account, told(answer.data, "remark"), told(answer.data, "language"))

    def seen_address(self, answer: ApiAnswer) -> str:
        return self.answers.address(answer.data)
