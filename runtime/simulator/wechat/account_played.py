"""WeChat between the phones and a callback: five seconds, the same message again, and what comes of it.

https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html
"""

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from runtime.simulator import Door
from runtime.simulator.history import QUESTION, History, Pushed, Shown
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.material import NAMES, NO_SUCH_ID, in_words
from runtime.simulator.wechat.phone import Bubble, Delivered, Phone, shown
from runtime.simulator.wechat.platform import Platform, Sent
from runtime.simulator.wechat.quotas import Trigger
from runtime.simulator.wechat.wire import Push, Reply, Wire

OUT_OF_SERVICE = "该公众号提供的服务出现故障，请稍后再试"


@dataclass(frozen=True)
class Habits:
    """How WeChat behaves where its documentation leaves room. Times in seconds."""

    patience: float = 5.0
    """Then the connection is dropped, whatever the server still does with it."""
    attempts: int = 3
    """Of one message, all with its MsgId. Some see two repeats, some three."""
    copies: int = 1
    """Requests side by side at each attempt: what a network can do to a message."""
    loses: tuple[int, ...] = ()
    """Attempts whose response is lost on the way, though the server gave one."""
    failed_status_is_final: bool = False
    """Whether a status other than 200 ends it. Adapters behave as if it were tried again; unconfirmed."""


class WeChat:
    """One account, the people who write to it, and everything they see."""

    out_of_service: ClassVar[str] = OUT_OF_SERVICE
    """What they see when nothing answered."""

    def __init__(
        self,
        account: Account,
        door: Door,
        platform: Platform | None = None,
        *,
        clock: Callable[[], float] = time.time,
        habits: Habits = Habits(),  # frozen
    ) -> None:
        self.account = account
        self.door = door
        self.clock = clock
        self.habits = habits
        self.platform = platform or Platform([account], clock)
        self.platform.on_sent = self._pushed
        self.history = History()
        self.phones: dict[str, Phone] = {}
        self.late: list[tuple[str, int, float]] = []
        """Attempts that were not answered in time: id, attempt, when they were dropped."""
        self.desk: dict[str, list[str]] = {}
        """What the humans at the account's own console read, by person."""
        self.served: set[str] = set()
        """Whom one of them has: what these write does not come to the callback."""
        self._wire = Wire(account)
        self._ids = itertools.count(25_000_000_000_000_000 + int(clock()) * 1000)
        self._hanging: set[asyncio.Task[tuple[int, str]]] = set()

    def phone(self, openid: str = "") -> Phone:
        """A person who follows the account. The same openid is the same person."""
        openid = openid or f"o6_bmjrPTlm6_2sgVt7hMZ{len(self.phones):06d}"
        return self.phones.setdefault(openid, Phone(openid, self))

    async def verify(self) -> bool:
        """Press "submit" in the console: whether the callback address is accepted."""
        status, body = await self.door(self._wire.handshake("5873910627148355", self.clock()))
        return status == 200 and body == "5873910627148355"

    async def message(
        self, phone: Phone, fields: Mapping[str, str], trigger: Trigger = "message"
    ) -> Delivered:
        """Bring a message to the callback."""
        id = str(next(self._ids))
        self.platform.acted(self.account.app_id, phone.openid, trigger)
        if phone.openid in self.served:
            self.desk[phone.openid].append(str(fields.get("Content", "")))
            return Delivered(id, 0, Reply("silent"), 0.0)
        return await self._deliver(phone, id, {**self._head(phone), **fields, "MsgId": int(id)})

    async def event(
        self, phone: Phone, name: str, trigger: Trigger | None = None, **fields: str
    ) -> Delivered:
        """Bring an event: it has no MsgId."""
        if name == "unsubscribe":
            self.platform.left(self.account.app_id, phone.openid)
        elif trigger:
            self.platform.acted(self.account.app_id, phone.openid, trigger)
        fields = {"MsgType": "event", "Event": name, **fields}
        return await self._deliver(phone, f"event {name} {self.clock()}", {**self._head(phone), **fields})

    async def take(self, phone: Phone, servicer: str = "test1@gh_5d2f9a1c7e3b") -> Delivered:
        """A human at the console takes somebody from the queue."""
        self.desk.setdefault(phone.openid, [])
        self.served.add(phone.openid)
        return await self.event(phone, "kf_create_session", KfAccount=servicer)

    async def end(self, phone: Phone, servicer: str = "test1@gh_5d2f9a1c7e3b") -> Delivered:
        """…and is done with them."""
        self.served.discard(phone.openid)
        return await self.event(phone, "kf_close_session", KfAccount=servicer)

    async def repeat(self, phone: Phone, id: str, text: str) -> Reply:
        """One more request for a text that was delivered before, as a network's duplicate."""
        fields = {**self._head(phone), "MsgType": "text", "Content": text, "MsgId": int(id)}
        return await self._attempt(phone, self._wire.push(fields, self.clock())) or Reply("fault", "late")

    async def settle(self) -> None:
        """Wait for requests that nobody listens to any more."""
        while self._hanging:
            await asyncio.wait(self._hanging)

    def _head(self, phone: Phone) -> dict[str, str | int]:
        return {
            "ToUserName": self.account.original_id,
            "FromUserName": phone.openid,
            "CreateTime": int(self.clock()),
        }

    async def _deliver(self, phone: Phone, id: str, fields: Mapping[str, str | int]) -> Delivered:
        began = self.clock()
        marked = QUESTION.search(str(fields.get("Content", "")))
        mark = marked[1] if marked else id
        self.history.pushed[mark] = Pushed(mark, self.account.app_id, phone.openid, began)
        reply: Reply | None = None
        for attempt in range(1, self.habits.attempts + 1):
            sent_at = self.clock()
            pushes = [self._wire.push(fields, sent_at) for _ in range(self.habits.copies)]
            copies = [self._attempt(phone, push) for push in pushes]
            reply, *_ = await asyncio.gather(*copies)
            if reply is None or attempt in self.habits.loses:
                self.late.append((mark, attempt, self.clock()))
                reply = None
            elif reply.kind != "fault" or not self._is_tried_again(reply):
                break
            await asyncio.sleep(max(0.0, sent_at + self.habits.patience - self.clock()))
        return self._conclude(phone, mark, attempt, reply or Reply("fault", "no answer"), began)

    def _is_tried_again(self, reply: Reply) -> bool:
        """A refused connection and a bad status are; what was answered and is malformed is not."""
        if reply.text.startswith("http "):
            return not self.habits.failed_status_is_final
        return reply.text == "unreachable"

    async def _attempt(self, phone: Phone, push: Push) -> Reply | None:
        """None when there was no answer in time. The server is not told: it goes on."""
        knocking = asyncio.ensure_future(self.door(push))
        self._hanging.add(knocking)
        knocking.add_done_callback(self._hung_up)
        done, _ = await asyncio.wait({knocking}, timeout=self.habits.patience)
        if not done:
            return None
        try:
            status, body = knocking.result()
        except OSError:
            return Reply("fault", "unreachable")
        reply = self._wire.read(phone.openid, status, body)
        return self._seen(reply) if reply.kind in NAMES or reply.kind == "news" else reply

    def _seen(self, reply: Reply) -> Reply:
        """A reply with media, if what it names lies there. A passive video needs no thumb."""
        shelf, content = self.platform.shelf, json.loads(reply.text)
        if reply.kind == "news":
            code = shelf.sendable(self.account.app_id, "news", content, self.clock())
        else:
            found = shelf.find(self.account.app_id, content["media_id"], self.clock())
            code = 0 if found and found.kind == reply.kind else NO_SUCH_ID
        return Reply("fault", f"media {code}") if code else Reply("other", in_words(reply.kind, reply.text))

    def lay(self, kind: str, content: bytes) -> Mapping[str, str]:
        """What a person sends lies here; the fields by which a push tells of it."""
        shelf = self.platform.shelf
        fields = {"MediaId": shelf.keep(self.account.app_id, kind, content, self.clock())}
        if kind == "image":
            path = f"/mmbiz_jpg/{fields['MediaId'][:40]}/0"
            shelf.addresses[path] = content
            fields["PicUrl"] = f"http://mmbiz.qpic.cn{path}"
        return fields

    def _hung_up(self, task: asyncio.Task[tuple[int, str]]) -> None:
        self._hanging.discard(task)
        if not task.cancelled():
            task.exception()  # what fails after WeChat hung up is nobody's business

    def _conclude(self, phone: Phone, mark: str, attempt: int, reply: Reply, began: float) -> Delivered:
        now = self.clock()
        if reply.kind == "fault":
            phone.bubbles.append(Bubble(now, "wechat", self.out_of_service, attempt=attempt))
        else:
            self.history.acknowledged[mark] = now
        if reply.kind == "transfer":
            self.desk.setdefault(phone.openid, []).append(mark)
        if reply.kind in ("text", "other"):
            self.show(phone, Bubble(now, "account", reply.text, "reply", attempt))
            if f"A{mark}" not in reply.text:
                self.history.told.add(mark)
        return Delivered(mark, attempt, reply, now - began)

    def _pushed(self, sent: Sent) -> None:
        phone = self.phone(sent.to)
        self.show(phone, Bubble(sent.at, "account", shown(sent.kind, sent.text), "push"))

    def button(self, name: str) -> Mapping[str, Any]:
        """The menu button of that name. Raises LookupError when nobody sees one."""
        tops: list[dict[str, Any]] = self.platform.owner.menus.seen(self.account)
        below: list[dict[str, Any]] = [one for top in tops for one in top.get("sub_button", [])]
        for button in [*tops, *below]:
            if button["name"] == name and "sub_button" not in button:
                return button
        raise LookupError(f"no menu button {name!r} is to be seen")

    def show(self, phone: Phone, bubble: Bubble) -> None:
        """The account's bubble appears on the phone."""
        phone.bubbles.append(bubble)
        self.history.shown.append(Shown(self.account.app_id, phone.openid, bubble.at, bubble.text))
