"""One person's own WeChat, by Tencent's iLink bot API ("ClawBot"): a scan, a long poll, answers sent back.

Tencent's npm plugin openclaw-weixin 2.4.9 documents the protocol, and we say that we are its version.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from runtime.channels import (
    AccessToken,
    ApiAnswer,
    ApiRequest,
    Channel,
    Codes,
    Continues,
    Fetches,
    Limits,
    Page,
    Profile,
    Rate,
    TypesByTicket,
    Words,
)
from runtime.channels._text import light
from runtime.channels.ilink import codes as answers
from runtime.channels.ilink import guide, messages
from runtime.channels.ilink.account import Account
from runtime.channels.ilink.joining import Joins
from runtime.channels.ilink.media import CDN, PersonMedia, sent
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.message import Message
from runtime.schema import About

CLIENT = "2.4.9"
BASE_INFO = {"channel_version": CLIENT, "bot_agent": "Hongyan/1.0"}
MOST_CHARACTERS = 4000
"""Of one text, as in Tencent's own client."""
HOLDS = 35.0
MARGIN = 5.0
PAGE = 8 * 1024 * 1024
DAY = 24 * 3600.0
TICKET = 600.0
"""Seconds that a typing ticket is used; it lives for up to 24 h."""
APART = Rate(1, 0.8)
"""Bursts above about three a second are throttled, and then for long."""


class ILink(Joins, PersonMedia, Continues, TypesByTicket, Fetches, Channel):
    about = About(
        Text("个人微信", "Personal WeChat"),
        Text("扫一次码，在自己的微信里和智能体聊", "One scan, and the agent is in your own WeChat"),
        icon="wechat",
        color="#07c160",
    )
    Settings = Account
    profile: ClassVar[Profile] = guide.PROFILE
    limits: ClassVar[Limits] = Limits(MOST_CHARACTERS, "characters")
    words: ClassVar[Words] = guide.WORDS
    api_host: ClassVar[str] = "https://ilinkai.weixin.qq.com"
    api_host_setting: ClassVar[str] = "HONGYAN_ILINK_API"
    api_hosts: ClassVar[frozenset[str]] = frozenset({"*.weixin.qq.com"})
    codes: ClassVar[Codes] = answers.CODES
    rests: ClassVar[Sequence[float]] = answers.RESTS
    rates: ClassVar[Sequence[Rate]] = (APART,)
    most_pushed: ClassVar[int] = 10
    """About that many within 24 h of a message, say its users; no paper of Tencent's names a number."""
    push_seconds: ClassVar[float] = DAY
    knows_repeats: ClassVar[bool] = False
    renews: ClassVar[bool] = True
    """Users report -2, with any words or none, for what is 11 to 24 h old; their next message ends it."""
    typing_seconds: ClassVar[float] = 5.0
    fetch_seconds: ClassVar[float] = 1.0
    fresh_seconds: ClassVar[float] = DAY
    holds: ClassVar[float] = HOLDS

    def __init__(self, settings: Account) -> None:
        super().__init__(settings)
        self._reader = messages.Reader()

    @classmethod
    def explain(cls, code: str) -> Text:
        return answers.explain(code)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return light.parts(markdown, MOST_CHARACTERS)

    @property
    def account(self) -> str:
        return self.settings.bot_id

    def outgoing(self, request: ApiRequest) -> ApiRequest:
        """With the headers that every call wants, and the token where it is the API that is asked."""
        if request.host.startswith(CDN) or request.upload is not None or request.most:
            return request
        uin = base64.b64encode(str(secrets.randbits(32)).encode()).decode()
        headers = {
            "AuthorizationType": "ilink_bot_token",
            "X-WECHAT-UIN": uin,
            "iLink-App-Id": "bot",
            "iLink-App-ClientVersion": str(version(CLIENT)),
            **request.headers,
        }
        token = self.settings.bot_token.get_secret_value()
        if token and not request.path.startswith(Joins.paths):
            headers["Authorization"] = f"Bearer {token}"
        body = None if request.body is None else {**request.body, "base_info": BASE_INFO}
        host = request.host or self.settings.base_url
        return replace(request, headers=headers, body=body, host=host)

    # In

    def fetch(self, cursor: str, ticket: str) -> ApiRequest:
        body = {"get_updates_buf": cursor}
        return ApiRequest("/ilink/bot/getupdates", body, seconds=HOLDS + MARGIN, largest=PAGE)

    def page(self, answer: ApiAnswer) -> Page:
        answers.check(answer)
        buffer = messages.cursor(answer.data)
        if buffer is None:
            raise SendFailed(answers.UNREADABLE, code="unreadable")
        return Page(self._reader.messages(answer.data.get("msgs")), buffer)

    def is_same(self, earlier: Message, later: Message) -> bool:
        return messages.is_same(earlier, later)

    def hello(self) -> ApiRequest:
        return ApiRequest("/ilink/bot/msg/notifystart", {})

    def goodbye(self) -> ApiRequest:
        return ApiRequest("/ilink/bot/msg/notifystop", {})

    # Out

    @property
    def may_push(self) -> bool:
        return self.is_joined

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        return sent(to, key, {"type": 1, "text_item": {"text": part}})

    def pushed(self, answer: ApiAnswer) -> None:
        """Older servers answer `{}`; a newer one that says yes and gives no id showed it to nobody."""
        answers.check(answer, unreadable="uncertain")
        if answer.data and not messages.number(answer.data.get("message_id")):
            raise SendFailed(answers.TEXTS["not_shown"], code="not_shown")

    def continued(self, request: ApiRequest, thread: str) -> ApiRequest:
        body = dict(request.body or {})
        if isinstance(body.get("msg"), Mapping):
            return replace(request, body={**body, "msg": {**body["msg"], "context_token": thread}})
        return replace(request, body={**body, "context_token": thread})

    def probe(self) -> ApiRequest:
        return self.ticket_request(self.settings.user_id)

    def probed(self, answer: ApiAnswer) -> bool:
        answers.check(answer)
        return True

    def ticket_request(self, to: str) -> ApiRequest:
        return ApiRequest("/ilink/bot/getconfig", {"ilink_user_id": to})

    def ticket(self, answer: ApiAnswer) -> AccessToken:
        answers.check(answer)
        ticket = answer.data.get("typing_ticket")
        if not isinstance(ticket, str) or not 0 < len(ticket) <= 4096:
            raise SendFailed(answers.UNREADABLE, code="unreadable")
        return AccessToken(ticket, TICKET)

    def ticketed(self, request: ApiRequest, ticket: str) -> ApiRequest:
        return replace(request, body={**(request.body or {}), "typing_ticket": ticket})

    def typing(self, to: str) -> ApiRequest:
        return ApiRequest("/ilink/bot/sendtyping", {"ilink_user_id": to, "status": 1})

    def typed(self, answer: ApiAnswer) -> None:
        answers.check(answer)

    def typing_over(self, to: str) -> ApiRequest:
        return ApiRequest("/ilink/bot/sendtyping", {"ilink_user_id": to, "status": 2})


def version(client: str) -> int:
    """`2.4.9` as the server wants it: 0x00MMNNPP."""
    major, minor, patch = map(int, client.split("."))
    return major << 16 | minor << 8 | patch


CHANNEL = ILink
