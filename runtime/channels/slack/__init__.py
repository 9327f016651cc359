"""A Slack app: events come by calls or over a connection, answers are posted, in channels as threads.

https://docs.slack.dev/apis/events-api/ and https://docs.slack.dev/reference/methods/chat.postMessage
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any, ClassVar

from runtime.channels import (
    AddressCheck,
    Announces,
    ApiAnswer,
    ApiRequest,
    Arrivals,
    Channel,
    ChoiceLimits,
    Chooses,
    Codes,
    Connects,
    Guide,
    Guides,
    Judged,
    Limits,
    Link,
    Note,
    Profile,
    Rate,
    ToCopy,
    Verified,
    Verifies,
    WebRequest,
    WebResponse,
    Words,
)
from runtime.channels._border.refusals import reason, refused
from runtime.channels._text import marked_up
from runtime.channels._text.marked_up import BOLD, CODE, ITALIC, PRE, STRUCK, Style
from runtime.channels._text.printable import clean
from runtime.channels.slack import events, guide, link
from runtime.channels.slack.account import Account
from runtime.channels.slack.answers import explained, failure
from runtime.channels.slack.files import AppFiles
from runtime.choices import Choices
from runtime.errors import SendFailed, Wrong
from runtime.lang import Text
from runtime.message import Event, Message
from runtime.schema import About

MOST = 3900
"""Characters: of one message 4000 are advised."""
SOON = 300.0
"""Seconds that a call may be old."""
YEAR = 365 * 86_400.0
STYLE = Style(
    most=MOST,
    size=len,
    escape=lambda text: escape(text, quote=False),
    marks={
        BOLD: ("*", "*"),
        ITALIC: ("_", "_"),
        STRUCK: ("~", "~"),
        CODE: ("`", "`"),
        PRE: ("```\n", "\n```"),
    },
    link=lambda address: (f"<{escape(address, quote=False)}|", ">"),
    quote="> ",
    edges=True,
)


class Slack(AppFiles, Connects, Judged, Chooses, Announces, Verifies, Guides, Channel):
    about = About(
        Text("Slack", "Slack"),
        Text("成员私信，或在频道里 @ 它，在话题里回答", "Members write to it or @ it; it answers in threads"),
        icon="chat",
        color="#4a154b",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Account
    settings: Account
    limits: ClassVar[Limits] = Limits(MOST, "characters")
    tells: ClassVar[Collection[Event]] = frozenset({"opened", "menu", "rated"})
    words: ClassVar[Words] = guide.WORDS
    verified_by: ClassVar[frozenset[str]] = frozenset({"mode", "signing_secret"})
    proven_codes: ClassVar[frozenset[str]] = frozenset({"malformed"})
    ports: ClassVar[frozenset[int]] = frozenset()
    patience: ClassVar[float] = 3.0
    api_host: ClassVar[str] = "https://slack.com"
    api_host_setting: ClassVar[str] = "HONGYAN_SLACK_API"
    codes: ClassVar[Codes] = guide.CODES
    rates: ClassVar[Sequence[Rate]] = (Rate(1, 1.0),)
    push_seconds: ClassVar[float] = YEAR
    knows_repeats: ClassVar[bool] = False
    choice_limits: ClassVar[ChoiceLimits] = ChoiceLimits(20, 75, 1900, 2900, in_bytes=False)
    link_host: ClassVar[str] = "wss://wss-primary.slack.com"
    link_host_setting: ClassVar[str] = "HONGYAN_SLACK_WS"
    link_hosts: ClassVar[frozenset[str]] = link.HOSTS
    # it takes several, and gives each event to any of them: so that an agent answers all of a conversation
    exclusive: ClassVar[bool] = True
    heartbeat: ClassVar[float | None] = 30
    answer_seconds: ClassVar[float] = 5
    guide: ClassVar[Guide] = guide.GUIDE

    @classmethod
    def explain(cls, code: str) -> Text:
        return reason(code, cls.words) or explained(code)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return marked_up.parts(markdown, STYLE)

    @classmethod
    def invite(cls, label: str, url: str, word: str) -> str:
        return f"<{escape(url, quote=False)}|{escape(label, quote=False)}>" if url else f"{label} ({word})"

    @property
    def account(self) -> str:
        """The token says whose it is; it is not shown."""
        return f"bot-{hashlib.sha256(self._secret('bot_token')).hexdigest()[:10]}"

    def outgoing(self, request: ApiRequest) -> ApiRequest:
        token = self._secret("app_token" if request.path == link.OPEN else "bot_token").decode()
        return replace(request, headers={**request.headers, "Authorization": f"Bearer {token}"})

    def _secret(self, name: str) -> bytes:
        return str(getattr(self.settings, name).get_secret_value()).encode()

    # In

    def receive(self, request: WebRequest, now: float) -> Arrivals:
        if self.connects or request.method != "POST":
            raise refused("method")
        if len(request.body) > events.LARGEST:
            raise refused("too_large")
        stamp = request.headers.get("x-slack-request-timestamp", "")
        given = request.headers.get("x-slack-signature", "").encode("utf-8", "replace")
        if not events.STAMP.fullmatch(stamp) or not hmac.compare_digest(
            given, self._proof(stamp, request.body)
        ):
            raise refused("signature")
        if abs(now - int(stamp)) > SOON:
            raise refused("stale")
        told = events.read(request)
        if told is None:
            raise refused("malformed")
        if told.get("type") == "url_verification":
            challenge = told.get("challenge")
            if not isinstance(challenge, str) or not events.CHALLENGE.fullmatch(challenge):
                raise refused("malformed")
            return Arrivals(response=Verified(challenge, mark=challenge))
        message = events.message(told)
        return Arrivals([message]) if message else Arrivals(response=self.acknowledge())

    def acknowledge(self) -> WebResponse:
        return WebResponse("")

    def address_check(self, mark: str, now: float) -> AddressCheck:
        body, stamp = json.dumps({"type": "url_verification", "challenge": mark}).encode(), str(int(now))
        proof = self._proof(stamp, body).decode()
        headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": proof}
        return AddressCheck(WebRequest("POST", {}, body, headers), mark.encode())

    def _proof(self, stamp: str, body: bytes) -> bytes:
        whole = b"v0:" + stamp.encode() + b":" + body
        return b"v0=" + hmac.new(self._secret("signing_secret"), whole, hashlib.sha256).hexdigest().encode()

    @property
    def is_called(self) -> bool:
        return not self.connects

    @property
    def connects(self) -> bool:
        return self.settings.mode == "connection"

    def link(self) -> Link:
        return link.SocketLink()

    def address_request(self) -> ApiRequest:
        return ApiRequest(link.OPEN, {})

    def address(self, answer: ApiAnswer) -> str:
        url = answer.data.get("url")
        if answer.data.get("ok") is not True:
            raise failure(answer, "unreadable")
        if not isinstance(url, str) or not link.ADDRESS.fullmatch(url):
            raise SendFailed(guide.UNREADABLE, code="unreadable")
        return url

    # Out

    def check_receiver(self, to: str) -> None:
        if not events.PLACE.fullmatch(to):
            raise Wrong(guide.NO_RECEIVER)

    def limited_as(self, to: str) -> str:
        return to.partition("/")[0]

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        return self._post(to, {}, {"text": part})

    def push_after(self, message: Message, part: str, key: str) -> ApiRequest:
        return self._post(message.sender, message.handle, {"text": part})

    def push_choices(self, choices: Choices, to: str, key: str, after: Message | None = None) -> ApiRequest:
        return self._post(to, after.handle if after else {}, events.offered(choices))

    def _post(self, to: str, handle: Mapping[str, str], shown: Mapping[str, Any]) -> ApiRequest:
        thread = {"thread_ts": handle["thread"]} if "thread" in handle else {}
        body = {"channel": to.partition("/")[0], **thread, **shown, "unfurl_links": False}
        return ApiRequest("/api/chat.postMessage", body)

    def pushed(self, answer: ApiAnswer) -> None:
        if answer.data.get("ok") is not True:
            raise failure(answer, "uncertain")

    def handle(self, answer: ApiAnswer) -> str:
        place, stamp = answer.data.get("channel"), answer.data.get("ts")
        known = isinstance(place, str) and isinstance(stamp, str) and events.PLACE.fullmatch(place)
        return f"{place} {stamp}" if known and events.TS.fullmatch(str(stamp)) else ""

    def settle(self, handle: str, words: str, to: str) -> ApiRequest:
        return _changed(handle, escape(words, quote=False))

    def chosen(self, message: Message, offered: Choices | None, now: float) -> ApiRequest | None:
        if "shown" not in message.handle:
            return None
        found = offered.with_value(message.text) if offered else None
        question = f"{offered.question}\n" if offered else ""
        made = f"{question}✓ {escape(clean(found.text), quote=False)}" if found else "✓"
        return _changed(message.handle["shown"], made)

    def probe(self) -> ApiRequest:
        return ApiRequest("/api/auth.test", {})

    # Its owner

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        if self.connects:
            return []
        return [
            ToCopy("url", Text("请求网址（Request URL）", "Request URL"), address),
            ToCopy("events", Text("Bot 事件", "Bot events"), choose=guide.EVENTS),
            ToCopy("scopes", Text("权限（Bot Token Scopes）", "Bot token scopes"), choose=guide.SCOPES),
        ]

    @property
    def reminders(self) -> Sequence[Note]:
        return [guide.AGAIN, *([guide.SUBSCRIBE] if self.connects else [])]


def _changed(handle: str, text: str) -> ApiRequest:
    """A message with other words, as Slack writes them, and nothing to tap."""
    place, _, stamp = handle.partition(" ")
    return ApiRequest("/api/chat.update", {"channel": place, "ts": stamp, "text": text, "blocks": []})


CHANNEL = Slack
