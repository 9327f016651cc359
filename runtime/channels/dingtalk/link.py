"""A robot's Stream connection, without its socket.

Where to connect is asked each time, and the address is good once. The platform keeps the connection alive
with frames of its own, and says before it ends it.

https://open.dingtalk.com/document/direction/stream-mode-protocol-access-description
"""

import json
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from runtime import wellformed
from runtime.channels import ApiAnswer, ApiRequest, End, Frame, Link, Step
from runtime.channels._border.refusals import refused
from runtime.channels.dingtalk import codes, guide
from runtime.channels.dingtalk.account import Account
from runtime.channels.dingtalk.messages import to_message
from runtime.errors import Refused, SendFailed

LARGEST = 1024 * 1024
DEEPEST = 20
LOOK = 60.0
"""Seconds between two looks at the clock, at which nothing is to be done: the socket itself tells that the
other side is gone."""
SOON = 1.0
"""Seconds until the connection is opened again that the platform ends by itself."""
REST = 600.0
"""…and where it does not take the account."""
OPEN = "/v1.0/gateway/connections/open"
MESSAGES = "/v1.0/im/bot/messages/get"
HOSTS = frozenset({"*.dingtalk.com"})
ENDPOINT_LONGEST, TICKET_LONGEST = 512, 1024


def address_request(account: Account) -> ApiRequest:
    told = {
        "clientId": account.client_id,
        "clientSecret": account.client_secret.get_secret_value(),
        "subscriptions": [{"type": "CALLBACK", "topic": MESSAGES}],
        "ua": "hongyan/1",
    }
    return ApiRequest(OPEN, told)


def address(answer: ApiAnswer) -> str:
    """Raises SendFailed."""
    codes.check(answer)
    endpoint, ticket = answer.data.get("endpoint"), answer.data.get("ticket")
    for told, longest in ((endpoint, ENDPOINT_LONGEST), (ticket, TICKET_LONGEST)):
        if not isinstance(told, str) or not 0 < len(told) <= longest:
            raise SendFailed(codes.UNREADABLE, code="unreadable")
    return f"{endpoint}?ticket={quote(str(ticket), safe='')}"


class StreamLink(Link):
    """Answers what the platform asks, hands over what people write, and comes back when it is sent away."""

    longest_pause: ClassVar[float] = 30.0

    def opened(self, now: float) -> Step:
        self.is_up, self.tick_at = True, now + LOOK
        return Step()

    def frame(self, text: str, now: float) -> Step:
        try:
            told = wellformed.load(text, largest=LARGEST, deepest=DEEPEST)
            headers = told["headers"]
            id, topic, kind = headers["messageId"], headers["topic"], told["type"]
        except (ValueError, KeyError, TypeError):
            raise refused("malformed") from None
        if not all(isinstance(one, str) and 0 < len(one) <= 256 for one in (id, topic, kind)):
            raise refused("malformed")
        self.tries = 0
        if kind == "SYSTEM":
            return self._system(topic, id, told)
        if topic == MESSAGES:
            return self._written(id, told, now)
        return Step(send=[_ack(id)])

    def tick(self, now: float) -> Step:
        self.tick_at = now + LOOK
        return Step()

    def closed(self, now: float) -> End:
        return self.retried(guide.LOST, "lost")

    def refused(self, error: SendFailed, now: float) -> End:
        if error.code in codes.CODES.credentials | codes.CODES.address:
            return End(error.text, error.code, REST)
        return self.retried(guide.NOT_TOLD.fill(why=error.text), "not_told")

    def _system(self, topic: str, id: str, told: Mapping[str, Any]) -> Step:
        if topic == "disconnect":
            return Step(end=self.ended(End(guide.SENT_AWAY, "sent_away", SOON)))
        data = told.get("data")
        return Step(send=[_ack(id, data if isinstance(data, str) else "{}")])

    def _written(self, id: str, told: Mapping[str, Any], now: float) -> Step:
        """What cannot be read is acknowledged all the same: it would come again and be no better."""
        try:
            body = wellformed.load(str(told.get("data") or ""), largest=LARGEST, deepest=DEEPEST)
            message = to_message(body, now) if isinstance(body, dict) else None
        except (ValueError, Refused):
            message = None
        return Step(messages=[message] if message else [], after=[_ack(id, '{"response": {}}')])


def _ack(id: str, data: str = '{"response": {}}') -> Frame:
    headers = {"contentType": "application/json", "messageId": id}
    return Frame(json.dumps({"code": 200, "headers": headers, "message": "OK", "data": data}))
