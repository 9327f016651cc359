"""A robot in a WeCom group, which only writes: alerts, and what the owner says there.

https://developer.work.weixin.qq.com/document/path/91770
"""

import hashlib
import re
from collections.abc import Sequence
from typing import ClassVar

from pydantic import SecretStr, field_validator

from runtime.channels import (
    Announces,
    ApiAnswer,
    ApiRequest,
    Channel,
    Codes,
    Guide,
    Guides,
    Limits,
    Note,
    Profile,
    Rate,
    Words,
)
from runtime.channels._border import entered
from runtime.channels._tencent import credentials, marked
from runtime.channels._tencent.answers import errcode
from runtime.channels._tencent.qyapi import HOST, HOST_SETTING
from runtime.channels._tencent.qyapi_codes import ANSWERS, CODES
from runtime.channels._tencent.refusals import reason
from runtime.channels.wecom_group import guide
from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import About, Strict, setting

MAX_BYTES = 2048
"""Of a text; a Markdown may have twice as many."""
GROUP = "group"
WEBHOOK = re.compile(r"https://\S{1,200}/cgi-bin/webhook/send\?key=([^&\s]{1,128})(?:&\S*)?")
SEND = "/cgi-bin/webhook/send"
ANY_TIME = 365 * 86_400.0


class Robot(Strict):
    """The key is all that there is."""

    key: SecretStr = setting(
        title=Text("Webhook 地址或 key", "Webhook address, or its key"),
        hint=Text(
            "群右上角「…」→ 消息推送 → 添加 → 复制 Webhook 地址，整条粘贴即可",
            "The group's menu, Message push, Add, then copy the webhook: paste it whole",
        ),
        widget="secret",
    )

    @field_validator("key", mode="after")
    @classmethod
    def _is_real(cls, value: SecretStr) -> SecretStr:
        given = value.get_secret_value().strip()
        found = WEBHOOK.fullmatch(given)
        return SecretStr(entered.checked(found[1] if found else given, credentials.ROBOT_KEY))


class WeComGroup(Announces, Guides, Channel):
    about = About(
        Text("企业微信群机器人", "WeCom group robot"),
        Text("只往群里发：告警、通知，没有人能写给它", "Only writes to a group: alerts and news"),
        icon="bell",
        color="#2b7cff",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Robot
    limits: ClassVar[Limits] = Limits(MAX_BYTES)
    words: ClassVar[Words] = guide.WORDS
    guide: ClassVar[Guide] = guide.GUIDE
    codes: ClassVar[Codes] = CODES
    api_host: ClassVar[str] = HOST
    api_host_setting: ClassVar[str] = HOST_SETTING
    push_seconds: ClassVar[float] = ANY_TIME
    knows_repeats: ClassVar[bool] = False
    rates: ClassVar[Sequence[Rate]] = (Rate(20, 60),)
    receiver: ClassVar[str] = GROUP

    def __init__(self, settings: Robot) -> None:
        super().__init__(settings)
        self._key = settings.key.get_secret_value()

    @classmethod
    def explain(cls, code: str) -> Text:
        return ANSWERS.explain(code) or reason(code, cls.words)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return marked.parts(markdown, MAX_BYTES)

    @property
    def account(self) -> str:
        """The robot has no name; its key is a secret."""
        return hashlib.sha256(self._key.encode()).hexdigest()[:12]

    def check_receiver(self, to: str) -> None:
        if to != GROUP:
            raise Wrong(guide.ONE_GROUP)

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        """The platform knows no repeat by a key: what may have arrived is not sent again."""
        part = marked.quiet(part)
        if marked.has_marks(part) or marked.LINK.search(part):
            return self._send({"msgtype": "markdown", "markdown": {"content": part}})
        return self._send({"msgtype": "text", "text": {"content": part}})

    def pushed(self, answer: ApiAnswer) -> None:
        if errcode(answer.data) != "0":
            raise ANSWERS.failure(answer.data, unreadable="uncertain")

    def probe(self) -> ApiRequest:
        """An empty text, which is shown to nobody."""
        return self._send({"msgtype": "text", "text": {"content": ""}})

    def probed(self, answer: ApiAnswer) -> bool:
        """A robot that there is refuses it for being empty."""
        if errcode(answer.data) not in ("0", "44004", "40058"):
            raise ANSWERS.failure(answer.data)
        return True

    @property
    def reminders(self) -> Sequence[Note]:
        return [guide.TRY_IT]

    def _send(self, body: dict[str, object]) -> ApiRequest:
        return ApiRequest(SEND, body, {"key": self._key})


CHANNEL = WeComGroup
