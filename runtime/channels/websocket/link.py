"""The connection to a WebSocket of the owner's, without its socket.

they say   a message (docs/standard-message.json), {"type": "ack", "id": …}, {"type": "ping"}
we say     an answer, {"type": "ack", "id": …} once a message is on the disk, the same two
"""

import hashlib
import json
from dataclasses import replace

from runtime import wellformed
from runtime.channels import ApiAnswer, End, Frame, Link, Step
from runtime.channels._border.refusals import refused
from runtime.channels.websocket import guide
from runtime.errors import Wrong
from runtime.standard_reading import read

LARGEST = 256 * 1024
"""Characters of a frame."""
HEARTBEAT, PATIENCE = 30.0, 20.0
"""Seconds without a word until we ask whether somebody is there, and for which we wait then."""
PING, PONG = Frame('{"type": "ping"}'), Frame('{"type": "pong"}')


class SocketLink(Link):
    """It is up as soon as it is open: whoever let us in took the secret."""

    def __init__(self) -> None:
        self._waits = False

    def opened(self, now: float) -> Step:
        self.is_up, self._waits, self.tick_at = True, False, now + HEARTBEAT
        return Step()

    def frame(self, text: str, now: float) -> Step:
        try:
            told = wellformed.load(text, largest=LARGEST, deepest=20)
        except ValueError:
            raise refused("malformed") from None
        self.tries, self._waits, self.tick_at = 0, False, now + HEARTBEAT
        said = told.get("type") if isinstance(told, dict) else None
        if said == "ping":
            return Step(send=[PONG])
        if said == "pong":
            return Step()
        if said == "ack":
            return Step(answers=[(str(told.get("id"))[:64], ApiAnswer(200, {}))])
        return self._message(text, told, now)

    def _message(self, text: str, told: object, now: float) -> Step:
        try:
            message = read(told)
        except Wrong:
            raise refused("malformed") from None
        # without an id nobody can say whether it came before
        id = message.id or f"{hashlib.sha256(text.encode()).hexdigest()[:24]}{int(now * 1000):x}"
        got = [Frame(json.dumps({"type": "ack", "id": message.id}, ensure_ascii=False))] if message.id else []
        return Step(messages=[replace(message.to_message(now), id=id)], after=got)

    def tick(self, now: float) -> Step:
        if self._waits:
            return Step(end=self._end("silent"))
        self._waits, self.tick_at = True, now + PATIENCE
        return Step(send=[PING])

    def closed(self, now: float) -> End:
        return self._end("lost")

    def _end(self, code: str) -> End:
        return self.retried(guide.CODES[code], code)
