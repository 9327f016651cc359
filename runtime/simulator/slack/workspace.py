"""Slack's side: posting with its limits. https://docs.slack.dev/reference/methods/chat.postMessage"""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator.faults import Faults
from runtime.simulator.http import Request, Response

TOKEN, APP_TOKEN = "xoxb-played-0123456789-abcdefghij", "xapp-1-PLAYED-0123456789-abcdefghij"
PLACE = re.compile(r"[CDU][A-Z0-9]{2,20}")
LINK = re.compile(r"<(https?://[^<>|]+)\|([^<>|]*)>")
PICTURE = re.compile(r"\.(png|jpe?g|gif|webp)$")
UPLOADS = "/upload/v1/"
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
    file: bytes = b""


@dataclass
class Upload:
    """`content`: once it came. A file is shown once."""

    name: str
    length: int
    content: bytes | None = None
    shown: bool = False


@dataclass
class Workspace:
    """Everything that happened stands in plain lists."""

    clock: Callable[[], float]
    faults: Faults = field(default_factory=Faults)
    posted: list[Posted] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    """Places that the app is not in."""
    files: bool = True
    """Whether the app has the scope for them."""
    uploads: dict[str, Upload] = field(default_factory=dict)
    tickets: set[str] = field(default_factory=set)
    """Of addresses to connect to, each good once."""
    socket_mode: bool = True
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
        if request.path.startswith(UPLOADS):
            return self._came(request.path.removeprefix(UPLOADS), request.body)
        token = APP_TOKEN if name == "apps.connections.open" else TOKEN
        if request.headers.get("authorization") != f"Bearer {token}":
            return self._no("invalid_auth")
        response = self._answer(name, {**request.query, **(request.json() if request.body else {})})
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
            case "files.getUploadURLExternal":
                return self._place_for(told)
            case "files.completeUploadExternal":
                return self._show(told)
            case "apps.connections.open":
                return self._open()
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
        return Response.json({"ok": True, "channel": alone(place), "ts": one.stamp})

    def _open(self) -> Response:
        if not self.socket_mode:
            return self._no("not_allowed_token_type")
        ticket = f"t{next(self._stamps)}"
        self.tickets.add(ticket)
        return Response.json(
            {"ok": True, "url": f"wss://wss-primary.slack.com/link/?ticket={ticket}&app_id=A1"}
        )

    def _place_for(self, told: Mapping[str, Any]) -> Response:
        if not self.files:
            return self._no("missing_scope")
        name, length = str(told.get("filename", "")), str(told.get("length", ""))
        if not name or not length.isdecimal() or int(length) < 1:
            return self._no("invalid_arguments")
        id = f"F{next(self._stamps)}"
        self.uploads[id] = Upload(name, int(length))
        return Response.json(
            {"ok": True, "upload_url": f"https://files.slack.com{UPLOADS}{id}", "file_id": id}
        )

    def _came(self, id: str, content: bytes) -> Response:
        if id not in self.uploads or self.uploads[id].length != len(content):
            return Response(b"no", 400)
        self.uploads[id].content = content
        return Response(f"OK - {len(content)}".encode(), kind="text/plain")

    def _show(self, told: Mapping[str, Any]) -> Response:
        places = str(told.get("channels", "")).split(",")
        if not all(PLACE.fullmatch(one) and one not in self.gone for one in places):
            return self._no("channel_not_found")
        if told.get("thread_ts") and len(places) > 1:
            return self._no("invalid_arguments")
        found = [self.uploads.get(str(one.get("id"))) for one in told.get("files", [])]
        if not found or any(one is None or one.content is None or one.shown for one in found):
            return self._no("file_not_found")
        for one, titled in zip(filter(None, found), told["files"], strict=True):
            one.shown = True
            said = f"[{one.name}] {titled.get('title', '')}".strip()
            text = "[图片]" if PICTURE.search(one.name) else said
            thread = str(told.get("thread_ts", ""))
            for place in places:
                shown = Posted(self.clock(), place, thread, text, [], self.stamp(), one.content or b"")
                self.posted.append(shown)
        return Response.json({"ok": True, "files": [{"id": one["id"]} for one in told["files"]]})

    def _update(self, told: Mapping[str, Any]) -> Response:
        for one in self.posted:
            if one.stamp == told.get("ts"):
                one.text, one.buttons = str(told["text"]), []
                return Response.json({"ok": True, "channel": alone(one.place), "ts": one.stamp})
        return self._no("message_not_found")

    def _elements(self, told: Mapping[str, Any]) -> list[Any]:
        return [one for block in told.get("blocks", []) for one in block.get("elements", [])]


def alone(place: str) -> str:
    """The channel in which somebody is alone with the app; every other place is one itself."""
    return f"D{place}" if place.startswith("U") else place
