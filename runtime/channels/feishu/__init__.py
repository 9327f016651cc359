"""A bot of Feishu or Lark, over a connection that we hold or by request URL: answers grow in a card.

https://open.feishu.cn/document/client-docs/bot-v3/bot-overview
"""

import json
from collections.abc import Collection, Sequence
from typing import ClassVar

from runtime.channels import (
    AddressCheck,
    Arrivals,
    Channel,
    Guide,
    Guides,
    Limits,
    Note,
    Profile,
    Symptom,
    ToCopy,
    Verified,
    Verifies,
    WebRequest,
    WebResponse,
    Words,
)
from runtime.channels._border.refusals import UNKNOWN, reason, refused
from runtime.channels._text import light
from runtime.channels.feishu import codes, guide
from runtime.channels.feishu.account import Account
from runtime.channels.feishu.api import BotApi
from runtime.channels.feishu.cards import Cards
from runtime.channels.feishu.messages import EVENTS, to_message
from runtime.channels.feishu.sealed import MAX_BODY, Sealed
from runtime.lang import Text
from runtime.message import Event
from runtime.schema import About

MOST = 8000
"""Characters of a message: 30 kB of a card are refused, of which each may take three bytes."""
ROOM = 400
"""Of these left free for a link to the rest."""
LONGEST_CHALLENGE = 512


class Feishu(BotApi, Verifies, Guides, Channel):
    about = About(
        Text("飞书 / Lark 机器人", "Feishu / Lark bot"),
        Text(
            "企业成员单聊或在群里 @ 它，回答边写边显示",
            "Members write to it or @ it in groups; answers grow as they are written",
        ),
        icon="feishu",
        color="#3370ff",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Account
    limits: ClassVar[Limits] = Limits(MOST, "characters")
    tells: ClassVar[Collection[Event]] = frozenset(EVENTS.values())
    proven_codes: ClassVar[frozenset[str]] = frozenset({"account"})
    ports: ClassVar[frozenset[int]] = frozenset()
    patience: ClassVar[float] = 1
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    verified_by: ClassVar[frozenset[str]] = frozenset(
        {"mode", "region", "app_id", "app_secret", "encrypt_key", "verification_token"}
    )

    def __init__(self, settings: Account) -> None:
        super().__init__(settings)
        self.streaming, self.service = Cards(), 0
        self._sealed: Sealed | None = None
        if settings.mode == "webhook":
            token = settings.verification_token.get_secret_value()
            self._sealed = Sealed(settings.encrypt_key.get_secret_value(), token)

    @classmethod
    def explain(cls, code: str) -> Text:
        if code in guide.REASONS:
            return cls.words.fill(guide.REASONS[code])
        return guide.ENDS.get(code) or codes.explain(code) or reason(code, cls.words) or UNKNOWN

    def receive(self, request: WebRequest, now: float) -> Arrivals:
        if self._sealed is None or request.method != "POST":
            raise refused("method")
        if len(request.body) > MAX_BODY:
            raise refused("too_large")
        told = self._sealed.open(request, now)
        if told.get("type") == "url_verification":
            challenge = told.get("challenge")
            if not isinstance(challenge, str) or not 0 < len(challenge) <= LONGEST_CHALLENGE:
                raise refused("malformed")
            body = json.dumps({"challenge": challenge}, ensure_ascii=False)
            return Arrivals(response=Verified(body, content_type=JSON, mark=challenge))
        header = told.get("header")
        if not isinstance(header, dict):
            raise refused("malformed")
        if header.get("app_id") != self.settings.app_id:
            raise refused("account")
        message = to_message(told, now)
        return Arrivals((message,)) if message else Arrivals(response=self.acknowledge())

    def acknowledge(self) -> WebResponse:
        return WebResponse("{}", content_type=JSON)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return light.parts(markdown, MOST - ROOM)

    @classmethod
    def invite(cls, label: str, url: str, word: str) -> str:
        return f"[{label}]({url})" if url else f"{label}（{word}）"

    def address_check(self, mark: str, now: float) -> AddressCheck:
        assert self._sealed is not None
        token = self.settings.verification_token.get_secret_value()
        asked = json.dumps({"challenge": mark, "token": token, "type": "url_verification"})
        body = json.dumps({"encrypt": self._sealed.seal(asked.encode())}).encode()
        return AddressCheck(WebRequest("POST", {}, body), json.dumps({"challenge": mark}).encode())

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        return [] if self.connects else [ToCopy("url", guide.URL, address)]

    @property
    def reminders(self) -> Sequence[Note]:
        return [*([guide.FIRST_HERE] if self.connects else []), guide.EVENTS]


JSON = "application/json; charset=utf-8"
CHANNEL = Feishu
