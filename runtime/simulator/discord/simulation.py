"""A bot, its gateway, and whoever writes to it: what a rehearsal plays."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from runtime.lang import Text
from runtime.simulator import Kind, Link, Seen, Taken
from runtime.simulator._chatting import Linked, Reacting, tapped, with_buttons
from runtime.simulator.discord.rest import BOT, TOKEN, Rest
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.rendered import rendered
from runtime.simulator.sockets import Wire

PERSON = "200000000000000001"
HEARTBEAT = 41_250


class DiscordSimulation(Reacting, Linked):
    kinds: ClassVar[Mapping[str, Kind]] = {
        "bot": Kind(
            Text("机器人", "Bot"),
            Text(
                "不要域名；私信，或在服务器里 @ 它", "Needs no domain; direct messages, or by @ in a server"
            ),
        )
    }
    person: ClassVar[str] = PERSON
    api_host_setting: ClassVar[str] = "HONGYAN_DISCORD_API"
    link_host_setting: ClassVar[str] = "HONGYAN_DISCORD_WS"
    typing_seconds: ClassVar[float] = 10.0

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.rest = Rest(clock)
        self.settings = {"bot_token": TOKEN}
        self.events: list[dict[str, Any]] = []
        """Dispatched in this session, by their number from 1 on."""
        self.refuses = 0
        """A code of Discord's, with which it hangs up on whoever says who it is."""
        self.identified = self.resumed = self.beats = 0

    def call(self, request: Request) -> Response:
        return self.rest.call(request)

    # The gateway

    async def serve(self, wire: Wire) -> None:
        await _send(wire, {"op": 10, "d": {"heartbeat_interval": HEARTBEAT}, "s": None, "t": None})
        while (text := await wire.receive()) is not None:
            told = json.loads(text)
            if told["op"] == 1:
                self.beats += 1
                await _send(wire, {"op": 11})
            elif told["op"] in (2, 6) and (refused := await self._named(wire, told["op"], told["d"])):
                await wire.close(refused)
                break
        if wire in self.wires:
            self.wires.remove(wire)
        await wire.close()

    async def _named(self, wire: Wire, op: int, data: Mapping[str, Any]) -> int:
        """With which code it is hung up; 0: not at all."""
        if self.refuses:
            return self.refuses
        if data.get("token") != TOKEN:
            return 4004
        if op == 6:
            self.resumed += 1
            self.wires = [wire]
            for event in self.events[int(data["seq"]) :]:
                await _send(wire, event)
            await self._dispatch("RESUMED", {})
            return 0
        self.identified += 1
        self.events.clear()
        self.wires = [wire]
        user = {"id": BOT, "username": "shop", "bot": True}
        await self._dispatch(
            "READY",
            {
                "v": 10,
                "user": user,
                "session_id": f"s{self.identified}",
                "guilds": [],
                "resume_gateway_url": "wss://gateway-us-east1-b.discord.gg",
            },
        )
        return 0

    async def _dispatch(self, kind: str, data: Mapping[str, Any]) -> None:
        event = {"op": 0, "s": len(self.events) + 1, "t": kind, "d": data}
        self.events.append(event)
        for wire in self.wires:
            await _send(wire, event)

    # Who writes

    async def person_says(self, text: str) -> None:
        await self.says(PERSON, text)

    async def says(self, person: str, text: str, server: str = "", **more: Any) -> None:
        """Alone with the bot, or in a channel of a server."""
        await self.wire()
        told = {
            "id": self.rest.new_id(),
            "channel_id": server or f"3{person[1:]}",
            "author": {"id": person, "username": "ann"},
            "content": text,
            "type": 0,
            "mentions": [{"id": BOT}] if f"<@{BOT}>" in text else [],
            "attachments": [],
            **({"guild_id": "400000000000000001"} if server else {}),
            **more,
        }
        await self._dispatch("MESSAGE_CREATE", told)

    async def tap(self, person: str, label: str) -> None:
        """A button of the newest message that has it. Raises LookupError."""
        one, id = tapped(label, ((one, one.buttons) for one in self.rest.posted))
        told = {"id": self.rest.new_id(), "type": 3, "channel_id": one.place}
        data = {"custom_id": id, "component_type": 2}
        more = {"token": "played.interaction.token", "user": {"id": person}, "data": data}
        await self._dispatch("INTERACTION_CREATE", {**told, **more})

    async def put_under(self, person: str, name: str, sign: str, before: str) -> None:
        """https://docs.discord.com/developers/events/gateway-events#message-reaction-add"""
        told = {"user_id": person, "channel_id": f"3{person[1:]}", "message_id": name, "type": 0}
        for kind, given in (("ADD", sign), ("REMOVE", before)):
            if given:
                emoji = {"emoji": {"id": None, "name": given}}
                await self._dispatch(f"MESSAGE_REACTION_{kind}", {**told, **emoji})

    def names(self, person: str) -> Sequence[str]:
        return [one.id for one in self.rest.posted if one.place == f"3{person[1:]}"]

    @property
    def account(self) -> str:
        return BOT

    async def written_by(self, number: int, text: str) -> Taken:
        """It is sent once more when a connection is resumed; of a new session nothing before it is told."""
        person = f"20000000000000{number:04d}"
        await self.says(person, text)
        return Taken(f"3{person[1:]}", False)

    def everybody_saw(self) -> Sequence[Shown]:
        return [Shown(BOT, one.place, one.at, one.text) for one in self.rest.posted]

    def heard(self) -> Iterable[Seen]:
        sent = (one for one in self.rest.posted if one.place == f"3{PERSON[1:]}")
        return [self.pushed(one.at, with_buttons(one.text, one.buttons)) for one in sent]

    def typed(self) -> Sequence[float]:
        return [at for at, place in self.rest.typed if place == f"3{PERSON[1:]}"]

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        return rendered(sent.replace("](<", "](").replace(">)", ")"))

    def pushes(self) -> tuple[int, int]:
        return len(self.rest.posted), 1000


async def _send(wire: Wire, told: Mapping[str, Any]) -> None:
    await wire.send(json.dumps(told, ensure_ascii=False))
