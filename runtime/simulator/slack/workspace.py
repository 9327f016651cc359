"""Slack's side: posting with its limits. https://docs.slack.dev/reference/methods/chat.postMessage"""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator.faults import Faults
from runtime.simulator.http import Request, Response

TOKEN = "xoxb-played-0123456789-abcdefghij"
PLACE = re.compile(r"[CDU][A-Z0-9]{2,20}")
LINK = re.compile(r"<(https?://[^<>|]+)\|([^<>|]*)>")
BURST, SPAN = 3, 1.0
"""So many a second in one place are taken: short bursts are."""


@dataclass
class Posted:
    at: float
    place: str
    thread: str
    text: str
    buttons: list[tuple[str, str]]
    stamp: str


@dataclass
class Workspace:
    """Everything that happened stands in plain lists."""

    clock: Callable[[], float]
    faults: Faults = field(default_factory=Faults)
    posted: list[Posted] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    """Places that the app is not in."""
    _stamps: Any = field(default_factory=lambda: itertools.count(100))

    def stamp(self) -> str:
        return f"{int(self.clock())}.{next(self._stamps):06d}"

    def call(self, request: Request) -> Response:
        name = request.path.removeprefix("/api/")
        self.asked.append(name)
        fault = self.faults.take(name)
        if fault == "hang":
            return Response(after=None)
        if fault == 429:
            return self._no("ratelimited", 429, {"Retry-After": "2"})
        if isinstance(fault, str) and not fault.startswith("http_") and fault != "lost":
            return self._no(fault)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return self._no("invalid_auth")
        response = self._answer(name, request.json())
        if fault == "lost":
            response.after = None
        return response

    def _answer(self, name: str, told: Mapping[str, Any]) -> Response:
        match name:
            case "auth.test":
                return Response.json({"ok": True, "user_id": "U0BOT", "team_id": "T1"})
            case "chat.postMessage":
                return self._post(told)
            case "chat.update":
                return self._update(told)
        return self._no("unknown_method")

    def _no(self, error: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        response = Response.json({"ok": False, "error": error}, status)
        response.headers = dict(headers or {})
        return response

    def _post(self, told: Mapping[str, Any]) -> Response:
        place, text, now = str(told.get("channel")), str(told.get("text", "")), self.clock()
        if not PLACE.fullmatch(place) or place in self.gone:
            return self._no("channel_not_found")
        if sum(one.place == place and now - one.at < SPAN for one in self.posted) >= BURST:
            return self._no("ratelimited", 429, {"Retry-After": "1"})
        buttons = [(one["text"]["text"], one["value"]) for one in self._elements(told)]
        if any(len(label) > 75 or len(value) > 2000 for label, value in buttons) or len(buttons) > 25:
            return self._no("invalid_blocks")
        if not text.strip():
            return self._no("no_text")
        one = Posted(now, place, str(told.get("thread_ts", "")), text[:40_000], buttons, self.stamp())
        self.posted.append(one)
        return Response.json({"ok": True, "channel": place, "ts": one.stamp})

    def _update(self, told: Mapping[str, Any]) -> Response:
        for one in self.posted:
            if one.stamp == told.get("ts"):
                one.text, one.buttons = str(told["text"]), []
                return Response.json({"ok": True, "channel": one.place, "ts": one.stamp})
        return self._no("message_not_found")

    def _elements(self, told: Mapping[str, Any]) -> list[Any]:
        return [one for block in told.get("blocks", []) for one in block.get("elements", [])]
