"""Bring spans to a collector: OTLP over HTTP in JSON (opentelemetry.io/docs/specs/otlp), in batches.

What is not taken is lost, and said in the log now and then: nothing waits for a collector, and nothing grows.
"""

import asyncio
import json
import logging
import platform
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from runtime.errors import HongyanError
from runtime.network.fetched import Fetched
from runtime.network.reach import Reach
from runtime.tracing.spans import Span, Value
from runtime.version import VERSION

PATH = "/v1/traces"
EVERY = 2.0
"""Seconds that spans wait for others."""
BATCH, WAITING = 500, 5000
"""Spans in one request, and that wait at most."""
QUIET = 60.0
"""Seconds between two lines about a collector that takes nothing."""
REACH = Reach("owner", "traces")

log = logging.getLogger(__name__)


class Fetches(Protocol):
    async def fetch(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 15,
        reach: Reach = REACH,
    ) -> Fetched: ...


class Export:
    def __init__(self, http: Fetches, url: str, headers: Mapping[str, str]) -> None:
        """`url`: of the collector, without /v1/traces."""
        self._http, self._url = http, url.removesuffix(PATH) + PATH
        self._headers = {**headers, "content-type": "application/json"}
        self._waiting: deque[Span] = deque(maxlen=WAITING)
        self._said_at = float("-inf")
        self.lost = 0
        """Spans that no collector has."""

    def add(self, spans: Iterable[Span]) -> None:
        """Never waits."""
        for one in spans:
            self.lost += len(self._waiting) == WAITING
            self._waiting.append(one)

    async def run(self) -> None:
        """For as long as the program runs."""
        while True:
            await asyncio.sleep(EVERY)
            await self.flush()

    async def flush(self) -> None:
        """Bring what waits."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            if why := await self._brought(batch):
                self.lost += len(batch)
                return self._say(why)

    async def _brought(self, batch: Sequence[Span]) -> str:
        """Why not."""
        try:
            body = json.dumps(request(batch)).encode()
            answer = await self._http.fetch(
                "POST", self._url, headers=self._headers, body=body, seconds=10, reach=REACH
            )
        except HongyanError as e:
            return e.text.en
        return "" if answer.status < 300 else f"HTTP {answer.status}"

    def _say(self, why: str) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._said_at > QUIET:
            self._said_at = now
            log.warning("traces are not taken (%s); %s spans are lost so far", why, self.lost)


def request(spans: Sequence[Span]) -> dict[str, Any]:
    """ExportTraceServiceRequest."""
    resource = {"service.name": "hongyan", "service.version": VERSION, "host.name": platform.node()}
    scope = {"name": "hongyan", "version": VERSION}
    told = {"scope": scope, "spans": [_span(one) for one in spans]}
    return {"resourceSpans": [{"resource": {"attributes": _attributes(resource)}, "scopeSpans": [told]}]}


def _span(one: Span) -> dict[str, Any]:
    attributes = {**one.attributes, **({"error.type": one.failed} if one.failed else {})}
    return {
        "traceId": one.trace,
        "spanId": one.id,
        "parentSpanId": one.parent,
        "name": one.name,
        "kind": one.kind,
        "startTimeUnixNano": str(int(one.began * 1e9)),
        "endTimeUnixNano": str(int(one.ended * 1e9)),
        "attributes": _attributes(attributes),
        "status": {"code": 2, "message": one.failed} if one.failed else {"code": 0},
    }


def _attributes(found: Mapping[str, Value]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _value(value)} for name, value in found.items()]


def _value(value: Value) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"arrayValue": {"values": [_value(one) for one in value]}}
