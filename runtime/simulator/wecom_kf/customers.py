"""People who write to the account, and the humans who may take them over, on one enterprise's side."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from runtime.simulator import Door
from runtime.simulator.history import QUESTION, History, Pushed, Shown
from runtime.simulator.wecom_kf.account import Account
from runtime.simulator.wecom_kf.platform import Platform, Sent
from runtime.simulator.wecom_kf.sessions import ENDED, HUMAN, OVER, TAKEN
from runtime.simulator.wecom_kf.wire import Wire

PATIENCE = 5.0
"""Seconds that a signal's response may take."""
ATTEMPTS = 3


@dataclass(frozen=True)
class Bubble:
    """One thing in the chat. `me`: the customer's own; `human`: a servicer's."""

    at: float
    text: str
    me: bool = False
    human: bool = False


@dataclass
class Customer:
    """Somebody in WeChat who came by a link."""

    id: str
    house: "House" = field(repr=False)
    bubbles: list[Bubble] = field(default_factory=list)

    @property
    def received(self) -> list[str]:
        """What the account sent, in order."""
        return [bubble.text for bubble in self.bubbles if not bubble.me]

    async def enter(self, *, entitled: bool = True) -> str:
        """Open the chat; the welcome code, if there is one."""
        session = self.house.platform.sessions[self.id]
        code = self.house.platform.welcome_code(self.id) if entitled and session.state == OVER else ""
        self.house.platform.happen(
            "enter_session", self.id, scene="", **({"welcome_code": code} if code else {})
        )
        await self.house.signal()
        return code

    async def write(self, text: str, menu_id: str = "") -> str:
        """Send a text; its id."""
        id = self.wrote(text, menu_id)
        await self.house.signal()
        return id

    def wrote(self, text: str, menu_id: str = "") -> str:
        """As `write`, and the signal is lost."""
        house = self.house
        house.platform.sessions[self.id].wrote(house.clock())
        self.bubbles.append(Bubble(house.clock(), text, me=True))
        inner = {"content": text, **({"menu_id": menu_id} if menu_id else {})}
        id = house.platform.put("text", inner, customer=self.id, origin=3)
        if marked := QUESTION.search(text):
            account = house.account.open_kfid
            house.history.pushed[marked[1]] = Pushed(marked[1], account, self.id, house.clock())
        return id

    async def take_back(self, id: str) -> None:
        self.house.platform.happen("user_recall_msg", self.id, recall_msgid=id)
        await self.house.signal()


class House:
    """The enterprise: its account, its customers and those who serve them."""

    def __init__(self, account: Account, door: Door, platform: Platform, clock: Callable[[], float]) -> None:
        self.account, self.door, self.platform, self.clock = account, door, platform, clock
        self.history = History()
        self.customers: dict[str, Customer] = {}
        self.refused: list[int] = []
        """Statuses of signals that were not taken."""
        self._wire = Wire(account.token, account.encoding_aes_key, account.corp_id)
        platform.on_sent = self._sent

    def customer(self, id: str = "") -> Customer:
        """The same id is the same person."""
        id = id or f"wmPl4yed{len(self.customers):06d}"
        return self.customers.setdefault(id, Customer(id, self))

    async def verify(self) -> bool:
        """Save the address in the console."""
        status, body = await self.door(self._wire.handshake("5873910627148355", self.clock()))
        return status == 200 and body == "5873910627148355"

    async def signal(self) -> None:
        """Tell the callback that something waits, again when it does not answer."""
        for _ in range(ATTEMPTS):
            knock = self._wire.signal(self.platform.ticket(), self.account.open_kfid, self.clock())
            try:
                status, _ = await asyncio.wait_for(self.door(knock), PATIENCE)
            except (OSError, TimeoutError):
                status = 0
            if status == 200:
                return
            self.refused.append(status)
            await asyncio.sleep(PATIENCE)

    # What humans do in WeCom

    async def take(self, customer: Customer, servicer: str = "zhangsan") -> None:
        session = self.platform.sessions[customer.id]
        session.state, session.servicer = HUMAN, servicer
        self.platform.happen(
            "session_status_change",
            customer.id,
            change_type=TAKEN,
            old_servicer_userid="",
            new_servicer_userid=servicer,
        )
        await self.signal()

    async def reply(self, customer: Customer, text: str) -> str:
        servicer = self.platform.sessions[customer.id].servicer
        customer.bubbles.append(Bubble(self.clock(), text, human=True))
        id = self.platform.put(
            "text", {"content": text}, customer=customer.id, origin=5, servicer_userid=servicer
        )
        await self.signal()
        return id

    async def end(self, customer: Customer) -> None:
        session = self.platform.sessions[customer.id]
        servicer, session.servicer, session.state = session.servicer, "", OVER
        self.platform.happen(
            "session_status_change", customer.id, change_type=ENDED, old_servicer_userid=servicer
        )
        await self.signal()

    async def fail(self, sent: Sent, fail_type: int) -> None:
        """What was taken does not arrive after all."""
        bubbles = self.customers[sent.to].bubbles
        bubbles[:] = [bubble for bubble in bubbles if bubble.text != shown(sent)]
        self.platform.happen("msg_send_fail", sent.to, fail_msgid=sent.id, fail_type=fail_type)
        await self.signal()

    def _sent(self, sent: Sent) -> None:
        customer = self.customer(sent.to)
        customer.bubbles.append(Bubble(sent.at, shown(sent)))
        self.history.shown.append(Shown(self.account.open_kfid, sent.to, sent.at, shown(sent)))


def shown(sent: Sent) -> str:
    """As a phone shows it: a menu's items below each other."""
    if sent.kind != "msgmenu":
        return sent.text
    menu = json.loads(sent.text)
    items = [one.get("click", one.get("view", {})).get("content", "") for one in menu.get("list", [])]
    return "\n".join(filter(None, (menu.get("head_content"), *items, menu.get("tail_content"))))
