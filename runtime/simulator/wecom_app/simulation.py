"""One app with its members: five seconds, the same message again, and what they see."""

import asyncio
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from runtime.lang import Text
from runtime.simulator import Carded, Door, Kind, Link, OpenPage, Seen, Taken
from runtime.simulator.history import QUESTION, History, Pushed, Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.wecom_app.platform import Platform, Sent
from runtime.simulator.wecom_app.wire import App, Reply, Wire

PATIENCE = 5.0
ATTEMPTS = 3
CHECKING = 1.0
"""Seconds that the console waits for the answer to its check."""
MEMBER = "zhangsan"
LINK = re.compile(
    r"<a href=\"([^\"]*)\">(.*?)</a>|\[([^\[\]\n]+)\]\((https?://[^\s()]+)\)|(https?://[^\s<>（）]+)"
)
MARK = re.compile(r"^#{1,6} |^> |\*\*|`|</?font[^>]*>", re.MULTILINE)
KINDS = {
    "trusted": Kind(
        Text("可信 IP 已设好", "This server is trusted"),
        Text(
            "随时可以发消息给成员，每人每分钟 30 条。", "May write to members at any time, 30 a minute each."
        ),
    ),
    "stranger": Kind(
        Text("还没有设可信 IP", "This server is not trusted yet"),
        Text("只能在收到消息后约 15 秒内回复。", "It can only reply within about 15 s of a message."),
    ),
}


@dataclass
class Delivered:
    """What became of one message."""

    attempts: int
    reply: Reply


@dataclass
class Phone:
    member: str
    chat: list[Seen] = field(default_factory=list)

    @property
    def received(self) -> list[str]:
        return [one.sent for one in self.chat if one.side == "account"]


class WeComAppSimulation(Carded):
    kinds: ClassVar[Mapping[str, Kind]] = KINDS
    api_host_setting: ClassVar[str] = "HONGYAN_WECOM_API"

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        self.clock, self.app = clock, App()
        self.platform = Platform(self.app, clock, trusts=kind == "trusted")
        self.platform.on_sent = self._sent
        self.settings = self.app.settings
        self.history = History()
        self.phones: dict[str, Phone] = {}
        self.wire = Wire(self.app)
        self.copies = 1
        """Requests side by side at each attempt: what a network can do to a message."""
        self.late: list[tuple[float, int]] = []
        self._ids = itertools.count(7_239_441_234_567_890_000)
        self._hanging: set[asyncio.Task[tuple[int, str]]] = set()

    def phone(self, member: str = MEMBER) -> Phone:
        return self.phones.setdefault(member, Phone(member))

    def call(self, request: Request) -> Response:
        return self.platform.call(request)

    def connect(self, door: Door, open_page: OpenPage) -> None:
        self._door, self._open_page = door, open_page

    async def verify(self) -> bool:
        """Press "save" in the console: whether the callback's address is accepted."""
        knock = self.wire.check("5873910627148355", self.clock())
        try:
            return await asyncio.wait_for(self._door(knock), CHECKING) == (200, "5873910627148355")
        except TimeoutError:
            return False

    async def write(self, text: str) -> None:
        await self.says(MEMBER, text)

    async def says(self, member: str, text: str) -> Delivered:
        self.phone(member).chat.append(Seen(self.clock(), "me", text, [text]))
        return await self.bring(member, {"MsgType": "text", "Content": text, "MsgId": next(self._ids)})

    @property
    def account(self) -> str:
        return self.app.agent_id

    async def written_by(self, number: int, text: str) -> Taken:
        member = f"member{number}"
        delivered = await self.says(member, text)
        return Taken(member, True if delivered.reply.kind != "fault" else None)

    async def tapped_by(self, member: str, label: str, saying: str) -> None:
        await self.event(member, "template_card_event", **self.platform.tap(member, label, saying))

    async def opened_by(self, number: int) -> bool | None:
        delivered = await self.event(f"member{number}", "enter_agent")
        return True if delivered.reply.kind != "fault" else None

    def told(self) -> set[str]:
        return self.history.told

    def everybody_saw(self) -> Sequence[Shown]:
        return self.history.shown

    async def event(self, member: str, name: str, **more: str) -> Delivered:
        """enter_agent, click(EventKey), subscribe, inactive_alert …"""
        return await self.bring(member, {"MsgType": "event", "Event": name, **more})

    async def tap(self, label: str, member: str = MEMBER) -> Delivered:
        """A card's button. Raises LookupError when there is none to be seen."""
        return await self.event(member, "template_card_event", **self.platform.tap(member, label))

    async def bring(self, member: str, content: Mapping[str, str | int]) -> Delivered:
        """To the callback, up to three times."""
        began = int(self.clock())
        head: dict[str, str | int] = {
            "ToUserName": self.app.corp_id,
            "FromUserName": member,
            "CreateTime": began,
        }
        marked = QUESTION.search(str(content.get("Content", "")))
        mark = marked[1] if marked else f"{content} {began}"
        self.history.pushed[mark] = Pushed(mark, self.app.agent_id, member, self.clock())
        reply: Reply | None = None
        for attempt in range(1, ATTEMPTS + 1):
            sent_at = self.clock()
            if attempt > 1:
                self.late.append((sent_at, attempt))
            copies = [self._attempt(member, {**head, **content}) for _ in range(self.copies)]
            reply, *_ = await asyncio.gather(*copies)
            if reply and not reply.text.startswith("http "):
                break
            await asyncio.sleep(max(0.0, sent_at + PATIENCE - self.clock()))
        return self._conclude(member, mark, attempt, reply or Reply("fault", "no answer"))

    def _conclude(self, member: str, mark: str, attempt: int, reply: Reply) -> Delivered:
        now = self.clock()
        if reply.kind != "fault":
            self.history.acknowledged[mark] = now
        if reply.kind in ("text", "other"):
            self._show(member, Seen(now, "account", reply.text, self.pieces(reply.text), "reply", attempt))
            if f"A{mark}" not in reply.text:
                self.history.told.add(mark)
        return Delivered(attempt, reply)

    async def _attempt(self, member: str, fields: Mapping[str, str | int]) -> Reply | None:
        """None when there was no answer in time. The server is not told: it goes on."""
        knocking = asyncio.ensure_future(self._door(self.wire.push(fields, self.clock())))
        self._hanging.add(knocking)
        knocking.add_done_callback(self._hanging.discard)
        done, _ = await asyncio.wait({knocking}, timeout=PATIENCE)
        if not done:
            return None
        try:
            return self.wire.read(member, *knocking.result())
        except OSError:
            return Reply("fault", "http unreachable")

    def _sent(self, sent: Sent) -> None:
        self._show(sent.to, Seen(sent.at, "account", sent.text, self.pieces(sent.text), "push"))

    def _show(self, member: str, seen: Seen) -> None:
        self.phone(member).chat.append(seen)
        self.history.shown.append(Shown(self.app.agent_id, member, seen.at, seen.sent))

    async def follow(self, link: Link) -> None:
        page = await self._open_page(link.url)
        self._show(MEMBER, Seen(self.clock(), "account", page, [page], "page"))

    def seen(self) -> Sequence[Seen]:
        return self.phone().chat

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        """Links, and the words without their marks."""
        found: list[str | Link] = []
        at = 0
        for match in LINK.finditer(sent):
            found.append(MARK.sub("", sent[at : match.start()]))
            url = match[1] or match[4] or match[5]
            found.append(Link(match[2] or match[3] or url, url))
            at = match.end()
        return [piece for piece in (*found, MARK.sub("", sent[at:])) if piece]

    def typing(self) -> tuple[float, float] | None:
        return None

    def repeats(self) -> Sequence[tuple[float, int]]:
        return self.late

    def pushes(self) -> tuple[int, int]:
        return len(self.platform.sent), 30 if self.platform.trusts else 0

    async def settle(self) -> None:
        while self._hanging:
            await asyncio.wait(self._hanging)
