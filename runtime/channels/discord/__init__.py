"""A Discord bot: what is written comes over its gateway, answers are posted.

https://docs.discord.com/developers/resources/message#create-message
"""

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from runtime.answer import MediaKind
from runtime.channels import (
    Announces,
    ApiAnswer,
    ApiRequest,
    Attached,
    CarriesMedia,
    Channel,
    ChoiceLimits,
    Chooses,
    Codes,
    Connects,
    FormFile,
    Guide,
    Guides,
    Judged,
    Limits,
    Link,
    MediaIn,
    MediaLimits,
    Note,
    Profile,
    Rate,
    Shown,
    Steps,
    Types,
    Words,
    at_address,
)
from runtime.channels._border.refusals import reason
from runtime.channels._text import light
from runtime.channels.discord import guide
from runtime.channels.discord.link import HOSTS, ID, SPOKEN, GatewayLink
from runtime.choices import Choices
from runtime.errors import SendFailed, Wrong
from runtime.lang import Text
from runtime.message import Event, Message
from runtime.schema import About

MOST = 2000
MB = 1_000_000
API = "/api/v10"
YEAR = 365 * 86_400.0
LITTLE = 4096
"""Bytes of an answer that may be empty."""
NOBODY: Mapping[str, Sequence[str]] = {"parse": []}
"""Whom a message calls: what a model writes notifies nobody."""


class Discord(CarriesMedia, Judged, Chooses, Announces, Types, MediaIn, Connects, Guides, Channel):
    about = About(
        Text("Discord", "Discord"),
        Text("私信机器人，或在服务器里 @ 它；不要域名", "Direct messages, or by @ in a server; no domain"),
        icon="chat",
        color="#5865f2",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = guide.Account
    settings: guide.Account
    limits: ClassVar[Limits] = Limits(MOST, "characters")
    tells: ClassVar[Collection[Event]] = frozenset({"menu", "rated"})
    words: ClassVar[Words] = guide.WORDS
    api_host: ClassVar[str] = "https://discord.com"
    api_host_setting: ClassVar[str] = "HONGYAN_DISCORD_API"
    link_host: ClassVar[str] = f"wss://gateway.discord.gg{SPOKEN}"
    link_host_setting: ClassVar[str] = "HONGYAN_DISCORD_WS"
    link_hosts: ClassVar[frozenset[str]] = HOSTS
    exclusive: ClassVar[bool] = True
    """Another connection would get the same messages, too."""
    answer_seconds: ClassVar[float] = 5.0
    codes: ClassVar[Codes] = guide.CODES
    rates: ClassVar[Sequence[Rate]] = (Rate(5, 5.0),)
    push_seconds: ClassVar[float] = YEAR
    knows_repeats: ClassVar[bool] = True
    """By `nonce`, for some minutes."""
    typing_seconds: ClassVar[float] = 9.0
    choice_limits: ClassVar[ChoiceLimits] = ChoiceLimits(25, 80, 100, MOST, in_bytes=False)
    media_in: ClassVar[Mapping[MediaKind, MediaLimits]] = dict.fromkeys(
        ("image", "voice", "video", "file"), MediaLimits(20 * MB)
    )
    media_hosts: ClassVar[frozenset[str]] = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
    media_out: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(10 * MB, frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})),
        "voice": MediaLimits(10 * MB),
        "video": MediaLimits(10 * MB),
        "file": MediaLimits(10 * MB),
    }
    guide: ClassVar[Guide] = guide.GUIDE

    @classmethod
    def explain(cls, code: str) -> Text:
        return reason(code, cls.words) or guide.explained(code)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        """It shows Markdown itself."""
        return light.parts(markdown, MOST)

    @classmethod
    def invite(cls, label: str, url: str, word: str) -> str:
        return f"[{label}](<{url}>)" if url else f"{label} ({word})"

    @property
    def account(self) -> str:
        """The bot's id, which its token begins with."""
        first = self.settings.bot_token.get_secret_value().partition(".")[0]
        try:
            found = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
        except ValueError:
            found = ""
        return found if ID.fullmatch(found) else first

    def outgoing(self, request: ApiRequest) -> ApiRequest:
        if request.host:
            return request
        token = self.settings.bot_token.get_secret_value()
        return replace(request, headers={**request.headers, "Authorization": f"Bot {token}"})

    # In

    def link(self) -> Link:
        return GatewayLink(self.settings.bot_token.get_secret_value())

    def attached(self, message: Message) -> Sequence[Attached]:
        files = message.data.get("attached")
        return [Attached(one["kind"], {"url": one["url"]}, one["name"]) for one in files] if files else ()

    def get(self, file: Attached) -> Steps[bytes]:
        request = at_address(file.place.get("url"), self.media_in[file.kind].most)
        if request is None:
            raise SendFailed(guide.UNREADABLE, code="unreadable")
        answer = yield request
        if not answer.content:
            raise _failure(answer, "unreadable")
        return answer.content

    def who(self, message: Message) -> str:
        """Alone with somebody there is a channel, too."""
        return message.sender.rpartition("/")[2]

    # Out

    def check_receiver(self, to: str) -> None:
        if not all(map(ID.fullmatch, to.split("/", 1))):
            raise Wrong(guide.NO_RECEIVER)

    def limited_as(self, to: str) -> str:
        return _place(to)

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        return _posted(to, {"content": part}, key)

    def push_after(self, message: Message, part: str, key: str) -> ApiRequest:
        return _posted(message.sender, {"content": part}, key, message.handle.get("reply", ""))

    def push_choices(self, choices: Choices, to: str, key: str, after: Message | None = None) -> ApiRequest:
        buttons = [
            {"type": 2, "style": 2, "label": one.text, "custom_id": one.value} for one in choices.options
        ]
        rows = [{"type": 1, "components": buttons[at : at + 5]} for at in range(0, len(buttons), 5)]
        reply = after.handle.get("reply", "") if after else ""
        return _posted(to, {"content": choices.question, "components": rows}, key, reply)

    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest:
        return self._along(shown, to, key)

    def push_media_after(self, message: Message, shown: Shown, key: str) -> ApiRequest:
        return self._along(shown, message.sender, key, message.handle.get("reply", ""))

    def _along(self, shown: Shown, to: str, key: str, reply: str = "") -> ApiRequest:
        assert shown.media
        request = _posted(to, {"content": shown.title[:MOST]}, key, reply)
        more = {"payload_json": json.dumps(request.body, ensure_ascii=False)}
        file = FormFile("files[0]", shown.media.name, shown.media.content, shown.media.type, more)
        return ApiRequest(request.path, upload=file)

    def pushed(self, answer: ApiAnswer) -> None:
        if not isinstance(answer.data.get("id"), str):
            raise _failure(answer, "uncertain")

    def handle(self, answer: ApiAnswer) -> str:
        place, id = answer.data.get("channel_id"), answer.data.get("id")
        known = isinstance(place, str) and isinstance(id, str) and ID.fullmatch(place) and ID.fullmatch(id)
        return f"{place} {id}" if known else ""

    def chosen(self, message: Message, offered: Choices | None, now: float) -> ApiRequest | None:
        """The same message without its buttons; its answer is empty."""
        place = message.handle.get("interaction", "")
        if not place:
            return None
        found = offered.with_value(message.text) if offered else None
        shown = f"{offered.question}\n✓ {found.text}" if offered and found else "✓"
        body = {"type": 7, "data": {"content": shown[:MOST], "components": [], "allowed_mentions": NOBODY}}
        return ApiRequest(f"{API}/interactions/{place}/callback", body, most=LITTLE)

    def probe(self) -> ApiRequest:
        return ApiRequest(f"{API}/users/@me")

    def typing(self, to: str) -> ApiRequest:
        return ApiRequest(f"{API}/channels/{_place(to)}/typing", {}, most=LITTLE)

    def typed(self, answer: ApiAnswer) -> None:
        if answer.status >= 300:
            raise _failure(answer, "unreadable")

    # Its owner

    @property
    def reminders(self) -> Sequence[Note]:
        return [guide.ONE]


def _place(to: str) -> str:
    return to.partition("/")[0]


def _posted(to: str, shown: Mapping[str, Any], key: str, reply: str = "") -> ApiRequest:
    """With the same `nonce` it is there once."""
    body = {**shown, "nonce": key[:25], "enforce_nonce": True, "allowed_mentions": NOBODY}
    if reply:
        body["message_reference"] = {"message_id": reply, "fail_if_not_exists": False}
    return ApiRequest(f"{API}/channels/{_place(to)}/messages", body)


def _failure(answer: ApiAnswer, unreadable: str) -> SendFailed:
    code, wait = answer.data.get("code"), answer.data.get("retry_after")
    is_code = isinstance(code, int) and not isinstance(code, bool)
    if answer.status in (401, 429):
        found = str(answer.status)
    elif answer.status >= 500 or not is_code:
        return SendFailed(guide.UNREADABLE, code=unreadable)
    else:
        found = str(code)[:10]
    seconds = min(float(wait), 3600.0) if isinstance(wait, int | float) and 0 < wait < 10**6 else 0.0
    return SendFailed(
        guide.explained(found), code=found, retryable=found in guide.CODES.throttled, wait=seconds
    )


CHANNEL = Discord
