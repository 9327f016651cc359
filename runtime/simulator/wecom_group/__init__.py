"""A group with a robot in it, played: what the webhook takes, and what people in the group see.

https://developer.work.weixin.qq.com/document/path/91770
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from runtime.lang import Text
from runtime.simulator import Door, Kind, Link, OpenPage, Seen, Simulation
from runtime.simulator.faults import Faults
from runtime.simulator.http import Request, Response
from runtime.simulator.rendered import rendered

KEY = "693a91f6-7b1c-4bc4-97a0-0ec2f1fa5aaa"
MOST = 20
"""Messages in a minute; the next one is refused."""
LONGEST = {"text": 2048, "markdown": 4096}
MESSAGES = {40008: "invalid message type", 44004: "text content is empty", 45009: "api freq out of limit"}


class WeComGroupSimulation(Simulation):
    kinds: ClassVar[Mapping[str, Kind]] = {
        "group": Kind(
            Text("内部群", "An internal group"),
            Text("机器人每分钟最多发 20 条。", "The robot may write 20 messages a minute."),
        )
    }
    api_host_setting: ClassVar[str] = "HONGYAN_WECOM_API"

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.settings = {"key": KEY}
        self.faults = Faults()
        self.times: list[float] = []
        self.chat: list[Seen] = []
        self.refused = 0

    def call(self, request: Request) -> Response:
        path = request.path.removeprefix("/cgi-bin/")
        fault = self.faults.take(path)
        if fault == "hang":
            return Response(after=None)
        if isinstance(fault, str) and fault.startswith("http_"):
            return Response(b"<html>", int(fault[5:]), "text/html")
        code = fault if isinstance(fault, int) and fault else self._taken(path, request)
        errmsg = "ok" if code == 0 else MESSAGES.get(code, "invalid webhook url")
        return Response.json({"errcode": code, "errmsg": errmsg}, after=None if fault == "lost" else 0.0)

    def _taken(self, path: str, request: Request) -> int:
        if path != "webhook/send" or request.query.get("key") != KEY:
            return 93000
        body = json.loads(request.body)
        kind = body.get("msgtype")
        if kind not in LONGEST:
            return 40008
        content = body[kind]["content"]
        if not content.strip():
            return 44004
        now = self.clock()
        self.times = [at for at in self.times if now - at < 60]
        if len(self.times) >= MOST:
            self.refused += 1
            return 45009
        self.times.append(now)
        shown = content.encode()[: LONGEST[kind]].decode(errors="ignore")
        self.chat.append(Seen(now, "account", shown, self.pieces(shown), "push"))
        return 0

    def connect(self, door: Door, open_page: OpenPage) -> None:
        """Nothing comes from there."""

    async def write(self, text: str) -> None:
        """What people say in the group the robot does not hear."""
        self.chat.append(Seen(self.clock(), "me", text, [text]))

    async def follow(self, link: Link) -> None:
        """It opens in their browser."""

    def seen(self) -> Sequence[Seen]:
        return self.chat

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        return rendered(sent)

    def typing(self) -> tuple[float, float] | None:
        return None

    def repeats(self) -> Sequence[tuple[float, int]]:
        return ()

    def pushes(self) -> tuple[int, int]:
        return sum(one.side == "account" for one in self.chat), MOST

    async def settle(self) -> None:
        """Nothing is under way."""


SIMULATION = WeComGroupSimulation
