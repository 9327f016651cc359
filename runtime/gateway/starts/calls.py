"""A program calls the address of a start: who that is, what it says, and the run that comes of it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from runtime import wellformed
from runtime.agents.starts import Called
from runtime.crash import crashpoint
from runtime.errors import Conflict, Invalid, NotFound, Refused, ToolFailed, TooMany
from runtime.gateway.alarm import Alarm
from runtime.gateway.context import Context
from runtime.gateway.signatures import Signatures
from runtime.lang import Text
from runtime.store.messages.runs_list import Addresses
from runtime.tools import Secrets

LARGEST = 64 * 1024
"""Bytes of a call."""
DEEPEST = 20
MOST_PEOPLE = 1000
"""That one call may name."""
LONGEST = 128
"""Characters of a person's name, and of an idempotency key."""
WAITING = 1000
"""Calls of one start that wait."""
NO_START = Text("没有这个地址。", "There is no such address.")
NOT_READ = Text(
    "内容看不懂：要 JSON（UTF-8，最多 64 KB）、表单或纯文本。",
    "The body is not understood: send JSON (UTF-8, 64 KB at most), a form or plain text.",
)
WHOM = Text(
    "内容里要写明为谁：person（一个编号）或 people（最多 {most} 个）。",
    "The body has to name whom: person (one name) or people (up to {most}).",
)
KEY = Text("Idempotency-Key 最多 {most} 个字。", "Idempotency-Key has {most} characters at most.")
PAUSED = Text("这个发布暂停了，请稍后再调用。", "This publication is paused; call again later.")
FULL = Text("排队的太多，请稍后再调用。", "Too many calls wait; call again later.")


class Taken(NamedTuple):
    """`is_new` is False for a repeat of an idempotency key."""

    run: int
    is_new: bool


@dataclass(frozen=True)
class Call:
    """`headers` by their small names; `query` as it stands in the address."""

    token: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


class Calls:
    """`secrets` open what signs."""

    def __init__(self, context: Context, secrets: Secrets, alarm: Alarm) -> None:
        self._surfaces = context.surfaces
        self._runs = context.messages.runs
        self._addresses = Addresses(context.messages.database)
        self._metrics = context.metrics
        self._clock = context.clock
        self._secrets = secrets
        self._signatures = Signatures()
        self._alarm = alarm

    async def take(self, call: Call) -> Taken:
        """On the disk when this returns. Raises NotFound, Refused (signature), Invalid, Conflict, TooMany,
        StoreFailed."""
        place = await self._addresses.find(call.token)
        surface = self._surfaces.find(place[0]) if place else None
        starts = surface.agent.starts if surface else []
        start = next((one for one in starts if place and one.id == place[1]), None)
        if surface is None or not isinstance(start, Called):
            raise NotFound(NO_START)
        self._check_signature(start, call)
        if surface.publication.rests_since is not None:
            raise Conflict(PAUSED, code="paused")
        begun = begun_by(start, call)
        key = call.headers.get("idempotency-key", "") or (start.secret and Signatures.name(call.headers))
        if len(key) > LONGEST:
            raise Invalid(KEY.fill(most=LONGEST), field="Idempotency-Key", code="invalid")
        taken = await self._runs.begin(
            surface.id,
            start.id,
            f"call {key or secrets.token_urlsafe(16)}",
            self._clock(),
            begun=begun,
            most_open=WAITING,
        )
        if taken is None:
            raise TooMany(FULL, 60)
        crashpoint("after_called")
        self._metrics.runs.labels(start.on, "begun").inc()
        self._alarm.wake()
        return Taken(*taken)

    def _check_signature(self, start: Called, call: Call) -> None:
        """Raises Refused."""
        if not start.secret:
            return
        try:
            secret = self._secrets.open(start.secret, "")
        except ToolFailed as e:
            raise Refused(e.text, code="signature") from None
        self._signatures.check(secret, call.body, call.headers, dated=start.dated, now=self._clock())


def begun_by(start: Called, call: Call) -> dict[str, Any]:
    """What the flow sees. Raises Invalid."""
    body = _body(call)
    # What stands in the address nobody signed.
    begun: dict[str, Any] = {"body": body, "query": {} if start.secret else dict(call.query)}
    if start.audience == "person":
        begun["people"] = _people(body)
    return begun


def _body(call: Call) -> Any:
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not call.body:
        return {}
    try:
        if kind == "application/x-www-form-urlencoded":
            pairs = parse_qsl(call.body.decode(), keep_blank_values=True, max_num_fields=MOST_PEOPLE)
            return {wellformed.text(name): wellformed.text(value) for name, value in pairs}
        if kind.startswith("text/"):
            return wellformed.text(call.body.decode())
        return wellformed.load(call.body, largest=LARGEST, deepest=DEEPEST, unrepeated=True)
    except ValueError:
        raise Invalid(NOT_READ, field="body", code="invalid") from None


def _people(body: Any) -> list[str]:
    named = body.get("people", body.get("person")) if isinstance(body, dict) else None
    people = [named] if isinstance(named, str) else named
    if not isinstance(people, list) or not 0 < len(people) <= MOST_PEOPLE:
        raise Invalid(WHOM.fill(most=MOST_PEOPLE), field="people", code="invalid")
    if not all(isinstance(one, str) and 0 < len(one) <= LONGEST for one in people):
        raise Invalid(WHOM.fill(most=MOST_PEOPLE), field="people", code="invalid")
    return list(dict.fromkeys(people))
