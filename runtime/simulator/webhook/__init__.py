"""A platform that nobody knows, played: it calls with a signature of time and body, and reads the response or
takes signed calls at an address of its own."""

import asyncio
import hashlib
import hmac
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from runtime.lang import Text
from runtime.simulator import Kind, Knock, Link, Route, Seen, Taken
from runtime.simulator._chatting import Chatting
from runtime.simulator.faults import Faults
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.rendered import rendered

SECRET = "played-secret-0123456789-abcdef"
PERSON = "ann"
PATH = "/answers"
TRIES, PAUSE = 30, 1.0
"""Of a call that was not taken, and the seconds between two."""


def signature(time: str, body: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), time.encode() + b"." + body, hashlib.sha256).hexdigest()


class WebhookSimulation(Chatting):
    kinds: ClassVar[Mapping[str, Kind]] = {
        "response": Kind(
            Text("看响应", "Reads the response"),
            Text("在响应里回答，最多等 10 秒。", "Answers within 10 s are shown."),
        ),
        "both": Kind(
            Text("响应或回调", "Response, or a call"),
            Text("来不及的发到它的地址。", "What is later is sent to its address."),
        ),
        "callback": Kind(
            Text("只收回调", "Takes calls"),
            Text("回答都发到它的地址。", "Every answer is sent to its address."),
        ),
    }
    api_host_setting: ClassVar[str] = "HONGYAN_WEBHOOK_API"
    crowded_kind: ClassVar[str] = "callback"
    patience: ClassVar[float] = 30.0

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.kind = kind
        callback = {} if kind == "response" else {"callback": f"https://shop.example{PATH}"}
        self.settings = {"secret": SECRET, "answer": kind, **callback}
        self.faults = Faults()
        self.shown: list[Seen] = []
        self.keys: set[str] = set()
        """Of answers that came: the same once more is dropped."""
        self.read: list[Shown] = []
        """By whoever wrote."""
        self.forged = 0
        self._ids = itertools.count(1)
        self._taken = 0

    def call(self, request: Request) -> Response:
        fault = self.faults.take(request.path)
        if fault == "hang":
            return Response(after=None)
        if isinstance(fault, str) and fault.startswith("http_"):
            return Response(b"<html>", int(fault[5:]), "text/html")
        time, given = request.headers.get("x-timestamp", ""), request.headers.get("x-signature", "")
        if not hmac.compare_digest(signature(time, request.body).encode(), given.encode()):
            self.forged += 1
            return Response.json({"error": "signature"}, 401)
        key = request.headers.get("webhook-id", "")
        if key not in self.keys:
            self.keys.add(key)
            answer = request.json()
            self._shown(answer, str(answer.get("to", "")), "push")
        return Response.json({}, after=None if fault == "lost" else 0.0)

    async def person_says(self, text: str) -> None:
        self._taken = 0
        told = {"id": f"m{next(self._ids)}", "sender": PERSON, "content": text, "msg_type": "text"}
        await self.knock(told)

    async def knock(self, told: Mapping[str, Any]) -> int:
        """One call, signed; the status of its response."""
        body, now = json.dumps(told).encode(), str(int(self.clock()))
        headers = {
            "x-signature": signature(now, body),
            "x-timestamp": now,
            "content-type": "application/json",
        }
        try:
            async with asyncio.timeout(self.patience):
                status, said = await self._door(Knock({}, body, "POST", headers))
        except TimeoutError:
            return 0
        if status == 200 and self.kind != "callback":
            self._shown(json.loads(said or "{}"), str(told["sender"]), "reply")
        return status

    async def written_by(self, number: int, text: str) -> Taken:
        told = {"id": f"m{next(self._ids)}", "sender": f"{PERSON}{number}", "content": text}
        for _ in range(TRIES):
            if await self.knock({**told, "msg_type": "text"}) == 200:
                return Taken(told["sender"], True)
            await asyncio.sleep(PAUSE)
        return Taken(told["sender"], None)

    @property
    def account(self) -> str:
        return "webhook"

    def everybody_saw(self) -> Sequence[Shown]:
        return self.read

    def _shown(self, answer: Mapping[str, Any], to: str, route: Route) -> None:
        if content := answer.get("content"):
            self.read.append(Shown(self.account, to, self.clock(), content))
            self._taken += route == "push"
            self.shown.append(Seen(self.clock(), "account", content, self.pieces(content), route))

    async def follow(self, link: Link) -> None:
        page = await self._open_page(link.url)
        self.shown.append(Seen(self.clock(), "account", page, [page], "page"))

    def heard(self) -> Iterable[Seen]:
        return self.shown

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        return rendered(sent)

    def pushes(self) -> tuple[int, int]:
        return self._taken, 0 if self.kind == "response" else 1000


SIMULATION = WebhookSimulation
