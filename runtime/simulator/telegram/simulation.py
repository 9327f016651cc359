"""A bot and whoever writes to it: what a rehearsal plays."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from runtime.lang import Text
from runtime.simulator import Crowded, Door, Kind, Knock, Link, OpenPage, Seen, Taken
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.telegram.server import TOKEN, Platform, Sent
from runtime.simulator.telegram.wire import CannotParse, parsed

PERSON, FIRST = 1001, 2000
SECRET = "played-webhook-secret-0123456789"
HEADER = "x-telegram-bot-api-secret-token"
TYPING = 5.0
PATIENCE = 60.0
AGAIN = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds before a call that was not taken is made again."""


class TelegramSimulation(Crowded):
    kinds: ClassVar[Mapping[str, Kind]] = {
        "poll": Kind(
            Text("主动去取", "Looked for"),
            Text("不要域名；私聊里回答边写边显示", "Needs no domain; answers show as they are written"),
        ),
        "webhook": Kind(
            Text("Telegram 来调用", "Called"),
            Text("要 HTTPS 公网地址", "Needs a public HTTPS address"),
        ),
    }
    api_host_setting: ClassVar[str] = "HONGYAN_TELEGRAM_API"

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        self.kind, self._clock = kind, clock
        self.platform = Platform(clock)
        self.settings = {"mode": kind, "bot_token": TOKEN, "username": "tea_shop_bot"}
        if kind == "webhook":
            self.settings["webhook_secret"] = SECRET
        self._wrote: list[tuple[float, str]] = []
        self._again: list[tuple[float, int]] = []

    def call(self, request: Request) -> Response:
        return self.platform.call(request)

    def connect(self, door: Door, open_page: OpenPage) -> None:
        self._door = door

    async def write(self, text: str) -> None:
        self._wrote.append((self._clock(), text))
        await self.says(PERSON, text)

    async def says(self, person: int, text: str, chat: int = 0, **more: Any) -> bool | None:
        """Whether the bot was told; None: the platform gave up."""
        return await self.bring(self.platform.said(chat or person, person, {"text": text}, **more))

    async def tap(self, person: int, label: str) -> bool | None:
        """A button of the newest message that has it. Raises LookupError."""
        for one in reversed(self.platform.sent):
            if one.chat == person and (found := [data for text, data in one.buttons if text == label]):
                told = self.platform.said(person, person, {"text": one.words})["message"]
                who = told["from"]
                query = {"id": str(4_000_000 + one.id), "from": who, "message": told, "data": found[0]}
                return await self.bring({"callback_query": {**query, "chat_instance": "1"}})
        raise LookupError(f"nothing to tap says {label}")

    async def bring(self, update: Mapping[str, Any]) -> bool | None:
        if self.kind == "poll":
            self.platform.put(update)
            await asyncio.sleep(0)
            return True
        whole = self.platform.numbered(update)
        body = json.dumps(whole, ensure_ascii=False).encode()
        headers = {HEADER: SECRET, "content-type": "application/json"}
        for attempt, pause in enumerate((*AGAIN, None), 2):
            if await self._taken(Knock({}, body, headers=headers)):
                return True
            if pause is None:
                return None
            await asyncio.sleep(pause)
            self._again.append((self._clock(), attempt))
        return None

    async def _taken(self, knock: Knock) -> bool:
        try:
            status, _ = await asyncio.wait_for(self._door(knock), PATIENCE)
        except (TimeoutError, OSError):
            return False
        return 200 <= status < 300

    @property
    def account(self) -> str:
        return TOKEN.partition(":")[0]

    async def written_by(self, number: int, text: str) -> Taken:
        person = FIRST + number
        return Taken(str(person), await self.says(person, text))

    def everybody_saw(self) -> Sequence[Shown]:
        return [Shown(self.account, str(one.chat), one.at, one.words) for one in self.platform.sent]

    async def follow(self, link: Link) -> None:
        await asyncio.sleep(0)

    def seen(self) -> Sequence[Seen]:
        mine = [Seen(at, "me", text, [text]) for at, text in self._wrote]
        sent = [one for one in self.platform.sent if one.chat == PERSON]
        own = [Seen(one.at, "account", shown(one), self.pieces(shown(one)), "push") for one in sent]
        return sorted([*mine, *own], key=lambda one: one.at)

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        try:
            return parsed(sent).pieces
        except CannotParse:
            return [sent]

    def typing(self) -> tuple[float, float] | None:
        shown = [at for at, chat in self.platform.typed if chat == PERSON]
        return (shown[0], shown[-1] + TYPING) if shown else None

    def repeats(self) -> Sequence[tuple[float, int]]:
        return list(self._again)

    def pushes(self) -> tuple[int, int]:
        return len(self.platform.sent), 20

    async def settle(self) -> None:
        await asyncio.sleep(0)


def shown(one: Sent) -> str:
    """With what can be tapped below it."""
    return "\n".join([one.text, *(text for text, _ in one.buttons)])
