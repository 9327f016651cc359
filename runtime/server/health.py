"""Alive, ready, and what is counted."""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runtime.errors import HongyanError, Refused
from runtime.files import write_whole
from runtime.lang import Text
from runtime.server.guard import USER_HEADER
from runtime.server.key_check import KeyCheck
from runtime.server.turns import language, status_of

PROBE_SECONDS = 5
"""How long a successful write counts, so that asking often costs nothing."""


class Messages(Protocol):
    """What we need of the gateway."""

    def check(self) -> None:
        """Raises HongyanError when no message can be taken."""
        ...

    def dead(self) -> Mapping[str, Text]:
        """Publications that cannot be read any more, and why."""
        ...


class Health:
    """`metrics` gives Prometheus' text. It is for who is logged in, or shows any API key."""

    def __init__(self, data: Path, messages: Messages, metrics: Callable[[], bytes], keys: KeyCheck) -> None:
        self._data = data
        self._messages = messages
        self._metrics = metrics
        self._keys = keys
        self._written_at = float("-inf")

    def routes(self) -> list[Route]:
        return [
            Route("/health", self.health, methods=["GET"]),
            Route("/ready", self.ready, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
        ]

    async def health(self, request: Request) -> Response:
        """The process answers; says nothing of what it depends on."""
        return JSONResponse({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        """Messages can be accepted: the disk takes them, and their store is the one that was opened.

        A publication that cannot be read stops itself alone; why is for who is logged in.
        """
        try:
            self._messages.check()
            await self._probe()
        except HongyanError as e:
            return JSONResponse({"status": "not ready", "reason": e.text.to(language(request))}, 503)
        dead = self._messages.dead()
        if not dead:
            return JSONResponse({"status": "ready"})
        if USER_HEADER not in request.headers:
            return JSONResponse({"status": "ready", "dead": sorted(dead)})
        why = {id: text.to(language(request)) for id, text in dead.items()}
        return JSONResponse({"status": "ready", "dead": sorted(dead), "why": why})

    async def _probe(self) -> None:
        now = time.monotonic()
        if now - self._written_at > PROBE_SECONDS:
            await asyncio.to_thread(write_whole, self._data / "ready", b"ok\n", 0o600)
            self._written_at = now

    async def metrics(self, request: Request) -> Response:
        if USER_HEADER not in request.headers:
            try:
                self._keys.key(request)
            except Refused as e:
                return JSONResponse({"error": e.text.to(language(request))}, status_of(e))
        return Response(self._metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")
