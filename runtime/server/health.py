"""Alive, ready, and what is counted."""

import asyncio
import contextlib
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.access.permissions import Permission
from runtime.errors import HongyanError, StoreFailed
from runtime.files import write_whole
from runtime.lang import Text
from runtime.server.api.streams import language
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Way, who_of
from runtime.server.wellness import Wellness
from runtime.store.messages.failing import said
from runtime.store.vanishing import Vanishing

PROBE_SECONDS = 5
"""How long a successful write counts, so that asking often costs nothing."""

NOT_YOURS = Text(
    "请登录，或发送 HONGYAN_METRICS_KEY 里设的密钥（Authorization: Bearer …）。",
    "Log in, or send the key that HONGYAN_METRICS_KEY holds (Authorization: Bearer …).",
)


class Messages(Protocol):
    """What we need of the gateway."""

    def check(self) -> None:
        """Raises HongyanError when no message can be taken."""
        ...

    def dead(self) -> Mapping[str, Text]:
        """Publications that cannot be read any more, and why."""
        ...

    def instances(self) -> int:
        """How many programs work on the messages; 0 where only one can."""
        ...


class Health:
    """`metrics` gives Prometheus' text, for who is logged in or shows `metrics_key`.

    An agent's key opens nothing here: whoever holds one may only talk to that agent.
    """

    def __init__(
        self,
        data: Path,
        messages: Messages,
        wellness: Wellness,
        metrics: Callable[[], Awaitable[bytes]],
        metrics_key: str = "",
        vanishing: Vanishing | None = None,
    ) -> None:
        self._data = data
        self._messages = messages
        self._wellness, self._metrics = wellness, metrics
        self._metrics_key = metrics_key
        self._vanishing = vanishing
        self._written_at = float("-inf")

    def routes(self) -> list[Way]:
        return [
            Way("/health", self.health, methods=["GET"], needs=Entry.MACHINE),
            Way("/ready", self.ready, methods=["GET"], needs=Entry.MACHINE),
            Way("/metrics", self.metrics, methods=["GET"], needs=Entry.MACHINE),
        ]

    async def health(self, request: Request) -> Response:
        """The process answers; says nothing of what it depends on."""
        return JSONResponse({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        """Messages can be accepted: the disk takes them, and their store is the one that was opened.

        A publication that cannot be read (`dead`) or whose newest messages were not answered (`failing`)
        keeps nobody else from being ready; why is for who is logged in. Nor does it that what may vanish is
        not shared with other processes (`apart`). `instances`: how many work on the messages of the database.
        """
        try:
            self._messages.check()
            await self._probe()
        except HongyanError as e:
            return JSONResponse({"status": "not ready", "reason": e.text.to(language(request))}, 503)
        dead = self._messages.dead()
        unwell = {found.publication: said(found) for found in self._wellness.failing}
        apart = self._vanishing.trouble if self._vanishing else None
        found = {"dead": sorted(dead), "failing": sorted(unwell)}
        named: dict[str, object] = {name: ids for name, ids in found.items() if ids}
        if apart:
            named["apart"] = True
        if count := self._messages.instances():
            named["instances"] = count
        reasons = {**unwell, **dead, **({"apart": apart} if apart else {})}
        if reasons and who_of(request).may(Permission.WATCH):
            named["why"] = {id: text.to(language(request)) for id, text in reasons.items()}
        return JSONResponse({"status": "ready", **named})

    async def _probe(self) -> None:
        now = time.monotonic()
        if now - self._written_at > PROBE_SECONDS:
            await asyncio.to_thread(write_whole, self._data / "ready", b"ok\n", 0o600)
            self._written_at = now
        await self._wellness.look()

    async def metrics(self, request: Request) -> Response:
        if not who_of(request).may(Permission.WATCH) and not self._is_key(Visit(request.scope).bearer):
            return JSONResponse({"error": NOT_YOURS.to(language(request))}, 401)
        with contextlib.suppress(StoreFailed):  # that it cannot be read is in the other numbers
            await self._wellness.look()
        return Response(await self._metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")

    def _is_key(self, given: str) -> bool:
        return bool(self._metrics_key) and hmac.compare_digest(given.encode(), self._metrics_key.encode())
