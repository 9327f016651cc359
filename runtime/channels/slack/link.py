"""An app's Socket Mode connection, without its socket: where to connect is asked each time, each envelope is
acknowledged by its id, and the platform says before it ends it.

https://docs.slack.dev/apis/events-api/using-socket-mode/
https://docs.slack.dev/reference/methods/apps.connections.open/
"""

import json
import re

from runtime import wellformed
from runtime.channels import End, Frame, Link, Step
from runtime.channels._border.refusals import refused
from runtime.channels.slack import events, guide
from runtime.errors import SendFailed
from runtime.message import Message

OPEN = "/api/apps.connections.open"
HOSTS = frozenset({"*.slack.com"})
ADDRESS = re.compile(r"wss://[!-~]{1,2000}")
GREETING, LOOK = 20.0, 60.0
"""Seconds until it greets; and between two looks at the clock, at which nothing is to be done: the socket
itself tells that the other side is gone."""
SOON, REST = 1.0, 600.0
"""Seconds until it is opened again: where Slack ended it by itself, at most, and where it refuses."""
ENVELOPE = re.compile(r"[!-~]{1,200}")
SWITCHED_OFF = "link_disabled"


class SocketLink(Link):
    """Hands over what people write and is told that it came once it is kept."""

    def opened(self, now: float) -> Step:
        self.tick_at = now + GREETING
        return Step()

    def frame(self, text: str, now: float) -> Step:
        try:
            told = wellformed.load(text, largest=events.LARGEST, deepest=events.DEEPEST)
        except ValueError:
            raise refused("malformed") from None
        kind = told.get("type") if isinstance(told, dict) else None
        if not isinstance(kind, str):
            raise refused("malformed")
        if kind == "hello":
            self.is_up, self.tries, self.tick_at = True, 0, now + LOOK
            return Step()
        if kind == "disconnect":
            self.is_up = False
            off = told.get("reason") == SWITCHED_OFF
            code, again = (SWITCHED_OFF, REST) if off else ("sent_away", SOON)
            return Step(end=End(guide.TEXTS[code], code, again))
        return self._brought(told)

    def tick(self, now: float) -> Step:
        if not self.is_up:
            return Step(end=self._end("silent"))
        self.tick_at = now + LOOK
        return Step()

    def closed(self, now: float) -> End:
        return self._end("lost")

    def refused(self, error: SendFailed, now: float) -> End:
        if error.code in guide.TOKEN | {"missing_scope", "not_allowed_token_type"}:
            return End(guide.TEXTS["app_token"], "app_token", REST)
        return self._end("lost")

    def _brought(self, told: events.Json) -> Step:
        """What cannot be read is acknowledged all the same: it would come again and be no better."""
        id, payload = told.get("envelope_id"), told.get("payload")
        if not isinstance(id, str) or not ENVELOPE.fullmatch(id):
            raise refused("malformed")
        found: Message | None = events.message(payload) if isinstance(payload, dict) else None
        return Step(messages=[found] if found else [], after=[Frame(json.dumps({"envelope_id": id}))])

    def _end(self, code: str) -> End:
        return self.retried(guide.TEXTS[code], code)
