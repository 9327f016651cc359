"""A bot and whoever writes to it: what a rehearsal plays."""

import asyncio
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from runtime.lang import Text
from runtime.simulator import Kind, Knock, Link, Seen, Taken
from runtime.simulator._chatting import Reacting, tapped, with_buttons
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.telegram.server import TOKEN, Platform
from runtime.simulator.telegram.wire import CannotParse, parsed

PERSON, FIRST = 1001, 2000
SECRET = "played-webhook-secret-0123456789"
HEADER = "x-telegram-bot-api-secret-token"
AGAIN = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds before a call that was not taken is made again."""


class TelegramSimulation(Reacting):
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
    person: ClassVar[str] = str(PERSON)
    api_host_setting: ClassVar[str] = "HONGYAN_TELEGRAM_API"
    typing_seconds: ClassVar[float] = 5.0
    patience: ClassVar[float] = 60.0
    taken: ClassVar[Collection[int]] = range(200, 300)

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.kind = kind
        self.platform = Platform(clock)
        self.settings = {"mode": kind, "bot_token": TOKEN, "username": "tea_shop_bot"}
        if kind == "webhook":
            self.settings["webhook_secret"] = SECRET

    def call(self, request: Request) -> Response:
        return self.platform.call(request)

    async def person_says(self, text: str) -> None:
        await self.says(PERSON, text)

    async def says(self, person: int, text: str, chat: int = 0, **more: Any) -> bool | None:
        """Whether the bot was told; None: the platform gave up."""
        return await self.bring(self.platform.said(chat or person, person, {"text": text}, **more))

    async def tap(self, person: int, label: str) -> bool | None:
        """A button of the newest message that has it. Raises LookupError."""
        one, data = tapped(label, ((one, one.buttons) for one in self.platform.sent if one.chat == person))
        told = self.platform.said(person, person, {"text": one.words})["message"]
        query = {"id": str(4_000_000 + one.id), "from": told["from"], "message": told, "data": data}
        return await self.bring({"callback_query": {**query, "chat_instance": "1"}})

    async def put_under(self, person: str, name: str, sign: str, before: str) -> None:
        """https://core.telegram.org/bots/api#messagereactionupdated"""
        told = self.platform.said(int(person), int(person), {})["message"]
        changed = {"chat": told["chat"], "user": told["from"], "date": told["date"], "message_id": int(name)}
        for field, given in (("old_reaction", before), ("new_reaction", sign)):
            changed[field] = [{"type": "emoji", "emoji": given}] if given else []
        await self.bring({"message_reaction": changed})

    def names(self, person: str) -> Sequence[str]:
        return [str(one.id) for one in self.platform.sent if one.chat == int(person)]

    async def bring(self, update: Mapping[str, Any]) -> bool | None:
        if self.kind == "poll":
            self.platform.put(update)
            await asyncio.sleep(0)
            return True
        whole = self.platform.numbered(update)
        body = json.dumps(whole, ensure_ascii=False).encode()
        knock = Knock({}, body, headers={HEADER: SECRET, "content-type": "application/json"})
        return await self.again(lambda _: self.is_taken(knock), AGAIN)

    @property
    def account(self) -> str:
        return TOKEN.partition(":")[0]

    async def written_by(self, number: int, text: str) -> Taken:
        person = FIRST + number
        return Taken(str(person), await self.says(person, text))

    def everybody_saw(self) -> Sequence[Shown]:
        return [Shown(self.account, str(one.chat), one.at, one.words) for one in self.platform.sent]

    def heard(self) -> Iterable[Seen]:
        sent = (one for one in self.platform.sent if one.chat == PERSON)
        return [self.pushed(one.at, with_buttons(one.text, one.buttons)) for one in sent]

    def typed(self) -> Sequence[float]:
        return [at for at, chat in self.platform.typed if chat == PERSON]

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        try:
            return parsed(sent).pieces
        except CannotParse:
            return [sent]

    def pushes(self) -> tuple[int, int]:
        return len(self.platform.sent), 20
