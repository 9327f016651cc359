"""A bot of an enterprise, and a member who writes to it: over its long connection, or to a request URL."""

import asyncio
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from runtime.lang import Text
from runtime.simulator import Kind, Link, Seen, Taken
from runtime.simulator._chatting import Linked, Reacting, tapped, with_buttons
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
EMOJI = {"👍": "THUMBSUP", "👎": "ThumbsDown"}
PIECE = 20_000
"""Bytes of a payload in one frame."""
PAUSES = (15.0, 300.0, 3600.0)
"""Seconds until an event that counts as lost is sent again."""
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


class FeishuSimulation(Reacting, Linked):
    kinds: ClassVar[Mapping[str, Kind]] = KINDS
    person: ClassVar[str] = MEMBER
    api_host_setting: ClassVar[str] = "HONGYAN_FEISHU_API"
    link_host_setting: ClassVar[str] = "HONGYAN_FEISHU_WS"
    patience: ClassVar[float] = 3.0
    """…until an event that was not acknowledged counts as lost."""

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.kind = kind
        self.platform = Platform(APP, SECRET, clock)
        self.platform.members[MEMBER] = CHAT
        self.platform.groups.add(GROUP)
        self.seal = Seal(KEY)
        self.settings = {"mode": kind, "app_id": APP, "app_secret": SECRET}
        if kind == "webhook":
            self.settings |= {"encrypt_key": KEY, "verification_token": TOKEN}
        self.pings = 0
        self.acknowledged: list[str] = []
        """Events, by their ids."""
        self.strange: list[bytes] = []
        """Frames of the bot's that are none."""
        self._waiting: dict[str, asyncio.Event] = {}
        self._numbers = itertools.count(1)

    def call(self, request: Request) -> Response:
        return self.platform.call(request)

    # What people do

    async def person_says(self, text: str) -> None:
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
        shown = (one for one in self.platform.said.values() if one.to == where)
        said, value = tapped(label, ((one, one.buttons.items()) for one in shown))
        told = {
            "operator": {"open_id": sender},
            "token": "c-1",
            "action": {"tag": "button", "value": value},
            "context": {"open_message_id": said.id, "open_chat_id": where},
        }
        return await self.tell("card.action.trigger", told)

    async def put_under(self, person: str, name: str, sign: str, before: str) -> None:
        for kind, given in (("created", sign), ("deleted", before)):
            if given:
                told = {
                    "message_id": name,
                    "reaction_type": {"emoji_type": EMOJI.get(given, "SMILE")},
                    "operator_type": "user",
                    "user_id": {"open_id": person, "union_id": f"on{person[2:]}"},
                    "action_time": str(int(self.clock() * 1000)),
                }
                await self.tell(f"im.message.reaction.{kind}_v1", told)

    def names(self, person: str) -> Sequence[str]:
        return [one.id for one in self.platform.said.values() if one.to == self.platform.members[person]]

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
        if await self.again(lambda _: self._told(told, id), PAUSES):
            self.acknowledged.append(id)
        return id

    async def _told(self, told: Mapping[str, Any], id: str) -> bool:
        if self.kind == "connection":
            return await self._over_the_wire(told, id)
        return await self.is_taken(self.seal.knock(told, self.clock()))

    @property
    def account(self) -> str:
        return APP

    async def written_by(self, number: int, text: str) -> Taken:
        member = f"ou_member{number}"
        self.platform.members[member] = f"oc_member{number}"
        id = await self.says(text, member)
        return Taken(member, True if id in self.acknowledged else None)

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
        wire = await self.wire()
        name, payload = f"m{next(self._numbers)}", json.dumps(told, ensure_ascii=False).encode()
        pieces = [payload[at : at + PIECE] for at in range(0, len(payload), PIECE)]
        self._waiting[name] = asyncio.Event()
        for n, piece in enumerate(pieces):
            headers = {"type": "event", "message_id": name, "trace_id": f"t{id}"}
            await wire.send(framed(1, {**headers, "sum": str(len(pieces)), "seq": str(n)}, piece, n))
        try:
            await asyncio.wait_for(self._waiting[name].wait(), self.patience)
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
            self.pushed(at_of(one), in_words(one)) for one in self.platform.said.values() if one.to == chat
        ]

    def heard(self) -> Iterable[Seen]:
        return self._said(CHAT)

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

    def pushes(self) -> tuple[int, int]:
        return len(self.platform.said), 5


def at_of(one: Said) -> float:
    return one.card.versions[-1][0] if one.card else one.at


def in_words(one: Said) -> str:
    return with_buttons(one.shown, one.buttons.items())
