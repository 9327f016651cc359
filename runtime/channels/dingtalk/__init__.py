"""A DingTalk robot of an enterprise's own app, in Stream or HTTP mode: answers grow in a card.

https://open.dingtalk.com/document/orgapp/robot-overview
"""

import base64
import hmac
from collections.abc import Sequence
from typing import ClassVar

from runtime import wellformed
from runtime.channels import (
    Arrivals,
    Channel,
    Guide,
    Guides,
    Limits,
    Note,
    Profile,
    Receives,
    Symptom,
    ToCopy,
    WebRequest,
    WebResponse,
    Words,
)
from runtime.channels._border.refusals import UNKNOWN, reason, refused
from runtime.channels._text import light
from runtime.channels.dingtalk import codes, guide
from runtime.channels.dingtalk.account import Account
from runtime.channels.dingtalk.api import RobotApi, lines
from runtime.channels.dingtalk.cards import Cards
from runtime.channels.dingtalk.messages import to_message
from runtime.lang import Text
from runtime.schema import About

MOST = 5000
"""Characters of a message: 20,000 bytes are refused, and each may take three, and four with its mark-up."""
ROOM = 400
"""Of these left free for a link to the rest, and for the ends of lines."""
MAX_BODY = 1024 * 1024
DEEPEST = 20
HOUR = 3600.0
"""That the time of a call may be away from ours, by DingTalk's own papers."""


class DingTalk(RobotApi, Receives, Guides, Channel):
    about = About(
        Text("钉钉机器人", "DingTalk robot"),
        Text(
            "企业成员单聊或在群里 @ 它，回答边写边显示",
            "Members write to it or @ it in groups; answers grow as they are written",
        ),
        icon="dingtalk",
        color="#3296fa",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Account
    limits: ClassVar[Limits] = Limits(MOST, "characters")
    proven_codes: ClassVar[frozenset[str]] = frozenset()
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    verified_by: ClassVar[frozenset[str]] = frozenset({"mode", "client_id", "client_secret"})

    def __init__(self, settings: Account) -> None:
        super().__init__(settings)
        self.cards = Cards(settings)

    @classmethod
    def explain(cls, code: str) -> Text:
        return guide.ENDS.get(code) or codes.explain(code) or reason(code, cls.words) or UNKNOWN

    def receive(self, request: WebRequest, now: float) -> Arrivals:
        """A message, in HTTP mode."""
        if self.connects or request.method != "POST":
            raise refused("method")
        if len(request.body) > MAX_BODY:
            raise refused("too_large")
        self._check(request, now)
        try:
            body = wellformed.load(request.body.decode(), largest=MAX_BODY, deepest=DEEPEST, unrepeated=True)
        except ValueError:
            raise refused("malformed") from None
        if not isinstance(body, dict):
            raise refused("malformed")
        message = to_message(body, now)
        return Arrivals((message,)) if message else Arrivals(response=self.acknowledge())

    def acknowledge(self) -> WebResponse:
        return WebResponse("{}", content_type="application/json; charset=utf-8")

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return light.parts(lines(light.light(markdown)), MOST - ROOM)

    @classmethod
    def invite(cls, label: str, url: str, word: str) -> str:
        return f"[{label}]({url})" if url else f"{label}（{word}）"

    @property
    def caution(self) -> Note | None:
        return None if self.connects else guide.UNSIGNED

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        return [] if self.connects else [ToCopy("url", guide.URL, address)]

    @property
    def reminders(self) -> Sequence[Note]:
        return [guide.PUBLISH, *([guide.PERMISSIONS] if self.settings.cards else [])]

    def _check(self, request: WebRequest, now: float) -> None:
        """The signature covers the time and no body. Raises Refused."""
        stamp, sign = request.headers.get("timestamp", ""), request.headers.get("sign", "")
        secret = self.settings.client_secret.get_secret_value()
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 16):
            raise refused("signature")
        proof = base64.b64encode(hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), "sha256"))
        if not hmac.compare_digest(proof, sign.encode()):
            raise refused("signature")
        if abs(int(stamp) / 1000 - now) > HOUR:
            raise refused("stale")


CHANNEL = DingTalk
