"""An app and members who write to it: what a rehearsal plays."""

import asyncio
import hashlib
import hmac
import html
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode

from runtime.lang import Text
from runtime.simulator import Kind, Knock, Link, Seen, Taken
from runtime.simulator._chatting import Linked, Reacting, tapped, with_buttons
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.rendered import starred
from runtime.simulator.slack.workspace import APP_TOKEN, LINK, TOKEN, Workspace, alone
from runtime.simulator.sockets import Wire

MEMBER, SECRET = "U1ANN", "0123456789abcdef0123456789abcdef"
EMOJI = {"👍": "+1", "👎": "-1"}
AGAIN = (1.0, 60.0, 300.0)
"""Seconds before a call that was not taken is made again."""


class SlackSimulation(Reacting, Linked):
    kinds: ClassVar[Mapping[str, Kind]] = {
        "app": Kind(
            Text("工作区的应用", "App of a workspace"),
            Text("私信或在频道里 @ 它", "Direct messages, or by @ in channels"),
        ),
        "socket": Kind(
            Text("长连接（Socket Mode）", "Socket Mode"),
            Text("不要域名；私信或在频道里 @ 它", "Needs no domain; direct messages, or by @ in channels"),
        ),
    }
    crowded_kind: ClassVar[str] = "app"
    person: ClassVar[str] = MEMBER
    api_host_setting: ClassVar[str] = "HONGYAN_SLACK_API"
    link_host_setting: ClassVar[str] = "HONGYAN_SLACK_WS"
    patience: ClassVar[float] = 3.0

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.workspace = Workspace(clock)
        self.settings = {"bot_token": TOKEN, "signing_secret": SECRET}
        if kind == "socket":
            self.settings = {"mode": "connection", "bot_token": TOKEN, "app_token": APP_TOKEN}
        self._is_called = kind != "socket"
        self.acknowledged: list[str] = []
        """Envelopes, by their ids."""
        self._waiting: dict[str, asyncio.Event] = {}
        self._ids = itertools.count(1)

    def call(self, request: Request) -> Response:
        return self.workspace.call(request)

    # Socket Mode

    async def serve(self, wire: Wire) -> None:
        ticket = wire.query.get("ticket", "")
        if ticket not in self.workspace.tickets:
            return
        self.workspace.tickets.remove(ticket)
        await wire.send(
            json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        )
        self.wires.append(wire)
        while (text := await wire.receive()) is not None:
            id = str(json.loads(text).get("envelope_id"))
            self.acknowledged.append(id)
            self._waiting[id].set()
        if wire in self.wires:
            self.wires.remove(wire)

    async def send_away(self, reason: str = "refresh_requested") -> None:
        """As every few hours."""
        for wire in list(self.wires):
            self.wires.remove(wire)
            await wire.send(json.dumps({"type": "disconnect", "reason": reason}))
            await wire.close()

    async def _enveloped(self, body: bytes, kind: str, attempt: int) -> bool:
        is_form, wire = kind != "application/json", await self.wire()
        payload = json.loads(parse_qs(body.decode())["payload"][0] if is_form else body)
        id, came = f"e{next(self._ids)}", asyncio.Event()
        self._waiting[id] = came
        told = {"envelope_id": id, "type": "interactive" if is_form else "events_api", "payload": payload}
        await wire.send(json.dumps({**told, "retry_attempt": attempt - 1}, ensure_ascii=False))
        try:
            await asyncio.wait_for(came.wait(), self.patience)
        except TimeoutError:
            return False
        return True

    # What people do

    async def person_says(self, text: str) -> None:
        await self.says(MEMBER, text)

    async def says(self, member: str, text: str, channel: str = "") -> bool | None:
        """Alone with the app, or by its name in a channel. Whether it was told; None: given up."""
        stamp = self.workspace.stamp()
        event = {"user": member, "ts": stamp, "text": html.escape(text, quote=False), "team": "T1"}
        direct = {"type": "message", "channel": alone(member), "channel_type": "im"}
        named = {"type": "app_mention", "channel": channel, "text": f"<@U0BOT> {event['text']}"}
        return await self.event({**event, **(named if channel else direct)})

    async def event(self, event: Mapping[str, Any]) -> bool | None:
        told = {"type": "event_callback", "event_id": f"Ev{next(self._ids):08d}", "event": event}
        return await self.bring(json.dumps(told, ensure_ascii=False).encode(), "application/json")

    async def tap(self, member: str, label: str) -> bool | None:
        """A button of the newest message that has it. Raises LookupError."""
        one, value = tapped(label, ((one, one.buttons) for one in self.workspace.posted))
        action = {"type": "button", "action_id": "choice_0", "value": value}
        told = {
            "type": "block_actions",
            "user": {"id": member},
            "channel": {"id": alone(one.place)},
            "message": {"ts": one.stamp, "text": one.text},
            "actions": [{**action, "action_ts": self.workspace.stamp()}],
        }
        body = urlencode({"payload": json.dumps(told)}).encode()
        return await self.bring(body, "application/x-www-form-urlencoded")

    async def put_under(self, person: str, name: str, sign: str, before: str) -> None:
        """https://docs.slack.dev/reference/events/reaction_added"""
        item = {"type": "message", "channel": alone(person), "ts": name}
        for kind, given in (("reaction_added", sign), ("reaction_removed", before)):
            if given:
                told = {"user": person, "reaction": EMOJI.get(given, "heart"), "item": item}
                await self.event({"type": kind, **told, "event_ts": self.workspace.stamp()})

    def names(self, person: str) -> Sequence[str]:
        return [one.stamp for one in self.workspace.posted if one.place == person]

    async def bring(self, body: bytes, kind: str) -> bool | None:
        async def once(attempt: int) -> bool:
            if self._is_called:
                return await self.is_taken(self._signed(body, kind, attempt))
            return await self._enveloped(body, kind, attempt)

        return await self.again(once, AGAIN)

    def _signed(self, body: bytes, kind: str, attempt: int) -> Knock:
        stamp = str(int(self.clock()))
        whole = f"v0:{stamp}:".encode() + body
        proof = hmac.new(SECRET.encode(), whole, hashlib.sha256).hexdigest()
        headers = {
            "x-slack-signature": f"v0={proof}",
            "x-slack-request-timestamp": stamp,
            "content-type": kind,
        }
        if attempt > 1:
            headers["x-slack-retry-num"] = str(attempt - 1)
        return Knock({}, body, headers=headers)

    @property
    def account(self) -> str:
        return "T1"

    async def written_by(self, number: int, text: str) -> Taken:
        member = f"U2M{number:05d}"
        return Taken(member, await self.says(member, text))

    def everybody_saw(self) -> Sequence[Shown]:
        return [Shown("T1", one.place, one.at, one.text) for one in self.workspace.posted]

    def heard(self) -> Iterable[Seen]:
        sent = (one for one in self.workspace.posted if one.place == MEMBER)
        return [self.pushed(one.at, with_buttons(one.text, one.buttons)) for one in sent]

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        return starred(html.unescape(LINK.sub(r"[\2](\1)", sent)))

    def pushes(self) -> tuple[int, int]:
        return len(self.workspace.posted), 1000
