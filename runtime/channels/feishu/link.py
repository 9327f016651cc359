"""A bot's long connection, without its socket.

Where to connect is asked each time, and the address is good once. Frames as in wire.py; large events come in
several. As lark-oapi 1.7.5 does it, ws/client.py.
"""

import json
from collections.abc import Callable
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from runtime import wellformed
from runtime.channels import ApiAnswer, ApiRequest, End, Frame, Link, Step
from runtime.channels._border.refusals import refused
from runtime.channels.feishu import codes, guide, wire
from runtime.channels.feishu.account import Account
from runtime.channels.feishu.messages import to_message
from runtime.channels.feishu.wire import CONTROL, WireFrame
from runtime.errors import Refused, SendFailed
from runtime.newest import Newest

LARGEST = 1024 * 1024
DEEPEST = 24
PING = 90.0
"""Seconds between two; the platform asks for 120 at most."""
MISSED = 2
"""Pings without an answer, after which the connection is dead."""
REST = 600.0
"""Seconds until the next try where the platform does not take the account."""
ENDPOINT = "/callback/ws/endpoint"
HOSTS = frozenset({"*.feishu.cn", "*.larksuite.com", "*.larkoffice.com"})
ADDRESS_LONGEST = 2048
PIECES, WHOLE = 64, 100
"""Of one event; and events that came in part."""


def address_request(account: Account) -> ApiRequest:
    told = {"AppID": account.app_id, "AppSecret": account.app_secret.get_secret_value()}
    return ApiRequest(ENDPOINT, told, headers={"locale": "zh"})


def address(answer: ApiAnswer) -> str:
    """Raises SendFailed."""
    return codes.text_of(codes.check(answer), "URL", ADDRESS_LONGEST)


def service_of(url: str) -> int:
    """Whose name each ping of ours carries."""
    found = parse_qs(urlsplit(url).query, max_num_fields=40).get("service_id", [""])[-1]
    return int(found) if found.isascii() and found.isdigit() and len(found) <= 9 else 0


class BotLink(Link):
    """Keeps the heart beating, puts large events together, and says what was taken."""

    longest_pause: ClassVar[float] = 30.0

    def __init__(self, service: Callable[[], int]) -> None:
        """`service`: of the newest address."""
        self._service = service
        self._unanswered = 0
        self._parts = Newest[str, dict[int, bytes]](WHOLE)

    def opened(self, now: float) -> Step:
        self.is_up, self.tick_at, self._unanswered = True, now + PING, 1
        self._parts.clear()
        return Step(send=[self._ping()])

    def frame(self, text: str, now: float) -> Step:
        try:
            came = wire.decoded(text.encode("latin-1"))
        except UnicodeEncodeError:
            raise refused("malformed") from None
        if came.method == CONTROL:
            if came.headers.get("type") == "pong":
                self.tries = self._unanswered = 0
            return Step()
        payload = self._whole(came)
        if payload is None:
            return Step()
        return self._told(came, payload, now)

    def tick(self, now: float) -> Step:
        if self._unanswered >= MISSED:
            return Step(end=self.retried(guide.SILENT, "silent"))
        self.tick_at, self._unanswered = now + PING, self._unanswered + 1
        return Step(send=[self._ping()])

    def closed(self, now: float) -> End:
        return self.retried(guide.LOST, "lost")

    def refused(self, error: SendFailed, now: float) -> End:
        if error.code in codes.CODES.credentials | codes.CODES.address | {codes.CONNECTIONS}:
            return End(error.text, error.code, REST)
        return self.retried(guide.NOT_TOLD.fill(why=error.text), "not_told")

    def _whole(self, came: WireFrame) -> bytes | None:
        """None as long as some of it is missing. Raises Refused."""
        id = came.headers.get("message_id", "")
        count, at = (_small(came.headers.get(name, "")) for name in ("sum", "seq"))
        if count <= 1:
            return came.payload
        if not id or count > PIECES or at >= count:
            raise refused("malformed")
        parts = self._parts.of(id, dict)
        parts[at] = came.payload
        if sum(map(len, parts.values())) > LARGEST:
            self._parts.pop(id, None)
            raise refused("malformed")
        if len(parts) < count:
            return None
        self._parts.pop(id, None)
        return b"".join(parts[n] for n in sorted(parts))

    def _told(self, came: WireFrame, payload: bytes, now: float) -> Step:
        """What cannot be read is acknowledged all the same: it would come again and be no better."""
        try:
            told = wellformed.load(payload.decode(), largest=LARGEST, deepest=DEEPEST)
            message = to_message(told, now) if isinstance(told, dict) else None
        except (ValueError, Refused):
            message = None
        taken = WireFrame(
            came.method,
            came.service,
            {**came.headers, "biz_rt": "0"},
            json.dumps({"code": 200}).encode(),
            came.seq,
            came.log,
            came.more,
        )
        return Step(messages=[message] if message else [], after=[_frame(taken)])

    def _ping(self) -> Frame:
        return _frame(WireFrame(CONTROL, self._service(), {"type": "ping"}))


def _frame(one: WireFrame) -> Frame:
    return Frame(one.encoded().decode("latin-1"))


def _small(number: str) -> int:
    """Raises Refused."""
    if not number:
        return 0
    if not (number.isascii() and number.isdigit() and len(number) <= 4):
        raise refused("malformed")
    return int(number)
