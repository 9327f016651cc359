"""An app and members who write to it: what a rehearsal plays."""

import asyncio
import hashlib
import hmac
import html
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from runtime.lang import Text
from runtime.simulator import Crowded, Door, Kind, Knock, Link, OpenPage, Seen, Taken
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.rendered import starred
from runtime.simulator.slack.workspace import LINK, TOKEN, Posted, Workspace

MEMBER, SECRET = "U1ANN", "0123456789abcdef0123456789abcdef"
PATIENCE = 3.0
AGAIN = (1.0, 60.0, 300.0)
"""Seconds before a call that was not taken is made again."""


class SlackSimulation(Crowded):
    kinds: ClassVar[Mapping[str, Kind]] = {
        "app": Kind(
            Text("工作区的应用", "App of a workspace"),
            Text("私信或在频道里 @ 它", "Direct messages, or by @ in channels"),
        )
    }
    api_host_setting: ClassVar[str] = "HONGYAN_SLACK_API"

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.workspace = Workspace(clock)
        self.settings = {"bot_token": TOKEN, "signing_secret": SECRET}
        self._wrote: list[tuple[float, str]] = []
        self._again: list[tuple[float, int]] = []
        self._ids = itertools.count(1)

    def call(self, request: Request) -> Response:
        return self.workspace.call(request)

    def connect(self, door: Door, open_page: OpenPage) -> None:
        self._door = door

    async def write(self, text: str) -> None:
        self._wrote.append((self._clock(), text))
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
        for one in reversed(self.workspace.posted):
            if found := [value for text, value in one.buttons if text == label]:
                action = {"type": "button", "action_id": "choice_0", "value": found[0]}
                told = {
                    "type": "block_actions",
                    "user": {"id": member},
                    "channel": {"id": f"D{member}" if one.place == member else one.place},
                    "message": {"ts": one.stamp, "text": one.text},
                    "actions": [{**action, "action_ts": self.workspace.stamp()}],
                }
                body = urlencode({"payload": json.dumps(told)}).encode()
                return await self.bring(body, "application/x-www-form-urlencoded")
        raise LookupError(f"nothing to tap says {label}")

    async def bring(self, body: bytes, kind: str) -> bool | None:
        for attempt, pause in enumerate((*AGAIN, None), 1):
            stamp = str(int(self._clock()))
            whole = f"v0:{stamp}:".encode() + body
            proof = hmac.new(SECRET.encode(), whole, hashlib.sha256).hexdigest()
            headers = {
                "x-slack-signature": f"v0={proof}",
                "x-slack-request-timestamp": stamp,
                "content-type": kind,
            }
            if attempt > 1:
                headers["x-slack-retry-num"] = str(attempt - 1)
            if await self._taken(Knock({}, body, headers=headers)):
                return True
            if pause is None:
                return None
            await asyncio.sleep(pause)
            self._again.append((self._clock(), attempt + 1))
        return None

    async def _taken(self, knock: Knock) -> bool:
        try:
            status, _ = await asyncio.wait_for(self._door(knock), PATIENCE)
        except (TimeoutError, OSError):
            return False
        return status == 200

    @property
    def account(self) -> str:
        return "T1"

    async def written_by(self, number: int, text: str) -> Taken:
        member = f"U2M{number:05d}"
        return Taken(member, await self.says(member, text))

    def everybody_saw(self) -> Sequence[Shown]:
        return [Shown("T1", one.place, one.at, one.text) for one in self.workspace.posted]

    async def follow(self, link: Link) -> None:
        await asyncio.sleep(0)

    def seen(self) -> Sequence[Seen]:
        mine = [Seen(at, "me", text, [text]) for at, text in self._wrote]
        sent = [one for one in self.workspace.posted if one.place == MEMBER]
        own = [Seen(one.at, "account", shown(one), self.pieces(shown(one)), "push") for one in sent]
        return sorted([*mine, *own], key=lambda one: one.at)

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        return starred(html.unescape(LINK.sub(r"[\2](\1)", sent)))

    def typing(self) -> tuple[float, float] | None:
        return None

    def repeats(self) -> Sequence[tuple[float, int]]:
        return list(self._again)

    def pushes(self) -> tuple[int, int]:
        return len(self.workspace.posted), 1000

    async def settle(self) -> None:
        await asyncio.sleep(0)


def shown(one: Posted) -> str:
    """With what can be tapped below it."""
    return "\n".join([one.text, *(label for label, _ in one.buttons)])
