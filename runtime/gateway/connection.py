"""An open socket, between the channel's state machine and the store.

The platform does not send again what it sent over a connection: so all that has come is stored at once, also
when the connection is given up, because of a stop, another owner, or other credentials.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from runtime.channels import End, Link, Step
from runtime.errors import HongyanError, Refused, StoreFailed
from runtime.gateway.delivery.sockets import Socket
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.message import Message
from runtime.network.transports import Line

log = logging.getLogger(__name__)

AGAIN = 5.0
"""Seconds after which a connection whose messages could not be taken is opened again."""
MOST_AT_ONCE = 100
"""Frames that are stored in one step."""

NOT_STORED = Text(
    "消息存不下，连接先断开，稍后重连。", "Messages cannot be stored; the connection is opened again later."
)
BROKEN = Text(
    "连接上的内容处理出错，详情在日志里，稍后重连。",
    "Something that came over the connection could not be handled; the log has the details. "
    "It is opened again later.",
)


class Home(Protocol):
    """Where what comes is brought."""

    async def take(self, surface: Surface, messages: Sequence[Message]) -> None:
        """Raises StoreFailed."""

    async def came_up(self, surface: Surface, socket: Socket) -> None: ...

    def went_down(self, surface: Surface, socket: Socket) -> None: ...


class Connection:
    """From the opening of the socket to its end."""

    def __init__(
        self, home: Home, surface: Surface, link: Link, line: Line, clock: Callable[[], float]
    ) -> None:
        assert surface.connector
        self._home = home
        self._surface = surface
        self._link = link
        self._line = line
        self._clock = clock
        self._socket = Socket(line.send, surface.connector.answer_seconds)
        self._receiving: asyncio.Future[str | None] | None = None
        self._taking: asyncio.Future[None] | None = None
        self._was_up = False
        self._is_over = False
        """Nothing more comes."""

    async def run(self) -> End:
        """Raises OSError when the socket is gone."""
        try:
            end = await self._follow([self._link.opened(self._clock())])
            while end is None and not self._is_over:
                left = max(0.0, self._link.tick_at - self._clock())
                await asyncio.wait({self._next()}, timeout=left)
                came = await self._arrived()
                if not came and not self._is_over:
                    end = await self._follow([self._link.tick(self._clock())])
                elif came:
                    end = await self._follow(self._read(came))
            return self._link.hung_up(self._line.ended_with, self._clock()) if end is None else end
        finally:
            self._home.went_down(self._surface, self._socket)
            await self._keep_what_came()

    def _next(self) -> "asyncio.Future[str | None]":
        if self._receiving is None:
            self._receiving = asyncio.ensure_future(self._line.receive())
        return self._receiving

    async def _arrived(self) -> list[str]:
        """All that has come by now, without waiting for more."""
        came: list[str] = []
        while len(came) < MOST_AT_ONCE and not self._is_over:
            receiving = self._next()
            await asyncio.sleep(0)
            if not receiving.done():
                break
            self._receiving = None
            text = receiving.result()
            if text is None:
                self._is_over = True
            else:
                came.append(text)
        return came

    def _read(self, came: Sequence[str]) -> list[Step]:
        steps: list[Step] = []
        for text in came:
            try:
                steps.append(self._link.frame(text, self._clock()))
            except Refused:
                log.warning("a frame that came to %s is none", self._surface.id)
                continue
            if steps[-1].end:
                break
        return steps

    async def _follow(self, steps: Sequence[Step]) -> End | None:
        """What the channel says is done, in its order; what is to be stored, in one step."""
        for step in steps:
            for key, answer in step.answers:
                self._socket.answered(key, answer)
            for frame in step.send:
                await self._socket.say(frame)
        if self._link.is_up and not self._was_up:
            self._was_up = True
            await self._home.came_up(self._surface, self._socket)
        try:
            await self._store([message for step in steps for message in step.messages])
        except StoreFailed:
            self._link.closed(self._clock())
            return End(NOT_STORED, "not_stored", AGAIN)
        except Exception:  # a bug of ours: what was not acknowledged comes again
            log.exception("what came to %s could not be taken", self._surface.id)
            self._link.closed(self._clock())
            return End(BROKEN, "bug", AGAIN)
        for step in steps:
            for frame in step.after:
                await self._socket.say(frame)
        return steps[-1].end if steps else None

    async def _store(self, messages: Sequence[Message]) -> None:
        """Goes on when the connection is given up meanwhile. Raises StoreFailed."""
        if not messages:
            return
        self._taking = asyncio.ensure_future(self._home.take(self._surface, messages))
        await asyncio.shield(self._taking)
        self._taking = None

    async def _keep_what_came(self) -> None:
        try:
            if self._taking is not None and not self._taking.done():
                await asyncio.wait({self._taking})
            if self._link.is_up:
                steps = self._read(await self._arrived())
                await self._store([message for step in steps for message in step.messages])
        except HongyanError as e:
            log.error("what came to %s last is not stored: %s", self._surface.id, e.text.en)
        finally:
            left = [one for one in (self._taking, self._receiving) if one is not None]
            for one in left:
                one.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*left, return_exceptions=True)
