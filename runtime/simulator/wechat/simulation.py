"""One Official Account of some kind, with one follower: what a rehearsal plays."""

import html
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, cast, get_args

from runtime.simulator import Door, Kind, Link, OpenPage, Seen, Side, Simulation
from runtime.simulator.http import Request, Response
from runtime.simulator.wechat import accounts
from runtime.simulator.wechat.account_played import WeChat
from runtime.simulator.wechat.phone import ADDRESS, ANCHOR, Phone, Tap
from runtime.simulator.wechat.platform import Platform
from runtime.simulator.wechat.quotas import ALLOWED, TYPING

SIDES: Mapping[str, Side] = {"me": "me", "account": "account", "wechat": "platform"}


class WeChatSimulation(Simulation):
    kinds: ClassVar[Mapping[str, Kind]] = {
        name: Kind(rights.name, rights.may) for name, rights in accounts.RIGHTS.items()
    }
    api_host_setting: ClassVar[str] = "HONGYAN_WECHAT_API"
    plays: ClassVar[type[WeChat]] = WeChat

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        assert kind in get_args(accounts.Kind)
        self._account = accounts.of_kind(cast(accounts.Kind, kind))
        self._clock = clock
        self._platform = Platform([self._account], clock)
        self.settings = self._account.settings
        self._wechat: WeChat | None = None

    def call(self, request: Request) -> Response:
        return self._platform.call(request)

    def connect(self, door: Door, open_page: OpenPage) -> None:
        self._wechat = self.plays(self._account, door, self._platform, clock=self._clock)
        self._phone.open_page = open_page

    async def write(self, text: str) -> None:
        await self._phone.write(text)

    async def follow(self, link: Link) -> None:
        await self._phone.tap(Tap(link.label, url=link.url))

    def seen(self) -> Sequence[Seen]:
        return [
            Seen(one.at, SIDES[one.side], one.text, self.pieces(one.text), one.route, one.attempt)
            for one in self._phone.bubbles
        ]

    @classmethod
    def pieces(cls, sent: str) -> list[str | Link]:
        """A link that sends words reads as its words."""
        found: list[str | Link] = []
        at = 0
        for match in ANCHOR.finditer(sent):
            found += [*_bare(sent[at : match.start()]), Link(match[3], html.unescape(match[2]))]
            at = match.end()
        return [*found, *_bare(sent[at:])]

    def typing(self) -> tuple[float, float] | None:
        path = "message/custom/typing"
        calls = [call.at for call in self._platform.called if call.path == path and call.code == 0]
        return (calls[0], calls[-1] + TYPING) if calls else None

    def repeats(self) -> Sequence[tuple[float, int]]:
        most = self._played.habits.attempts
        return [(at, attempt + 1) for _, attempt, at in self._played.late if attempt < most]

    def pushes(self) -> tuple[int, int]:
        return len(self._platform.sent), ALLOWED["message"][0] if self._account.rights.pushes else 0

    async def settle(self) -> None:
        await self._played.settle()

    @property
    def _played(self) -> WeChat:
        assert self._wechat is not None
        return self._wechat

    @property
    def _phone(self) -> Phone:
        return self._played.phone("o6_bmjrPTlm6_2sgVt7hMZ000000")


def _bare(text: str) -> list[str | Link]:
    """Addresses that stand in the text as they are."""
    found: list[str | Link] = []
    at = 0
    for match in ADDRESS.finditer(text):
        found += [text[at : match.start()], Link(match[0], match[0])]
        at = match.end()
    return [piece for piece in (*found, text[at:]) if piece]
