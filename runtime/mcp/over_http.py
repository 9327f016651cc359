"""A server of tools at an address: streamable HTTP, one connection of ours a use.

https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
"""

import asyncio
import contextlib
import itertools
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from runtime import wellformed
from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.mcp import protocol
from runtime.mcp.protocol import MOST_BYTES, NO_ANSWER, Json
from runtime.network.fetched import Fetched, Http
from runtime.network.reach import Reach
from runtime.off_loop import SMALL, off_loop

SESSION = re.compile(r"[\x21-\x7e]{1,500}")
SESSION_HEADER, VERSION_HEADER = "Mcp-Session-Id", "MCP-Protocol-Version"
LOST = (400, 404)
"""For a session that is over. The specification says 404; servers that were started anew say 400, too."""
ENDS = (b"\n\n", b"\r\n\r\n", b"\r\r")
"""Of an event."""
ANSWERS = re.compile(rb'"(?:result|error)"')
SHORT = 10.0
"""Seconds for what is no work: being introduced, saying good-bye."""
STATUS = Text("MCP 服务器返回 {status}：{start}", "The MCP server answered {status}: {start}")


class OverHttp:
    """Implements Peer, once it is introduced."""

    def __init__(self, http: Http, url: str, headers: Mapping[str, str], reach: Reach) -> None:
        self._http, self._url, self._reach = http, url, reach
        self._headers = dict(headers)
        self._ids = itertools.count(1)
        self._anew = asyncio.Lock()

    async def ask(self, method: str, params: Mapping[str, Any], seconds: float) -> Json:
        session = self._headers.get(SESSION_HEADER, "")
        id, answer = await self._asked(method, params, seconds)
        if session and answer.status in LOST:
            # The server knows this session no more, so it did nothing of what it was asked.
            await self._begin_anew(session)
            id, answer = await self._asked(method, params, seconds)
        if answer.status != 200:
            raise ToolFailed(STATUS.fill(status=answer.status, start=answer.text.strip()[:200]))
        if begun := answer.headers.get("mcp-session-id", ""):
            # Another session half-way is none of ours; the first one stays.
            self._headers.setdefault(SESSION_HEADER, begun if SESSION.fullmatch(begun) else "")
        result = protocol.answer_in(await _messages(answer), id)
        if result is None:
            raise ToolFailed(NO_ANSWER)
        return result

    async def _asked(self, method: str, params: Mapping[str, Any], seconds: float) -> tuple[int, Fetched]:
        id = next(self._ids)
        body = protocol.request(id, method, params)
        return id, await self._post(body, seconds, _Awaited(id))

    async def _begin_anew(self, lost: str) -> None:
        """Another session, once for all that ask meanwhile. Raises ToolFailed."""
        async with self._anew:
            if self._headers.get(SESSION_HEADER, "") == lost:
                del self._headers[SESSION_HEADER]
                self._headers.pop(VERSION_HEADER, None)
                await self.introduce()

    async def say(self, method: str) -> None:
        """A notice; what comes back is not looked at. Raises ToolFailed when nobody is there."""
        await self._post(protocol.notice(method), SHORT)

    async def leave(self) -> None:
        """Tell it that the session is over, if it keeps one; it matters to nobody when that fails."""
        if self._headers.get(SESSION_HEADER):
            with contextlib.suppress(ToolFailed):
                await self._http.fetch(
                    "DELETE", self._url, headers=self._headers, seconds=3, max_bytes=1000, reach=self._reach
                )

    async def introduce(self) -> None:
        """Raises ToolFailed."""
        result = await self.ask("initialize", protocol.INTRODUCTION, SHORT)
        self._headers[VERSION_HEADER] = protocol.version_of(result)
        await self.say("notifications/initialized")

    async def _post(
        self, body: bytes, seconds: float, enough: Callable[[bytearray], bool] | None = None
    ) -> Fetched:
        headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        return await self._http.fetch(
            "POST",
            self._url,
            headers={**headers, **self._headers},
            body=body,
            seconds=seconds,
            max_bytes=MOST_BYTES,
            reach=self._reach,
            enough=enough,
        )


@asynccontextmanager
async def over_http(
    http: Http, url: str, headers: Mapping[str, str], reach: Reach
) -> AsyncIterator[OverHttp]:
    """A server that was introduced. Raises ToolFailed."""
    peer = OverHttp(http, url, headers, reach)
    try:
        await peer.introduce()
        yield peer
    finally:
        await peer.leave()


class _Awaited:
    """Whether the answer is among the events of a stream so far: a server may leave it open behind that.

    Each event is looked at once, and none is read that says nothing of that answer: whoever sends many, or
    one large one in pieces, holds nobody up.
    """

    def __init__(self, id: int) -> None:
        self._id = id
        self._names_it = re.compile(rb'"id"\s*+:\s*+%d(?![\d.])' % id)
        self._looked = 0

    def __call__(self, so_far: bytearray) -> bool:
        if not so_far.endswith(ENDS):
            return False
        began, self._looked = self._looked, len(so_far)
        if not self._names_it.search(so_far, began):
            return False
        if len(so_far) - began > SMALL:
            return ANSWERS.search(so_far, began) is not None
        said = protocol.events_in(so_far[began:].decode("utf-8", "replace"))
        return any(isinstance(one, dict) and one.get("id") == self._id for one in said)


async def _messages(answer: Fetched) -> list[Any]:
    if "text/event-stream" in answer.content_type.lower():
        if len(answer.text) <= SMALL:
            return protocol.events_in(answer.text)
        return await off_loop(protocol.events_in, answer.text)
    try:
        said = await wellformed.read(answer.text, deepest=protocol.DEEPEST)
    except ValueError:
        return []
    return said if isinstance(said, list) else [said]
