"""The long connection of a WeCom AI bot, without its socket.

https://developer.work.weixin.qq.com/document/path/101463
"""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from runtime import wellformed
from runtime.channels import ApiAnswer, End, Frame, Link, Step
from runtime.channels._border.refusals import refused
from runtime.channels._tencent.answers import errcode
from runtime.channels.wecom_bot import guide
from runtime.channels.wecom_bot.account import Account
from runtime.channels.wecom_bot.messages import to_message

LARGEST = 1024 * 1024
DEEPEST = 20
HEARTBEAT = 30.0
"""Seconds between two."""
PATIENCE = 10.0
"""Seconds for the answer to our name."""
MISSED = 2
"""Heartbeats without an answer, after which the connection is dead."""
REFUSALS = 5
"""Of our name, one after another, after which it is told seldom: it is protected against guessing…"""
RESTS = (600.0, 1800.0, 3600.0)
"""…so many seconds apart. What the refusal means is documented nowhere, and it may pass."""
BUSY = frozenset({"-1", "45009", "45033"})
"""Not now; it says nothing of the Secret."""


class BotLink(Link):
    """Says who it is, keeps the heart beating, and knows when to stay away."""

    longest_pause: ClassVar[float] = 30.0

    def __init__(self, account: Account) -> None:
        self._account = account
        self._hello = ""
        """The id of our name's frame…"""
        self._beats: set[str] = set()
        """…and of heartbeats that were not answered yet."""
        self._count = 0
        self._refusals = 0

    def opened(self, now: float) -> Step:
        self._hello, self.tick_at = self._new_id("aibot_subscribe", now), now + PATIENCE
        self._beats.clear()
        body = {"bot_id": self._account.bot_id, "secret": self._account.secret.get_secret_value()}
        return Step(send=[frame("aibot_subscribe", self._hello, body)])

    def frame(self, text: str, now: float) -> Step:
        try:
            told = wellformed.load(text, largest=LARGEST, deepest=DEEPEST)
            id = told["headers"]["req_id"]
        except (ValueError, KeyError, TypeError):
            raise refused("malformed") from None
        if not isinstance(told, dict) or not isinstance(id, str) or not 0 < len(id) <= 256:
            raise refused("malformed")
        if "cmd" in told:
            return self._called(told, id, now)
        if id == self._hello:
            return self._known(told, now)
        if id in self._beats:
            self._beats.clear()
            return Step()
        return Step(answers=[(id, ApiAnswer(200, told))])

    def tick(self, now: float) -> Step:
        if not self.is_up or len(self._beats) >= MISSED:
            return Step(end=self.retried(guide.SILENT, "silent"))
        id, self.tick_at = self._new_id("ping", now), now + HEARTBEAT
        self._beats.add(id)
        return Step(send=[frame("ping", id)])

    def closed(self, now: float) -> End:
        return self.retried(guide.LOST, "lost")

    def _known(self, told: Mapping[str, Any], now: float) -> Step:
        """The answer to our name."""
        code = errcode(told)
        if code == "0":
            self.is_up, self.tick_at = True, now + HEARTBEAT
            self.tries = self._refusals = 0
            return Step()
        shown = code[:10] or "-"
        if code not in BUSY:
            self._refusals += 1
        if self._refusals >= REFUSALS:
            rest = RESTS[min(self._refusals - REFUSALS, len(RESTS) - 1)]
            return Step(end=self.ended(End(guide.REFUSED.fill(code=shown), "refused", rest)))
        return Step(end=self.retried(guide.NOT_YET.fill(code=shown), "not_yet"))

    def _called(self, told: Mapping[str, Any], id: str, now: float) -> Step:
        body = told.get("body")
        if not isinstance(body, dict):
            raise refused("malformed")
        event = body.get("event")
        if isinstance(event, dict) and event.get("eventtype") == "disconnected_event":
            return Step(end=self.ended(End(guide.TAKEN_OVER, "disconnected")))
        message = to_message(body, now, {"req": id})
        return Step(messages=[message] if message else [])

    def _new_id(self, cmd: str, now: float) -> str:
        self._count += 1
        return f"{cmd}_{int(now)}_{self._count}"


def frame(cmd: str, id: str, body: Mapping[str, Any] | None = None) -> Frame:
    told = {"cmd": cmd, "headers": {"req_id": id}, **({"body": body} if body is not None else {})}
    return Frame(json.dumps(told, ensure_ascii=False), id)
