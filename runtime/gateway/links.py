"""Connections that we hold to platforms: one owner among processes, opened again as the channel says.

What comes over one is on the disk before the platform is told that it came. How it stands is a fact in the
store, `link PUBLICATION`, so that another process can tell too.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.channels import Connects, End, Link
from runtime.errors import HongyanError, StoreFailed
from runtime.gateway.connection import Connection
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.sockets import Socket
from runtime.gateway.intake import Intake
from runtime.gateway.surfaces import Surface
from runtime.message import Message

log = logging.getLogger(__name__)

LOOK = 2.0
"""Seconds between two looks at which publications connect."""
PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Before another try to store what came: a platform that wants no acknowledgement does not send it again."""


@dataclass(frozen=True)
class _Held:
    surface: Surface
    task: asyncio.Task[None]


class Links:
    """One for each publication whose channel connects."""

    def __init__(self, context: Context, sender: Sender, abilities: Abilities, intake: Intake) -> None:
        self._context = context
        self._sockets = sender.sockets
        self._sender = sender
        self._abilities = abilities
        self._intake = intake
        self._held: dict[str, _Held] = {}

    async def watch(self) -> None:
        """Connect what is published, and again what was published anew; let go what was taken back."""
        while True:
            try:
                found = {one.id: one for one in self._context.surfaces.all() if one.connector}
            except HongyanError as e:  # a disk that refuses for a while
                log.error("it cannot be told who connects: %s", e.text.en)
                await asyncio.sleep(LOOK)
                continue
            for id, held in list(self._held.items()):
                if found.get(id) is not held.surface or held.task.done():
                    held.task.cancel()
                    await asyncio.gather(held.task, return_exceptions=True)
                    del self._held[id]
            for id, surface in found.items():
                if id not in self._held:
                    self._held[id] = _Held(surface, self._context.background.start(self._keep(surface)))
            await asyncio.sleep(LOOK)

    async def _keep(self, surface: Surface) -> None:
        channel = _connector(surface)
        try:
            if channel.exclusive:
                name = f"link {surface.publication.channel} {channel.account}"
                await self._context.leases.while_mine(name, lambda: self._connect(surface))
            else:
                await self._connect(surface)
        except Exception:  # a bug of ours or of the channel's: looked at again by `watch`
            log.exception("the connection of %s cannot be kept", surface.id)

    async def _connect(self, surface: Surface) -> None:
        """One connection after another, until the channel says that no other is to follow."""
        link = _connector(surface).link()
        while True:
            end = await self._one(surface, link)
            log.log(
                logging.INFO if end.again is not None else logging.ERROR,
                "the connection of %s is over: %s",
                surface.id,
                end.text.en,
            )
            await self._tell(surface, end)
            if end.again is None:
                await asyncio.Event().wait()  # until it is published again
            await asyncio.sleep(end.again or 0.0)

    async def _one(self, surface: Surface, link: Link) -> End:
        clock = _steady(self._context.clock())
        try:
            async with await self._sender.connect(_connector(surface)) as line:
                return await Connection(self, surface, link, line, clock).run()
        except OSError as e:  # also TimeoutError
            log.debug("%s is not connected: %r", surface.id, type(e).__name__)
            return link.closed(clock())

    async def take(self, surface: Surface, messages: Sequence[Message]) -> None:
        """Raises StoreFailed."""
        self._context.doctor.saw(surface.id, "message", "", self._context.clock())
        for pause in (*PAUSES, None):
            try:
                return await self._intake.take(surface, messages)
            except StoreFailed as e:
                log.error("what came to %s is not stored: %s", surface.id, e.text.en)
                if pause is None:
                    raise
                await asyncio.sleep(pause)

    async def came_up(self, surface: Surface, socket: Socket) -> None:
        """Frames of ours are taken from now on."""
        self._sockets.put(_connector(surface), socket)
        self._context.doctor.saw(surface.id, "verified", "", self._context.clock())
        self._context.doctor.trouble(surface.id, None, self._context.clock())
        self._abilities.look_again(surface)
        await self._remember(surface, {"up": True, "since": self._context.clock()})

    def went_down(self, surface: Surface, socket: Socket) -> None:
        self._sockets.drop(_connector(surface), socket)
        socket.end()

    async def _tell(self, surface: Surface, end: End) -> None:
        if end.again is None:
            self._context.doctor.trouble(surface.id, end.text, self._context.clock())
        state = {"up": False, "since": self._context.clock(), "code": end.code, "again": end.again}
        await self._remember(surface, {**state, "why": end.text.by_language()})

    async def _remember(self, surface: Surface, state: dict[str, Any]) -> None:
        try:
            now = self._context.clock()
            await self._context.messages.facts.learn(f"link {surface.id}", json.dumps(state), now)
        except StoreFailed as e:
            log.warning("it is not kept how %s is connected: %s", surface.id, e.text.en)


def _steady(began: float) -> Callable[[], float]:
    """Seconds since 1970 that do not jump from here on."""
    now = asyncio.get_running_loop().time
    start = now()
    return lambda: began + now() - start


def _connector(surface: Surface) -> Connects:
    assert surface.connector
    return surface.connector
