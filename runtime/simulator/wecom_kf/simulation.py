"""One customer-service account with one customer: what a rehearsal plays."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, cast

from runtime.lang import Text
from runtime.simulator import Crowded, Door, Kind, Link, OpenPage, Seen, Taken
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.wecom_kf.account import Account, Rights
from runtime.simulator.wecom_kf.customers import Customer, House
from runtime.simulator.wecom_kf.platform import Platform
from runtime.simulator.wecom_kf.sessions import MOST_SENT

ADDRESS = re.compile(r"https?://[^\s<>\"'，。；（）]+")
ITEM = re.compile(r"（menu:[^\n（）]{1,128}）(\s*)$", re.MULTILINE)
KINDS: Mapping[Rights, Kind] = {
    "verified": Kind(
        Text("已认证企业", "Verified enterprise"),
        Text("客户写一次，48 小时内最多回 5 条。", "5 messages within 48 hours of each of a customer's."),
    ),
    "not_listed": Kind(
        Text("应用没有列入可调用接口", "App not listed"),
        Text(
            "应用不在「可调用接口的应用」里：收不到也发不出。",
            "The app is not among those that may call: nothing comes or goes.",
        ),
    ),
}


class KfSimulation(Crowded):
    kinds: ClassVar[Mapping[str, Kind]] = cast(Mapping[str, Kind], KINDS)
    api_host_setting: ClassVar[str] = "HONGYAN_WECOM_API"

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        assert kind in KINDS
        self._account = Account(cast(Rights, kind))
        self._clock = clock
        self.platform = Platform(self._account, clock)
        self.settings = self._account.settings
        self._house: House | None = None

    def call(self, request: Request) -> Response:
        return self.platform.call(request)

    def connect(self, door: Door, open_page: OpenPage) -> None:
        self._house = House(self._account, door, self.platform, self._clock)
        self._open_page = open_page
        self._pages: list[Seen] = []

    async def write(self, text: str) -> None:
        await self._customer.write(text)

    @property
    def account(self) -> str:
        return self._account.open_kfid

    async def written_by(self, number: int, text: str) -> Taken:
        """It is listed until somebody fetches it, whether or not the signal comes through."""
        customer = self._one_of_many(number)
        await customer.write(text)
        return Taken(customer.id, True)

    async def opened_by(self, number: int) -> bool:
        await self._one_of_many(number).enter()
        return True

    def _one_of_many(self, number: int) -> Customer:
        assert self._house is not None
        return self._house.customer(f"wmCr0wd{number:07d}")

    def everybody_saw(self) -> Sequence[Shown]:
        assert self._house is not None
        return self._house.history.shown

    async def follow(self, link: Link) -> None:
        text = await self._open_page(link.url)
        self._pages.append(Seen(self._clock(), "account", text, self.pieces(text), "page"))

    def seen(self) -> Sequence[Seen]:
        found = [
            Seen(
                one.at,
                "me" if one.me else "account",
                one.text,
                self.pieces(one.text),
                "" if one.me else "push",
            )
            for one in self._customer.bubbles
        ]
        return sorted([*found, *self._pages], key=lambda seen: seen.at)

    @classmethod
    def pieces(cls, sent: str) -> list[str | Link]:
        """A menu's items read as their labels."""
        sent = ITEM.sub(r"\1", sent)
        found: list[str | Link] = []
        at = 0
        for match in ADDRESS.finditer(sent):
            found += [sent[at : match.start()], Link(match[0], match[0])]
            at = match.end()
        return [piece for piece in (*found, sent[at:]) if piece]

    def typing(self) -> None:
        """There is no such sign."""

    def repeats(self) -> Sequence[tuple[float, int]]:
        return []

    def pushes(self) -> tuple[int, int]:
        return len(self.platform.sent), MOST_SENT if self._account.rights != "not_listed" else 0

    async def settle(self) -> None:
        """A signal is answered at once."""

    @property
    def _customer(self) -> Customer:
        assert self._house is not None
        return self._house.customer("wmPl4yed000000")
