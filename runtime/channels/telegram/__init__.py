"""A Telegram bot: we look for what was written, or Telegram calls us; answers are sent.

https://core.telegram.org/bots/api (10.2)
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from runtime import wellformed
from runtime.channels import (
    Announces,
    ApiAnswer,
    ApiRequest,
    Arrivals,
    Channel,
    ChoiceLimits,
    Chooses,
    Codes,
    Fetches,
    Guide,
    Guides,
    Judged,
    Limits,
    Note,
    Page,
    Profile,
    Rate,
    Registers,
    Symptom,
    ToCopy,
    WebRequest,
    WebResponse,
    Words,
)
from runtime.channels._border.refusals import reason, refused
from runtime.channels.telegram import codes as answers
from runtime.channels.telegram import guide, rendering
from runtime.channels.telegram.account import Account
from runtime.channels.telegram.codes import check
from runtime.channels.telegram.media import BotMedia
from runtime.channels.telegram.messages import WANTED, Reader, where, whole
from runtime.channels.telegram.sending import choices_shown, found, new_secret, quiet, receiver, sent
from runtime.channels.telegram.writing import ShownWriting
from runtime.choices import Choices
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.message import Event, Message
from runtime.schema import About

HOLDS = 25.0
MARGIN = 8.0
PAGE = 100
LARGEST_PAGE = 8 * 1024 * 1024
LARGEST_CALL = 1024 * 1024
DEEPEST = 30
YEAR = 365 * 86_400.0
"""A person who began may be written to until they stop the bot."""
HEADER = "x-telegram-bot-api-secret-token"


class Telegram(ShownWriting, BotMedia, Judged, Chooses, Announces, Fetches, Registers, Guides, Channel):
    about = About(
        Text("Telegram", "Telegram"),
        Text(
            "机器人私聊或在群里 @ 它，回答边写边显示",
            "Alone with the bot or by @ in groups; answers show as they are written",
        ),
        icon="send",
        color="#229ed9",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Account
    settings: Account
    limits: ClassVar[Limits] = Limits(rendering.MOST, "characters")
    machines_write: ClassVar[bool] = True
    tells: ClassVar[Collection[Event]] = frozenset({"followed", "left", "menu", "rated"})
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    proven_codes: ClassVar[frozenset[str]] = frozenset()
    api_host: ClassVar[str] = "https://api.telegram.org"
    api_host_setting: ClassVar[str] = "HONGYAN_TELEGRAM_API"
    codes: ClassVar[Codes] = answers.CODES
    rates: ClassVar[Sequence[Rate]] = (Rate(1, 1.0), Rate(20, 60.0))
    """One a second in a chat, 20 a minute in a group. https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"""
    push_seconds: ClassVar[float] = YEAR
    knows_repeats: ClassVar[bool] = False
    choice_limits: ClassVar[ChoiceLimits] = ChoiceLimits(
        most=20, text=60, value=64, question=1000, in_bytes=False
    )
    fetch_seconds: ClassVar[float] = 0.1
    fresh_seconds: ClassVar[float] = 86_400.0
    holds: ClassVar[float] = HOLDS

    def __init__(self, settings: Account) -> None:
        super().__init__(settings)
        self._reader = Reader(settings.bot_id, settings.username)

    @classmethod
    def suggest(cls) -> Mapping[str, str]:
        return {"webhook_secret": new_secret()}

    @classmethod
    def explain(cls, code: str) -> Text:
        return reason(code, cls.words) or answers.explained(code)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return rendering.parts(markdown)

    @classmethod
    def invite(cls, label: str, url: str, word: str) -> str:
        return rendering.linked(label, url) if url else f"{label} ({word})"

    @property
    def account(self) -> str:
        return self.settings.bot_id

    def outgoing(self, request: ApiRequest) -> ApiRequest:
        """With the token, which is in the path: nothing but what leaves has it."""
        token = self.settings.bot_token.get_secret_value()
        if request.path.startswith("/file/"):
            return replace(request, path=f"/file/bot{token}/{request.path.removeprefix('/file/')}")
        return replace(request, path=f"/bot{token}{request.path}")

    # In

    @property
    def fetches(self) -> bool:
        return self.settings.mode == "poll"

    def fetch(self, cursor: str, ticket: str) -> ApiRequest:
        offset = int(cursor) if cursor.lstrip("-").isdigit() else 0
        body = {"offset": offset, "limit": PAGE, "timeout": int(HOLDS), "allowed_updates": list(WANTED)}
        return ApiRequest("/getUpdates", body, seconds=HOLDS + MARGIN, largest=LARGEST_PAGE)

    def at_once(self, look: ApiRequest) -> ApiRequest:
        return replace(look, body={**(look.body or {}), "timeout": 0})

    def page(self, answer: ApiAnswer) -> Page:
        """The cursor is the update after the last one: with it, those before are forgotten there."""
        listed = check(answer)
        if not isinstance(listed, list):
            raise SendFailed(answers.UNREADABLE, code="unreadable")
        numbers = [whole(one.get("update_id")) for one in listed if isinstance(one, dict)]
        known = [one for one in numbers if one is not None]
        return Page(self._reader.messages(listed), str(max(known) + 1) if known else None)

    def hello(self) -> ApiRequest:
        """Nobody may look while a webhook is set."""
        return self.unregister()

    def receive(self, request: WebRequest, now: float) -> Arrivals:
        if self.fetches or request.method != "POST":
            raise refused("method")
        secret = self.settings.webhook_secret.get_secret_value().encode()
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode("utf-8", "replace"), secret):
            raise refused("signature")
        if len(request.body) > LARGEST_CALL:
            raise refused("too_large")
        try:
            update = wellformed.load(request.body, largest=LARGEST_CALL, deepest=DEEPEST)
        except ValueError:
            raise refused("malformed") from None
        if not isinstance(update, dict) or whole(update.get("update_id")) is None:
            raise refused("malformed")
        message = self._reader.message(update)
        return Arrivals([message]) if message else Arrivals(response=self.acknowledge())

    def acknowledge(self) -> WebResponse:
        return WebResponse("")

    def register(self, address: str) -> ApiRequest:
        secret = self.settings.webhook_secret.get_secret_value()
        wanted = {
            "url": address,
            "secret_token": secret,
            "allowed_updates": list(WANTED),
            "max_connections": 40,
        }
        return ApiRequest("/setWebhook", wanted)

    def registered(self, answer: ApiAnswer) -> None:
        check(answer)

    def unregister(self) -> ApiRequest:
        return ApiRequest("/deleteWebhook", {"drop_pending_updates": False})

    # Out

    def check_receiver(self, to: str) -> None:
        receiver(to)

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        return sent(part, to)

    def push_after(self, message: Message, part: str, key: str) -> ApiRequest:
        return sent(part, message.sender, message.handle)

    def pushed(self, answer: ApiAnswer) -> None:
        check(answer, unreadable="uncertain")

    def probe(self) -> ApiRequest:
        return ApiRequest("/getMe", {})

    def probed(self, answer: ApiAnswer) -> bool:
        check(answer)
        return True

    def limited_as(self, to: str) -> str:
        return str(where(to))

    # Choices

    def push_choices(self, choices: Choices, to: str, key: str, after: Message | None = None) -> ApiRequest:
        return choices_shown(choices, to, after.handle if after else {})

    def settle(self, handle: str, words: str, to: str) -> ApiRequest:
        at = found(handle)
        return ApiRequest("/editMessageText", {**at, "text": quiet(words[:4000], str(at["chat_id"]))})

    def chosen(self, message: Message, offered: Choices | None, now: float) -> ApiRequest | None:
        """The button shows that it was tapped until this is said."""
        query = message.handle.get("query", "")
        if message.data.get("event") != "menu" or not query:
            return None
        one = offered.with_value(message.text) if offered else None
        words = f"✓ {one.text}" if one else "✓"
        return ApiRequest("/answerCallbackQuery", {"callback_query_id": query, "text": words})

    # Its owner

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        if self.fetches:
            return []
        label = Text(
            "Webhook（我们已告诉 Telegram，不用粘贴）", "Webhook (we tell Telegram; nothing to paste)"
        )
        return [ToCopy("url", label, address)]

    @property
    def reminders(self) -> Sequence[Note]:
        return [guide.ONE, guide.GROUPS]


CHANNEL = Telegram
