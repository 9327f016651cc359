"""The connection of one account: opened again as the channel says, by whichever of its publications may.

What comes is on the disk before the platform is told that it came. How a publication is connected is a fact
in the store, `link PUBLICATION`, so that another process can tell too. Of an account that only one process
may connect, only the owner of its lease writes there: one that stood still for a while finds another owner.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from runtime.channels import Connects, End, Link
from runtime.errors import SendFailed, StoreFailed
from runtime.gateway.connection import Connection
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.sockets import Socket
from runtime.gateway.intake import Intake
from runtime.gateway.lasting import now
from runtime.gateway.sharing import Sharing, elsewhere
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.message import Message
from runtime.network.transports import Unopened
from runtime.store.messages.twins import never

log = logging.getLogger(__name__)

PAUSES = (0.5, 1.0, 2.0, *(4.0,) * 12)
"""Before another try to store what came, for most of a minute: a platform that wants no acknowledgement does
not send it again, so there is nothing to be won by giving it up sooner."""


class AccountLink:
    """Implements Home."""

    def __init__(
        self, sharing: Sharing, context: Context, sender: Sender, abilities: Abilities, intake: Intake
    ) -> None:
        self.sharing = sharing
        self._is_exclusive = any(_connector(one).exclusive for one in sharing.surfaces.values())
        self._leases = context.leases
        self._facts = context.messages.facts
        self._doctor = context.doctor
        self._clock = context.clock
        self._sender = sender
        self._abilities = abilities
        self._intake = intake
        self._links: dict[str, tuple[Surface, Link]] = {}
        self._is_up = False
        self._was_open = self._was_up = False
        """Of the newest try."""
        self._unopened = 0
        """Tries in a row in which nobody was there."""

    async def keep(self) -> None:
        """For as long as any of its publications is there."""
        try:
            if self._is_exclusive:
                await self._leases.while_mine(self.sharing.name, self._take_turns)
            else:
                await self._take_turns()
        except Exception:  # a bug of ours or of the channel's: begun anew by Links
            log.exception("%s cannot be kept", self.sharing.name)

    async def _take_turns(self) -> None:
        first = await self._last_up()
        while True:
            surface = await self.sharing.turn(first)
            await self._surely_ours()
            end = await self._one(surface, self._link(surface))
            level = logging.ERROR if end.is_trouble else logging.INFO
            log.log(level, "%s is disconnected: %s", surface.id, end.text.en)
            await self._surely_ours()
            await self._tell(surface, end)
            if self._was_up and end.again is None:
                self.sharing.changed.clear()
                await self.sharing.changed.wait()  # none of the others may end who has it now
            elif self._was_up or not self._was_open:
                first = surface.id  # it is the way that is ill: nobody else gets any further
                await asyncio.sleep(end.again or 0.0)
            else:
                self.sharing.rest(surface, end.again)

    def _link(self, surface: Surface) -> Link:
        known, link = self._links.get(surface.id, (None, None))
        if link is None or known is not surface:
            link = _connector(surface).link()
            self._links[surface.id] = surface, link
        return link

    async def _one(self, surface: Surface, link: Link) -> End:
        clock = _steady(self._clock())
        self._was_open = self._was_up = False
        try:
            async with await self._sender.connect(_connector(surface), link.next_address) as line:
                self._was_open, self._unopened = True, 0
                return await Connection(self, surface, link, line, clock).run()
        except Unopened as e:
            self._unopened += 1
            return replace(link.closed(clock()), text=e.text, code=e.code)
        except SendFailed as e:
            self._was_open = True  # the platform is there, and says no to this one
            return link.refused(e, clock())
        except OSError as e:  # also TimeoutError
            log.debug("%s is not connected: %r", surface.id, type(e).__name__)
            return link.closed(clock())

    async def take(self, surface: Surface, messages: Sequence[Message]) -> None:
        """Raises StoreFailed."""
        self._doctor.saw(surface.id, "message", "", self._clock())
        for pause in (*PAUSES, None):
            try:
                return await self._intake.take(surface, messages, same=_connector(surface).is_repeat or never)
            except StoreFailed as e:
                log.error("what came to %s is not stored: %s", surface.id, e.text.en)
                if pause is None:
                    raise
                await asyncio.sleep(pause)

    async def came_up(self, surface: Surface, socket: Socket) -> None:
        """Frames of ours are taken from now on."""
        self._is_up = self._was_up = True
        self.sharing.told.pop(surface.id, None)
        self._sender.sockets.put(_connector(surface), socket)
        self._doctor.saw(surface.id, "verified", "", self._clock())
        self._doctor.trouble(surface.id, None, self._clock())
        self._abilities.look_again(surface)
        await self._remember(f"link {surface.id}", json.dumps({"up": True, "since": self._clock()}))
        await self._remember(f"last {self.sharing.name}", surface.id)

    def went_down(self, surface: Surface, socket: Socket) -> None:
        self._is_up = False
        self._sender.sockets.drop(_connector(surface), socket)
        socket.end()

    async def tell_others(self) -> None:
        """Those that are not connected hear who is; one that is not taken in heard that instead."""
        for id in [id for id in self._links if id not in self.sharing.surfaces]:
            del self._links[id]
        at = self.sharing.at
        if at is None or not self._is_up:
            return
        for other in self.sharing.untold():
            if self.sharing.is_resting(other):
                continue
            why = elsewhere(at)
            if await self._note(other, {"code": "shared", "by": at.id, "again": None}, why):
                self.sharing.told[other.id] = other, at.id, now()
                self._doctor.trouble(other.id, why, self._clock())

    async def _tell(self, surface: Surface, end: End) -> None:
        lasts = end.is_trouble or self._unopened > 1
        if await self._note(surface, {"code": end.code, "again": end.again}, end.text) and lasts:
            self._doctor.trouble(surface.id, end.text, self._clock())

    async def _note(self, surface: Surface, state: dict[str, Any], why: Text) -> bool:
        whole = {"up": False, "since": self._clock(), **state, "why": why.by_language()}
        return await self._remember(f"link {surface.id}", json.dumps(whole))

    async def _remember(self, name: str, value: str) -> bool:
        """False when another process owns the connection by now."""
        try:
            if self._is_exclusive:
                return await self._leases.learn(self.sharing.name, name, value)
            await self._facts.learn(name, value, self._clock())
        except StoreFailed as e:
            # and told all the same
            log.warning("it is not kept how %s is connected: %s", self.sharing.name, e.text.en)
        return True

    async def _last_up(self) -> str:
        try:
            return await self._facts.find(f"last {self.sharing.name}") or ""
        except StoreFailed:
            return ""

    async def _surely_ours(self) -> None:
        if self._is_exclusive:
            await self._leases.surely(self.sharing.name)


def link_name(surface: Surface) -> str:
    """Of the account that it connects; its own where every publication may."""
    channel = _connector(surface)
    whose = f"{surface.publication.channel} {channel.account}" if channel.exclusive else surface.id
    return f"link {whose}"


def _steady(began: float) -> Callable[[], float]:
    """Seconds since 1970 that do not jump from here on."""
    start = now()
    return lambda: began + now() - start


def _connector(surface: Surface) -> Connects:
    assert surface.connector
    return surface.connector
