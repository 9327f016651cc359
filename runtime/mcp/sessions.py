"""Servers at addresses that stay introduced from one use to the next: each session is one person's alone.

Servers with a state (a browser, a memory, a game) find it again over the calls of a turn, and a while after.
"""

import asyncio
import contextlib
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from runtime.log_id import outliving
from runtime.mcp.over_http import OverHttp, over_http
from runtime.network.fetched import Http
from runtime.network.reach import Reach

IDLE = 300.0
"""Seconds that a session is kept which nobody uses…"""
LONGEST = 3600.0
"""…and that one is kept in all."""
MOST = 300
"""Sessions at a time: then those that nobody used for longest are ended."""
LOOKS = 30.0
"""Seconds between two looks for what is over."""


@dataclass
class _Session:
    """`using`: uses that run now; times are the loop's."""

    peer: OverHttp
    ready: "asyncio.Task[None]"
    began: float
    used: float
    using: int = 0

    def is_over(self, now: float) -> bool:
        return not self.using and (now - self.used > IDLE or now - self.began > LONGEST)


class Sessions:
    def __init__(self) -> None:
        self._open: dict[str, _Session] = {}
        self._minding: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def peer(
        self, whose: str, http: Http, url: str, headers: Mapping[str, str], reach: Reach
    ) -> AsyncIterator[OverHttp]:
        """The server, introduced. `whose`: the person; with "" nothing is kept. Raises ToolFailed."""
        if not whose:
            async with over_http(http, url, headers, reach) as peer:
                yield peer
            return
        key = _key(whose, url, headers)
        session = self._open.get(key) or self._begin(key, OverHttp(http, url, headers, reach))
        session.using += 1
        try:
            await asyncio.shield(session.ready)
            yield session.peer
        finally:
            session.using -= 1
            session.used = asyncio.get_running_loop().time()
            if session.ready.done() and (session.ready.cancelled() or session.ready.exception()):
                self._drop(key, session)

    async def close(self) -> None:
        """Tell every server that it is over."""
        if self._minding is not None:
            self._minding.cancel()
        for key, session in list(self._open.items()):
            self._drop(key, session)
        if self._leaving:
            await asyncio.wait(self._leaving)

    def _begin(self, key: str, peer: OverHttp) -> _Session:
        now = asyncio.get_running_loop().time()
        session = self._open[key] = _Session(peer, asyncio.create_task(peer.introduce()), now, now)
        idle = [(one.used, old) for old, one in self._open.items() if not one.using and old != key]
        for _, old in sorted(idle)[: max(len(self._open) - MOST, 0)]:
            self._drop(old, self._open[old])
        if self._minding is None or self._minding.done():
            self._minding = outliving(self._mind(), "mcp sessions")
        return session

    def _drop(self, key: str, session: _Session) -> None:
        if self._open.get(key) is session:
            del self._open[key]
            leaving = asyncio.create_task(_leave(session))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)

    async def _mind(self) -> None:
        """End what is over, as long as anything is open."""
        while self._open:
            await asyncio.sleep(LOOKS)
            now = asyncio.get_running_loop().time()
            for key, session in [one for one in self._open.items() if one[1].is_over(now)]:
                self._drop(key, session)


async def _leave(session: _Session) -> None:
    with contextlib.suppress(Exception):  # whoever used it was told why it was never introduced
        await session.ready
    await session.peer.leave()


def _key(whose: str, url: str, headers: Mapping[str, str]) -> str:
    """Another one for another person, server or secret; it tells none of them."""
    told = json.dumps([whose, url, sorted(headers.items())])
    return hashlib.sha256(told.encode()).hexdigest()
