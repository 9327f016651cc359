"""An AI bot of an enterprise, and a member who writes to it: by callback, or over the long connection."""

import asyncio
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from runtime.lang import Text
from runtime.simulator import Kind, Link, Seen, Taken
from runtime.simulator._chatting import Linked
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.rendered import rendered
from runtime.simulator.sockets import Wire
from runtime.simulator.wecom_bot.platform import LIFE, MESSAGES, Bubble, Platform
from runtime.simulator.wecom_bot.wire import CannotOpen, Seal

MEMBER = "zhangsan"
TOKEN, KEY = "Qx7mR2kLp9", "k3JxV8sQmZ1rT6yWc0LhNpB5dGfUeAoI9vXtRiKqMwE"
BOT, SECRET = "aibQ7xY2mK9pL4", "mN4xVb7cQz1LpRt8KjHs2Wd6Fg3Ya9Ee"
NAMES = {"aibot_respond_msg": "respond", "aibot_send_msg": "send", "aibot_respond_update_msg": "update"}
KINDS = {
    "connection": Kind(
        Text("长连接", "Long connection"),
        Text("不要域名；回答边写边显示。", "Needs no domain; answers grow as they are written."),
    ),
    "webhook": Kind(
        Text("URL 回调", "URL callback"),
        Text("企业微信反复来取正在写的回答。", "WeCom asks again and again for the answer that is written."),
    ),
}


class WeComBotSimulation(Linked):
    kinds: ClassVar[Mapping[str, Kind]] = KINDS
    api_host_setting: ClassVar[str] = "HONGYAN_WECOM_API"
    link_host_setting: ClassVar[str] = "HONGYAN_WECOM_WS"
    patience: ClassVar[float] = 5.0

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.kind = kind
        self.platform = Platform(BOT, SECRET, clock, links=kind == "connection")
        self.seal = Seal(TOKEN, KEY)
        self.settings = (
            {"mode": "connection", "bot_id": BOT, "secret": SECRET}
            if kind == "connection"
            else {"mode": "webhook", "token": TOKEN, "encoding_aes_key": KEY}
        )
        self.interval = 1.0
        """Seconds between two questions for a bubble."""
        self.asks = True
        """Whether the platform asks for bubbles; not when the person closed the chat."""
        self.faults_of_replies: list[str] = []
        self.subscribed = 0
        self.pings = 0
        self._requests = itertools.count(1)
        self._polling: set[asyncio.Task[None]] = set()

    def call(self, request: Request) -> Response:
        return self.platform.call(request)

    async def person_says(self, text: str) -> None:
        await self.says(text)

    async def says(self, text: str, sender: str = MEMBER, **more: Any) -> str:
        """The message's id, once the bot has it."""
        return await self.bring({"msgtype": "text", "text": {"content": text}, **more}, sender)

    @property
    def account(self) -> str:
        return BOT

    async def written_by(self, number: int, text: str) -> Taken:
        """A frame is sent once, and nothing acknowledges it."""
        member = f"member{number}"
        await self.says(text, member)
        return Taken(member, False if self.kind == "connection" else None)

    def everybody_saw(self) -> Sequence[Shown]:
        bubbles = [
            Shown(BOT, one.chat, one.bubble.versions[-1][0], one.bubble.text)
            for one in self.platform.asked.values()
            if one.bubble and one.bubble.versions
        ]
        return [*bubbles, *(Shown(BOT, one.chat, one.at, one.text) for one in self.platform.said)]

    def unfinished(self) -> int:
        return sum(bool(one.bubble and not one.bubble.done) for one in self.platform.asked.values())

    async def event(self, name: str, sender: str = MEMBER, **more: Any) -> str:
        return await self.bring({"msgtype": "event", "event": {"eventtype": name, **more}}, sender)

    async def tap(self, label: str, sender: str = MEMBER) -> str:
        """A card's button. Raises LookupError when there is none to be seen."""
        task, _, key = self.platform.cards.tapped(sender, label)
        told = {"card_type": "button_interaction", "event_key": key, "task_id": task}
        return await self.event("template_card_event", sender, template_card_event=told)

    async def bring(self, content: Mapping[str, Any], sender: str = MEMBER, id: str = "") -> str:
        """The same id once more: what a network can do to a message."""
        id = id or self.platform.next_id()
        chat = {"chattype": "group"} if "chatid" in content else {"chattype": "single"}
        body = {"msgid": id, "aibotid": BOT, **chat, "from": {"userid": sender}, **content}
        if self.kind == "connection":
            await self._over_the_wire(body, id)
        else:
            await self._by_callback(body, id)
        return id

    # By callback

    async def _by_callback(self, body: dict[str, Any], id: str) -> None:
        asked = self.platform.write(body, id)
        has_way = body["msgtype"] != "event" or body["event"]["eventtype"] == "template_card_event"
        if has_way and not asked.code:
            asked.code = f"rc-{id}"
            url = f"https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code={asked.code}"
            body = {**body, "response_url": url}
        reply = await self._knock(body)
        if reply is None:
            return
        if reply.get("msgtype") == "text":
            self.platform.welcome(id, reply)
        elif "response_type" in reply:
            self.platform.update(id, reply)
        elif self.platform.respond(id, reply) == 0 and asked.bubble and not asked.bubble.done:
            task = asyncio.create_task(self._poll(body, id))
            self._polling.add(task)
            task.add_done_callback(self._polling.discard)

    async def _poll(self, body: dict[str, Any], id: str) -> None:
        asked = self.platform.asked[id]
        bubble = asked.bubble
        while bubble and not bubble.done and self.clock() - asked.at < LIFE and self.asks:
            await asyncio.sleep(self.interval)
            told = {key: body[key] for key in ("aibotid", "chattype", "from")}
            question = {**told, "msgid": f"{id}-{self.clock()}", "msgtype": "stream"}
            reply = await self._knock({**question, "stream": {"id": bubble.id}})
            if reply is not None:
                self.platform.respond(id, reply)

    async def _knock(self, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the platform makes of the answer; None for nothing in time, or nothing to show."""
        knock = self.seal.knock(json.dumps(body, ensure_ascii=False), self.clock())
        try:
            status, text = await asyncio.wait_for(self._door(knock), self.patience)
        except (TimeoutError, OSError):
            self.faults_of_replies.append("none in time")
            return None
        if status != 200:
            self.faults_of_replies.append(f"http {status}")
        if status != 200 or not text:
            return None
        try:
            found = json.loads(self.seal.open(text))
        except (CannotOpen, ValueError) as e:
            self.faults_of_replies.append(str(e))
            return None
        return found if isinstance(found, dict) else None

    # Over the long connection

    async def serve(self, wire: Wire) -> None:
        if not (said := await wire.receive()):
            return  # it died before it said who it is
        hello = json.loads(said)
        fault = self.platform.faults.take("subscribe")
        told = hello.get("body", {})
        knows = (told.get("bot_id"), told.get("secret")) == (BOT, SECRET)
        code = int(fault) if fault else 0 if knows else 40001
        await self._answer(wire, hello, code)
        if code:
            return
        self.subscribed += 1
        for older in list(self.wires):
            event = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
            told = {"cmd": "aibot_event_callback", "headers": {"req_id": "D"}, "body": event}
            await older.send(json.dumps(told))
            await older.close()
        self.wires.append(wire)
        try:
            while (text := await wire.receive()) is not None:
                await self._take(wire, json.loads(text))
        finally:
            self.wires.remove(wire)

    async def _over_the_wire(self, body: dict[str, Any], id: str) -> None:
        wire = await self.wire()
        request = f"R{next(self._requests)}"
        self.platform.write(body, request)
        cmd = "aibot_event_callback" if body["msgtype"] == "event" else "aibot_msg_callback"
        told = {"cmd": cmd, "headers": {"req_id": request}, "body": body}
        await wire.send(json.dumps(told, ensure_ascii=False))

    async def _take(self, wire: Wire, told: dict[str, Any]) -> None:
        cmd, body, id = told.get("cmd"), told.get("body", {}), told["headers"]["req_id"]
        if cmd == "ping":
            self.pings += 1
            return await self._answer(wire, told, 0)
        if str(cmd).startswith("aibot_upload_media_"):
            return await self._put(wire, told)
        name = NAMES.get(str(cmd), "welcome")
        fault = self.platform.faults.take(name)
        chat = self.platform.asked[id].chat if id in self.platform.asked else str(body.get("chatid"))
        if isinstance(fault, int) and fault:
            return await self._answer(wire, told, fault)
        if not self.platform.counts(chat):
            self.platform.refused.append((name, 45009))
            return await self._answer(wire, told, 45009)
        if name == "respond":
            code = self.platform.respond(id, body)
        elif name == "send":
            code = self.platform.send(chat, body)
        elif name == "update":
            code = self.platform.update(id, body)
        else:
            code = self.platform.welcome(id, body)
        if fault == "cut":
            await wire.close()
        elif fault != "mute":
            await self._answer(wire, told, code)

    async def _put(self, wire: Wire, told: Mapping[str, Any]) -> None:
        fault = self.platform.faults.take("upload")
        if isinstance(fault, int) and fault:
            return await self._answer(wire, told, fault)
        code, there = self.platform.uploads.take(told["cmd"], told["body"])
        return None if fault == "mute" else await self._answer(wire, told, code, there)

    async def _answer(
        self, wire: Wire, told: Mapping[str, Any], code: int, body: Mapping[str, Any] | None = None
    ) -> None:
        errmsg = MESSAGES.get(code, "ok" if not code else "error")
        more = {"body": body} if body else {}
        await wire.send(json.dumps({"headers": told["headers"], **more, "errcode": code, "errmsg": errmsg}))

    # What is seen

    def shown(self, chat: str = MEMBER) -> str:
        """All that the bot said in a chat, in the order in which it began."""
        return "".join(one.sent for one in self._said(chat))

    def _said(self, chat: str) -> list[Seen]:
        bubbles = [one.bubble for one in self.platform.asked.values() if one.chat == chat and one.bubble]
        found = [
            Seen(one.versions[-1][0], "account", shown(one), self.pieces(shown(one)), "reply", 1)
            for one in bubbles
        ]
        found += [self.pushed(one.at, one.text) for one in self.platform.said if one.chat == chat]
        return sorted(found, key=lambda one: one.at)

    def heard(self) -> Iterable[Seen]:
        return self._said(MEMBER)

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        return rendered(sent)

    def pushes(self) -> tuple[int, int]:
        return len(self.platform.said), 1 if self.kind == "webhook" else 30

    async def settle(self) -> None:
        if self._polling:
            await asyncio.wait(self._polling)


def shown(bubble: Bubble) -> str:
    return "\n".join([bubble.text, *["[图片]"] * len(bubble.pictures), *filter(None, [bubble.card])])
