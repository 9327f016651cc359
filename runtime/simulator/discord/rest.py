"""Discord's API: posting with its limits. https://docs.discord.com/developers/resources/message"""

import itertools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator._multipart import form
from runtime.simulator.faults import Faults
from runtime.simulator.http import Request, Response

TOKEN = "MTA5ODc2NTQzMjEwOTg3NjU0.Gplayd.played-played-played-played-0123"
BOT = "109876543210987654"
FIRST_ID = 1_390_000_000_000_000_000
POST = re.compile(r"/api/v10/channels/([0-9]+)/(messages|typing)")
CALLBACK = re.compile(r"/api/v10/interactions/([0-9]+)/([A-Za-z0-9_.-]+)/callback")
BURST, SPAN = 8, 5.0
NAMES = {"image": "[图片]", "audio": "[语音]", "video": "[视频]"}


@dataclass
class Posted:
    id: str
    at: float
    place: str
    text: str
    buttons: list[tuple[str, str]]
    reply: str = ""


@dataclass
class Rest:
    """Everything that happened stands in plain lists."""

    clock: Callable[[], float]
    faults: Faults = field(default_factory=Faults)
    posted: list[Posted] = field(default_factory=list)
    nonces: dict[str, Posted] = field(default_factory=dict)
    typed: list[tuple[float, str]] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    """Channels where the bot may not write."""
    answered: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _ids: Any = field(default_factory=lambda: itertools.count(FIRST_ID))

    def new_id(self) -> str:
        return str(next(self._ids))

    def call(self, request: Request) -> Response:
        name = request.path.rpartition("/")[2]
        self.asked.append(name)
        fault = self.faults.take(name)
        if fault == "hang":
            return Response(after=None)
        if request.headers.get("authorization") != f"Bot {TOKEN}":
            return Response.json({"message": "401: Unauthorized", "code": 0}, 401)
        if fault == 429:
            return Response.json(
                {"message": "You are being rate limited.", "retry_after": 1.5, "global": False}, 429
            )
        response = self._answer(request)
        if fault == "lost":
            response.after = None
        return response

    def _answer(self, request: Request) -> Response:
        if request.path == "/api/v10/users/@me":
            return Response.json({"id": BOT, "username": "shop"})
        if found := CALLBACK.fullmatch(request.path):
            return self._callback(found[1], request.json())
        found = POST.fullmatch(request.path)
        if found is None:
            return Response.json({"message": "404: Not Found", "code": 0}, 404)
        if found[1] in self.closed:
            return Response.json({"message": "Missing Permissions", "code": 50013}, 403)
        if found[2] == "typing":
            self.typed.append((self.clock(), found[1]))
            return Response(b"", 204)
        return self._post(found[1], request)

    def _post(self, place: str, request: Request) -> Response:
        told, shown = self._told(request)
        content, nonce = str(told.get("content", "")) or shown, str(told.get("nonce", ""))
        if nonce in self.nonces and told.get("enforce_nonce"):
            return self._said(self.nonces[nonce])
        now = self.clock()
        if sum(one.place == place and now - one.at < SPAN for one in self.posted) >= BURST:
            return Response.json({"message": "You are being rate limited.", "retry_after": 1.0}, 429)
        rows = told.get("components", [])
        buttons = [(one["label"], one["custom_id"]) for row in rows for one in row["components"]]
        too_long = any(len(label) > 80 or len(id) > 100 for label, id in buttons)
        if (
            not 0 < len(content) <= 2000
            or len(nonce) > 25
            or too_long
            or any(len(r["components"]) > 5 for r in rows)
        ):
            return Response.json({"message": "Invalid Form Body", "code": 50035}, 400)
        reply = str(told.get("message_reference", {}).get("message_id", ""))
        one = Posted(self.new_id(), now, place, shown or content, buttons, reply)
        self.posted.append(one)
        self.nonces[nonce] = one
        return self._said(one)

    def _told(self, request: Request) -> tuple[dict[str, Any], str]:
        """What is asked, and a file as it is shown."""
        if not request.body.startswith(b"--"):
            return request.json(), ""
        given = form(request.body)
        name, _ = given.get("files[0]", ("", b""))
        family = {"png": "image", "jpg": "image", "ogg": "audio", "mp4": "video"}.get(
            name.rpartition(".")[2], ""
        )
        return json.loads(given["payload_json"][1]), NAMES.get(family, f"[文件] {name}")

    def _said(self, one: Posted) -> Response:
        return Response.json({"id": one.id, "channel_id": one.place, "content": one.text})

    def _callback(self, id: str, told: Mapping[str, Any]) -> Response:
        self.answered.append(id)
        return Response(b"", 204)
