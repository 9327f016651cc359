"""The connection to an MQTT broker, without its socket: what passes is in network/transports/mqtt.py."""

import json
from collections.abc import Mapping
from typing import Any

from runtime import wellformed
from runtime.channels import ApiAnswer, End, Frame, Link, Step
from runtime.channels._border.refusals import refused
from runtime.channels.mqtt import guide
from runtime.channels.mqtt.account import Account
from runtime.channels.mqtt.payload import Read

LARGEST = 600 * 1024
"""Characters of a frame."""
MOST = 256 * 1024
"""Bytes that the broker may send in one packet."""
KEEPALIVE = 60
"""Seconds without a word after which the broker takes us for gone."""
HEARTBEAT = 25.0
PATIENCE = 10.0
"""Seconds for an answer of the broker's."""
KEEPS = 7 * 86400
"""Seconds for which the broker keeps what comes while we are away, by MQTT 5; by 3.1.1 it says itself."""
TAKEN_OVER = 0x8E
CREDENTIALS = frozenset({0x04, 0x05, 0x86, 0x87, 0x85, 0x8A, 0x02})
"""User, password, client id or banned: it passes by no waiting. https://docs.oasis-open.org/mqtt/mqtt/v5.0
2.4,
and 3.1.1's 3.2.2.3."""
RESTS = (90.0, 600.0)
"""Seconds after each refusal of our name: brokers count them."""
FAILED = 0x80


class BrokerLink(Link):
    """Says who it is, subscribes, keeps the heart beating."""

    def __init__(self, account: Account, read: Read) -> None:
        self._account = account
        self._read = read
        self._refusals = 0
        self._waits = False
        """For an answer of the broker's."""

    def opened(self, now: float) -> Step:
        self.tick_at, self._waits = now + PATIENCE, True
        one = self._account
        hello: dict[str, Any] = {
            "is": "connect",
            "version": 5 if one.version == "5" else 4,
            "client": one.client,
            "user": one.user,
            "password": one.password.get_secret_value(),
            "alive": KEEPALIVE,
            "expires": KEEPS,
            "most": MOST,
            "clean": False,
        }
        if one.topic_status:
            hello["will"] = {"topic": one.topic_status, "payload": "offline"}
        return Step(send=[_frame(hello)])

    def frame(self, text: str, now: float) -> Step:
        try:
            told = wellformed.load(text, largest=LARGEST, deepest=4)
            match told["is"]:
                case "connected":
                    return self._connected(int(told["code"]), now)
                case "subscribed":
                    return self._subscribed(int(told["code"]), now)
                case "message":
                    return self._message(told, now)
                case "published":
                    code = int(told["code"])
                    return Step(answers=[(str(told["key"]), ApiAnswer(200, {"code": code}))])
                case "pong":
                    self._waits, self.tick_at = False, now + HEARTBEAT
                    return Step()
                case "gone":
                    return Step(end=self._gone(int(told["code"])))
        except (ValueError, KeyError, TypeError):
            pass
        raise refused("malformed")

    def tick(self, now: float) -> Step:
        if self._waits or not self.is_up:
            return Step(end=self.retried(guide.SILENT, "silent"))
        self._waits, self.tick_at = True, now + PATIENCE
        return Step(send=[_frame({"is": "ping"})])

    def closed(self, now: float) -> End:
        return self.retried(guide.LOST, "lost")

    def _connected(self, code: int, now: float) -> Step:
        if code:
            return Step(end=self._refused(code))
        self.tick_at = now + PATIENCE
        return Step(send=[_frame({"is": "subscribe", "topic": self._account.filter})])

    def _subscribed(self, code: int, now: float) -> Step:
        if code >= FAILED:
            self._refusals += 1
            return Step(
                end=self.ended(
                    End(guide.NOT_SUBSCRIBED.fill(topic=self._account.filter), "topic", self._rest())
                )
            )
        if code == 0:
            return Step(end=self.ended(End(guide.NOT_KEPT, "qos", RESTS[-1])))
        self.is_up, self._waits, self.tick_at = True, False, now + HEARTBEAT
        self.tries = self._refusals = 0
        topic = self._account.topic_status
        here = {"is": "publish", "topic": topic, "payload": "online", "retain": True, "key": ""}
        return Step(send=[_frame(here)] if topic else [])

    def _message(self, told: Mapping[str, Any], now: float) -> Step:
        mid = told["mid"]
        got = [_frame({"is": "got", "mid": mid})] if mid else []
        # what was retained before anybody listened was said to nobody
        message = None if told["retain"] else self._read(told, now)
        if message is None:
            return Step(after=got)
        return Step(messages=[message], after=got)

    def _refused(self, code: int) -> End:
        if code not in CREDENTIALS:
            return self.retried(guide.NOT_YET.fill(code=code), "not_yet")
        self._refusals += 1
        return self.ended(End(guide.REFUSED.fill(code=code), "refused", self._rest()))

    def _gone(self, code: int) -> End:
        if code == TAKEN_OVER:
            return self.ended(End(guide.TAKEN_OVER, "taken_over"))
        return self.retried(guide.LOST, "lost")

    def _rest(self) -> float:
        return RESTS[min(self._refusals, len(RESTS)) - 1]


def published(topic: str, payload: str, key: str, *, retain: bool) -> Frame:
    told = {"is": "publish", "topic": topic, "payload": payload, "retain": retain, "key": key}
    return Frame(json.dumps(told, ensure_ascii=False), key)


def _frame(told: Mapping[str, Any]) -> Frame:
    return Frame(json.dumps(told, ensure_ascii=False))
