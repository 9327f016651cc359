"""An app and members who write to it: what a rehearsal plays."""

import hashlib
import hmac
import html
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from runtime.lang import Text
from runtime.simulator import Kind, Knock, Link, Seen, Taken
from runtime.simulator._chatting import Chatting, tapped, with_buttons
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.rendered import starred
from runtime.simulator.slack.workspace import LINK, TOKEN, Workspace

MEMBER, SECRET = "U1ANN", "0123456789abcdef0123456789abcdef"
AGAIN = (1.0, 60.0, 300.0)
"""Seconds before a call that was not taken is made again."""


class SlackSimulation(Chatting):
    kinds: ClassVar[Mapping[str, Kind]] = {
        "app": Kind(
            Text("工作区的应用", "App of a workspace"),
            Text("私信或在频道里 @ 它", "Direct messages, or by @ in channels"),
        )
    }
    api_host_setting: ClassVar[str] = "HONGYAN_SLACK_API"
    patience: ClassVar[float] = 3.0

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.workspace = Workspace(clock)
        self.settings = {"bot_token": TOKEN, "signing_secret": SECRET}
        self._ids = itertools.count(1)

    def call(self, request: Request) -> Response:
        return self.workspace.call(request)

    async def person_says(self, text: str) -> None:
        await self.says(MEMBER, text)

    async def says(self, member: str, text: str, channel: str = "") -> bool | None:
        """Alone with the app, or by its name in a channel. Whether it was told; None: given up."""
        stamp = self.workspace.stamp()
        event = {"user": member, "ts": stamp, "text": html.escape(text, quote=False), "team": "T1"}
        alone = {"type": "message", "channel": f"D{member}", "channel_type": "im"}
        named = {"type": "app_mention", "channel": channel, "text": f"<@U0BOT> {event['text']}"}
        return await self.event({**event, **(named if channel else alone)})

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
            "channel": {"id": f"D{member}" if one.place == member else one.place},
            "message": {"ts": one.stamp, "text": one.text},
            "actions": [{**action, "action_ts": self.workspace.stamp()}],
        }
        body = urlencode({"payload": json.dumps(told)}).encode()
        return await self.bring(body, "application/x-www-form-urlencoded")

    async def bring(self, body: bytes, kind: str) -> bool | None:
        return await self.again(lambda attempt: self.is_taken(self._signed(body, kind, attempt)), AGAIN)

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
