"""One person with their bot: what a rehearsal plays."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from runtime.lang import Text
from runtime.simulator import Crowded, Door, Kind, Link, OpenPage, Seen, Taken
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.ilink.server import ALLOWED, BOT, PERSON, Platform
from runtime.simulator.rendered import rendered

TYPING = 10.0
"""Seconds that the sign stays when nobody takes it away."""


class ILinkSimulation(Crowded):
    kinds: ClassVar[Mapping[str, Kind]] = {
        "person": Kind(
            Text("自己的微信", "Your own WeChat"),
            Text("每条消息 24 小时内约能回 10 次", "About 10 answers within 24 hours of each message"),
        )
    }
    people: ClassVar[int] = 1
    api_host_setting: ClassVar[str] = "HONGYAN_ILINK_API"

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        self.platform = Platform(clock)
        self.platform.token = "bot-token-0"
        self.settings = {"bot_token": "bot-token-0", "bot_id": BOT, "user_id": PERSON}
        self._clock = clock
        self._chat: list[Seen] = []
        self._known = 0

    def call(self, request: Request) -> Response:
        response = self.platform.call(request)
        for one in self.platform.sent[self._known :]:
            if one.shown:
                shown = one.text or f"[{one.item.get('type')}]"
                self._chat.append(Seen(self._clock(), "account", shown, self.pieces(shown), "push"))
        self._known = len(self.platform.sent)
        return response

    def connect(self, door: Door, open_page: OpenPage) -> None:
        """The platform never calls."""

    async def write(self, text: str) -> None:
        self._chat.append(Seen(self._clock(), "me", text, [text]))
        self.platform.write(self.platform.text(text))
        await asyncio.sleep(0)

    @property
    def account(self) -> str:
        return BOT

    async def written_by(self, number: int, text: str) -> Taken:
        """It waits until a look brings it. Only one person can write to the bot of theirs."""
        await self.write(text)
        return Taken(PERSON, True)

    def everybody_saw(self) -> Sequence[Shown]:
        return [Shown(BOT, one.to, one.at, one.text) for one in self.platform.sent if one.shown]

    async def follow(self, link: Link) -> None:
        await asyncio.sleep(0)

    def seen(self) -> Sequence[Seen]:
        return list(self._chat)

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        return rendered(sent)

    def typing(self) -> tuple[float, float] | None:
        shown = [at for at, status in self.platform.typed if status == 1]
        ended = [at for at, status in self.platform.typed if status == 2]
        return (shown[0], ended[-1] if ended else shown[-1] + TYPING) if shown else None

    def repeats(self) -> Sequence[tuple[float, int]]:
        return []

    def pushes(self) -> tuple[int, int]:
        return len(self.platform.sent), ALLOWED

    async def settle(self) -> None:
        await asyncio.sleep(0)
