"""One person with their bot: what a rehearsal plays."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from runtime.lang import Text
from runtime.simulator import Kind, Link, Seen, Taken
from runtime.simulator._chatting import Chatting
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.ilink.server import ALLOWED, BOT, PERSON, Platform, Sent
from runtime.simulator.rendered import rendered


class ILinkSimulation(Chatting):
    kinds: ClassVar[Mapping[str, Kind]] = {
        "person": Kind(
            Text("自己的微信", "Your own WeChat"),
            Text("每条消息 24 小时内约能回 10 次", "About 10 answers within 24 hours of each message"),
        )
    }
    people: ClassVar[int] = 1
    api_host_setting: ClassVar[str] = "HONGYAN_ILINK_API"
    typing_seconds: ClassVar[float] = 10.0
    """…when nobody takes it away."""

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.platform = Platform(clock)
        self.platform.token = "bot-token-0"
        self.settings = {"bot_token": "bot-token-0", "bot_id": BOT, "user_id": PERSON}

    def call(self, request: Request) -> Response:
        return self.platform.call(request)

    async def person_says(self, text: str) -> None:
        self.platform.write(self.platform.text(text))
        await asyncio.sleep(0)

    def heard(self) -> Iterable[Seen]:
        return [self.pushed(one.at, in_words(one)) for one in self.platform.sent if one.shown]

    @property
    def account(self) -> str:
        return BOT

    async def written_by(self, number: int, text: str) -> Taken:
        """It waits until a look brings it. Only one person can write to the bot of theirs."""
        await self.write(text)
        return Taken(PERSON, True)

    def everybody_saw(self) -> Sequence[Shown]:
        return [Shown(BOT, one.to, one.at, one.text) for one in self.platform.sent if one.shown]

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        return rendered(sent)

    def typed(self) -> Sequence[float]:
        return [at for at, status in self.platform.typed if status == 1]

    def typing(self) -> tuple[float, float] | None:
        shown = super().typing()
        ended = [at for at, status in self.platform.typed if status == 2]
        return (shown[0], ended[-1]) if shown and ended else shown

    def pushes(self) -> tuple[int, int]:
        return len(self.platform.sent), ALLOWED


def in_words(one: Sent) -> str:
    return one.text or f"[{one.item.get('type')}]"
