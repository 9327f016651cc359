"""A robot of an enterprise, and a member who writes to it: over its Stream connection, or by HTTP."""

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import unquote

from runtime.lang import Text
from runtime.simulator import Kind, Knock, Link, Seen, Taken
from runtime.simulator._chatting import Linked, tapped, with_buttons
from runtime.simulator.dingtalk.platform import Platform, Said
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.rendered import rendered
from runtime.simulator.sockets import Wire

MEMBER, GROUP = "manager7220", "cidfgHk/1Yq8c0Wv7rY2xQ=="
CLIENT, SECRET = "ding7xkq2mfa9ybvc3lz", "Wk3nV8cQz1LpRt7KjHs2Xd6Fg4Ya9Ee0bMuT5iOyPlNxCrDsJvGhZqAwBfEmKtLo"
ROBOT = "$:LWCP_v1:$AbCdEfGhIjKlMnOpQrStUv=="
SAY = "dtmd://dingtalkclient/sendMessage?content="
AGAIN = 2
"""How often a message that was not acknowledged is sent again."""
KINDS = {
    "connection": Kind(
        Text("Stream 模式", "Stream mode"),
        Text("不要域名；回答边写边显示。", "Needs no domain; answers grow as they are written."),
    ),
    "webhook": Kind(
        Text("HTTP 模式", "HTTP mode"),
        Text("钉钉把消息发到这台服务器。", "DingTalk sends messages to this server."),
    ),
}


class DingTalkSimulation(Linked):
    kinds: ClassVar[Mapping[str, Kind]] = KINDS
    api_host_setting: ClassVar[str] = "HONGYAN_DINGTALK_API"
    link_host_setting: ClassVar[str] = "HONGYAN_DINGTALK_WS"
    patience: ClassVar[float] = 5.0

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.kind = kind
        self.platform = Platform(CLIENT, SECRET, clock)
        self.platform.members.add(MEMBER)
        self.platform.groups.add(GROUP)
        self.settings = {"mode": kind, "client_id": CLIENT, "client_secret": SECRET}
        self.session_host = "https://oapi.dingtalk.com"
        self.acknowledged: list[str] = []
        self.strange: list[str] = []
        """Frames of the robot's that are none."""
        self._waiting: dict[str, asyncio.Event] = {}
        self._frames = itertools.count(1)

    def call(self, request: Request) -> Response:
        return self.platform.call(request)

    async def follow(self, link: Link) -> None:
        if link.url.startswith(SAY):
            await self.write(unquote(link.url.removeprefix(SAY)))
        else:
            await super().follow(link)

    # What people write

    async def person_says(self, text: str) -> None:
        await self.says(text)

    async def says(self, text: str, sender: str = MEMBER, chat: str = "", **more: Any) -> str:
        """The message's id, once the robot has it. `chat`: in that group, by @."""
        told = {"msgtype": "text", "text": {"content": f" {text}" if chat else text}, **more}
        return await self.bring(told, sender, chat)

    async def sends(self, msgtype: str, content: Mapping[str, Any], sender: str = MEMBER) -> str:
        return await self.bring({"msgtype": msgtype, "content": content}, sender)

    async def bring(
        self, content: Mapping[str, Any], sender: str = MEMBER, chat: str = "", id: str = ""
    ) -> str:
        """The same id once more: what the platform does where nobody acknowledged."""
        id = id or self.platform.next_id()
        body = self.body(content, sender, chat, id)
        over_the_wire = self.kind == "connection"
        taken = self._over_the_wire if over_the_wire else self._by_callback
        if await self.again(lambda _: taken(body), AGAIN * [0.0 if over_the_wire else self.patience]):
            self.acknowledged.append(id)
        return id

    async def _by_callback(self, body: Mapping[str, Any]) -> bool:
        return await self.is_taken(self.knock(body))

    def body(self, content: Mapping[str, Any], sender: str, chat: str, id: str) -> dict[str, Any]:
        session, until = self.platform.session(chat or sender)
        stranger = hashlib.sha256(sender.encode()).digest()[:12]
        return {
            "conversationId": chat or f"cid{sender}==",
            "conversationType": "2" if chat else "1",
            "chatbotCorpId": "ding8196cd9a2b2405da",
            "chatbotUserId": ROBOT,
            "msgId": id,
            "senderNick": "张三",
            "isAdmin": False,
            "senderStaffId": sender,
            "senderId": f"$:LWCP_v1:${base64.b64encode(stranger).decode()}",
            "senderCorpId": "ding8196cd9a2b2405da",
            "createAt": int(self.clock() * 1000),
            "sessionWebhook": f"{self.session_host}/robot/sendBySession?session={session}",
            "sessionWebhookExpiredTime": until,
            "robotCode": CLIENT,
            **({"isInAtList": True, "atUsers": [{"dingtalkId": ROBOT}]} if chat else {}),
            **content,
        }

    async def tap(self, label: str, chat: str = MEMBER) -> None:
        """A button: it says its words. Raises LookupError when there is none to be seen."""
        shown = (one for one in self.platform.said if one.chat == chat)
        _, url = tapped(label, ((one, one.buttons.items()) for one in shown))
        await self.follow(Link(label, url))

    @property
    def account(self) -> str:
        return CLIENT

    async def written_by(self, number: int, text: str) -> Taken:
        member = f"member{number}"
        self.platform.members.add(member)
        id = await self.says(text, member)
        return Taken(member, True if id in self.acknowledged else None)

    def knock(self, body: Mapping[str, Any]) -> Knock:
        stamp = str(int(self.clock() * 1000))
        proof = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
        headers = {"timestamp": stamp, "sign": base64.b64encode(proof).decode()}
        headers["content-type"] = "application/json; charset=utf-8"
        return Knock({}, json.dumps(body, ensure_ascii=False).encode(), headers=headers)

    # Over the connection

    async def serve(self, wire: Wire) -> None:
        ticket = wire.query.get("ticket", "")
        if ticket not in self.platform.tickets:
            return await wire.close()
        self.platform.tickets.discard(ticket)
        self.wires.append(wire)
        await wire.send(self.frame("SYSTEM", "ping", {"opaque": "0a1b"}))
        try:
            while (text := await wire.receive()) is not None:
                self._take(text)
        finally:
            self.wires.remove(wire)

    def frame(self, kind: str, topic: str, data: Mapping[str, Any], id: str = "") -> str:
        headers = {
            "appId": "a1b2c3",
            "connectionId": "c0ffee",
            "contentType": "application/json",
            "messageId": id or f"f{next(self._frames)}",
            "time": str(int(self.clock() * 1000)),
            "topic": topic,
        }
        told = {"specVersion": "1.0", "type": kind, "headers": headers}
        return json.dumps({**told, "data": json.dumps(data, ensure_ascii=False)}, ensure_ascii=False)

    def _take(self, text: str) -> None:
        try:
            told = json.loads(text)
            id, code = told["headers"]["messageId"], told["code"]
            json.loads(told["data"])
        except (ValueError, KeyError, TypeError):
            self.strange.append(text)
            return
        if code == 200 and id in self._waiting:
            self._waiting[id].set()

    async def _over_the_wire(self, body: Mapping[str, Any]) -> bool:
        wire = await self.wire()
        id = f"f{next(self._frames)}"
        self._waiting[id] = asyncio.Event()
        await wire.send(self.frame("CALLBACK", "/v1.0/im/bot/messages/get", body, id))
        try:
            await asyncio.wait_for(self._waiting[id].wait(), self.patience)
        except TimeoutError:
            return False
        finally:
            del self._waiting[id]
        return True

    async def send_away(self) -> None:
        """As when a server of the platform's is taken out of service."""
        for wire in list(self.wires):
            await wire.send(
                self.frame("SYSTEM", "disconnect", {"reason": "persistent connection is timeout"})
            )
            await wire.close()

    # What is seen

    def shown(self, chat: str = MEMBER) -> str:
        return "".join(one.sent for one in self._said(chat))

    def _said(self, chat: str) -> list[Seen]:
        cards = [
            Seen(one.versions[-1][0], "account", one.text, self.pieces(one.text), "reply", 1)
            for one in self.platform.cards.made.values()
            if one.chat == chat and one.versions
        ]
        said = [self.pushed(one.at, in_words(one)) for one in self.platform.said if one.chat == chat]
        return sorted([*cards, *said], key=lambda one: one.at)

    def heard(self) -> Iterable[Seen]:
        return self._said(MEMBER)

    def everybody_saw(self) -> Sequence[Shown]:
        cards = [
            Shown(CLIENT, one.chat, one.versions[-1][0], one.text)
            for one in self.platform.cards.made.values()
            if one.versions
        ]
        return [*cards, *(Shown(CLIENT, one.chat, one.at, in_words(one)) for one in self.platform.said)]

    def unfinished(self) -> int:
        return sum(not one.final for one in self.platform.cards.made.values())

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        return rendered(sent)

    def pushes(self) -> tuple[int, int]:
        return len(self.platform.said), 20


def in_words(one: Said) -> str:
    return with_buttons(one.text, one.buttons.items())
