"""A bot of an enterprise, and a member who writes to it: over its long connection, or to a request URL."""

import asyncio
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from runtime.lang import Text
from runtime.simulator import Crowded, Door, Kind, Link, OpenPage, Seen, Taken
from runtime.simulator.feishu.platform import Platform, Said
from runtime.simulator.feishu.wire import Seal, framed, unframed
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.rendered import rendered
from runtime.simulator.sockets import Wire

MEMBER, CHAT, GROUP = "ou_84aad35d084aa403", "oc_5ce6d572455d361153", "oc_820faa21d7ed275b53"
APP, SECRET = "cli_a5ca35a685b0x26e", "baBqE5um9LbFGDy3X7LcfxQX1sqpXlwy"
KEY, TOKEN = "Qm7Rk2LpX9vZ", "v3rT0kEn8sQmZ1rT6yWc"
BOT = {"open_id": "ou_0000b07", "union_id": "on_b07", "user_id": None}
PIECE = 20_000
"""Bytes of a payload in one frame."""
PATIENCE = 3.0
"""Seconds until an event that was not acknowledged counts as lost…"""
PAUSES = (15.0, 300.0, 3600.0)
"""…and until it is sent again."""
KINDS = {
    "connection": Kind(
        Text("长连接", "Long connection"),
        Text("不要域名；回答边写边显示。", "Needs no domain; answers grow as they are written."),
    ),
    "webhook": Kind(
        Text("请求网址", "Request URL"),
        Text("飞书把事件发到这台服务器。", "Feishu sends events to this server."),
    ),
}


class FeishuSimulation(Crowded):
    kinds: ClassVar[Mapping[str, Kind]] = KINDS
    api_host_setting: ClassVar[str] = "HONGYAN_FEISHU_API"
    link_host_setting: ClassVar[str] = "HONGYAN_FEISHU_WS"

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        self.kind, self.clock = kind, clock
        self.platform = Platform(APP, SECRET, clock)
        self.platform.members[MEMBER] = CHAT
        self.platform.groups.add(GROUP)
        self.seal = Seal(KEY)
        self.settings = {"mode": kind, "app_id": APP, "app_secret": SECRET}
        if kind == "webhook":
            self.settings |= {"encrypt_key": KEY, "verification_token": TOKEN}
        self.wires: list[Wire] = []
        self.pings = 0
        self.acknowledged: list[str] = []
        """Events, by their ids."""
        self.strange: list[bytes] = []
        """Frames of the bot's that are none."""
        self._waiting: dict[str, asyncio.Event] = {}
        self._wrote: list[tuple[float, str]] = []
        self._repeated: list[tuple[float, int]] = []
        self._numbers = itertools.count(1)

    def call(self, request: Request) -> Response:
        return self.platform.call(request)

    def connect(self, door: Door, open_page: OpenPage) -> None:
        self._door, self._open_page = door, open_page

    async def follow(self, link: Link) -> None:
        await self._open_page(link.url)

    # What people do

    async def write(self, text: str) -> None:
        self._wrote.append((self.clock(), text))
        await self.says(text)

    async def says(self, text: str, sender: str = MEMBER, chat: str = "") -> str:
        """The event's id. `chat`: in that group, by @."""
        said = f"@_user_1 {text}" if chat else text
        mention = {"key": "@_user_1", "id": BOT, "name": "鸿雁", "mentioned_type": "bot", "tenant_key": "t1"}
        return await self.sends("text", {"text": said}, sender, chat, mentions=[mention] if chat else [])

    async def sends(
        self, kind: str, content: Mapping[str, Any], sender: str = MEMBER, chat: str = "", **more: Any
    ) -> str:
        id, where = self.platform.next_id(), chat or self.platform.members[sender]
        self.platform.written[id] = where
        message = {
            "message_id": id,
            "create_time": str(int(self.clock() * 1000)),
            "chat_id": where,
            "chat_type": "group" if chat else "p2p",
            "message_type": kind,
            "content": json.dumps(content, ensure_ascii=False),
            **more,
        }
        who = {"sender_id": {"open_id": sender, "union_id": f"on{sender[2:]}"}, "sender_type": "user"}
        return await self.tell("im.message.receive_v1", {"sender": who, "message": message})

    async def enters(self, sender: str = MEMBER, last: str = "") -> str:
        """…the chat with the bot. `last`: what was said there before."""
        told = {"chat_id": self.platform.members[sender], "operator_id": {"open_id": sender}}
        more = {"last_message_id": last} if last else {}
        return await self.tell("im.chat.access_event.bot_p2p_chat_entered_v1", told | more)

    async def tap(self, label: str, sender: str = MEMBER, chat: str = "") -> str:
        """A card's button. Raises LookupError when there is none to be seen."""
        where = chat or self.platform.members[sender]
        for said in reversed(self.platform.said.values()):
            if said.to == where and said.card and label in said.card.buttons:
                told = {
                    "operator": {"open_id": sender},
                    "token": "c-1",
                    "action": {"tag": "button", "value": said.card.buttons[label]},
                    "context": {"open_message_id": said.id, "open_chat_id": where},
                }
                return await self.tell("card.action.trigger", told)
        raise LookupError(f"nothing to tap says {label}")

    async def tell(self, kind: str, event: Mapping[str, Any], id: str = "") -> str:
        """The same id once more: what the platform does where nobody acknowledged."""
        id = id or f"{next(self._numbers):032x}"
        header = {
            "event_id": id,
            "event_type": kind,
            "create_time": str(int(self.clock() * 1000)),
            "token": TOKEN if self.kind == "webhook" else "",
            "app_id": APP,
            "tenant_key": "t1",
        }
        told = {"schema": "2.0", "header": header, "event": event}
        for attempt, pause in enumerate((*PAUSES, None)):
            taken = self._over_the_wire if self.kind == "connection" else self._by_callback
            if await taken(told, id):
                self.acknowledged.append(id)
                break
            if pause is not None:
                await asyncio.sleep(pause)
                self._repeated.append((self.clock(), attempt + 2))
        return id

    @property
    def account(self) -> str:
        return APP

    async def written_by(self, number: int, text: str) -> Taken:
        member = f"ou_member{number}"
        self.platform.members[member] = f"oc_member{number}"
        id = await self.says(text, member)
        return Taken(member, True if id in self.acknowledged else None)

    # To a request URL

    async def _by_callback(self, told: Mapping[str, Any], id: str) -> bool:
        try:
            status, _ = await asyncio.wait_for(self._door(self.seal.knock(told, self.clock())), PATIENCE)
        except (TimeoutError, OSError):
            return False
        return status == 200

    # Over the connection

    async def serve(self, wire: Wire) -> None:
        if wire.query.get("ticket") not in self.platform.tickets:
            return await wire.close()
        self.platform.tickets.discard(wire.query["ticket"])
        self.wires.append(wire)
        try:
            while (came := await wire.receive_bytes()) is not None:
                await self._take(wire, came)
        finally:
            self.wires.remove(wire)

    async def _take(self, wire: Wire, came: bytes) -> None:
        try:
            method, headers, payload = unframed(came)
            if method == 0:
                self.pings += headers["type"] == "ping"
                await wire.send(framed(0, {"type": "pong"}, b'{"PingInterval":120}'))
            elif json.loads(payload)["code"] == 200 and headers["message_id"] in self._waiting:
                self._waiting[headers["message_id"]].set()
        except (ValueError, KeyError, TypeError):
            self.strange.append(came)

    async def _over_the_wire(self, told: Mapping[str, Any], id: str) -> bool:
        while not self.wires:  # noqa: ASYNC110 # so does whoever wrote
            await asyncio.sleep(0.1)
        name, payload = f"m{next(self._numbers)}", json.dumps(told, ensure_ascii=False).encode()
        pieces = [payload[at : at + PIECE] for at in range(0, len(payload), PIECE)]
        self._waiting[name] = asyncio.Event()
        wire = self.wires[-1]
        for n, piece in enumerate(pieces):
            headers = {"type": "event", "message_id": name, "trace_id": f"t{id}"}
            await wire.send(framed(1, {**headers, "sum": str(len(pieces)), "seq": str(n)}, piece, n))
        try:
            await asyncio.wait_for(self._waiting[name].wait(), PATIENCE)
        except TimeoutError:
            return False
        finally:
            del self._waiting[name]
        return True

    # What is seen

    def shown(self, chat: str = CHAT) -> str:
        return "".join(one.sent for one in self._said(chat))

    def _said(self, chat: str) -> list[Seen]:
        return [
            Seen(at_of(one), "account", in_words(one), self.pieces(in_words(one)), "push")
            for one in self.platform.said.values()
            if one.to == chat
        ]

    def seen(self) -> Sequence[Seen]:
        mine = [Seen(at, "me", text, [text]) for at, text in self._wrote]
        return sorted([*mine, *self._said(CHAT)], key=lambda one: one.at)

    def everybody_saw(self) -> Sequence[Shown]:
        people = {chat: member for member, chat in self.platform.members.items()}
        return [
            Shown(APP, people.get(one.to, one.to), at_of(one), in_words(one))
            for one in self.platform.said.values()
        ]

    def unfinished(self) -> int:
        return sum(bool(one.card and one.card.is_streaming) for one in self.platform.said.values())

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        return rendered(sent)

    def typing(self) -> tuple[float, float] | None:
        return None

    def repeats(self) -> Sequence[tuple[float, int]]:
        return self._repeated

    def pushes(self) -> tuple[int, int]:
        return len(self.platform.said), 5

    async def settle(self) -> None:
        return None


def at_of(one: Said) -> float:
    return one.card.versions[-1][0] if one.card else one.at


def in_words(one: Said) -> str:
    """As a phone shows it: with its buttons."""
    return "\n".join([one.shown, *(one.card.buttons if one.card else ())])
