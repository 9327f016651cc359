"""Platforms that are told by us where to call, see Registers.

What each was told last is a fact in the store, so that a start tells nobody what they know. One process
does it.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable

from runtime.channels import ApiRequest
from runtime.errors import HongyanError, SendFailed
from runtime.gateway.context import Context
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.lasting import now
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.newest import Newest

log = logging.getLogger(__name__)

PUBLICATIONS = 1000
"""That are remembered."""
LOOK = 2.0
"""Seconds between two looks at what is published."""
AGAIN = 60.0
"""Seconds before a platform that refused is told again."""
NO_ADDRESS = Text(
    "先填好公网地址：平台要知道往哪里发消息。没有公网地址时，请选不需要它的接入方式。",
    "Enter the public address first: the platform has to know where to call. Without one, choose the way "
    "in that "
    "needs none.",
)


class Registering:
    """`public_url`: where the world reaches us, "" when that is not known."""

    def __init__(self, context: Context, sender: Sender, public_url: Callable[[], str]) -> None:
        self._surfaces = context.surfaces
        self._leases = context.leases
        self._facts = context.messages.facts
        self._doctor = context.doctor
        self._clock = context.clock
        self._sender = sender
        self._public_url = public_url
        self._told = Newest[str, tuple[Surface, str]](PUBLICATIONS)
        """By publication, what its platform was told."""
        self._later = Newest[str, tuple[str, float]](PUBLICATIONS)
        """What was refused, and until when it is not said again, by the loop's clock."""

    async def watch(self) -> None:
        while not self._found():  # noqa: ASYNC110 # one may be published at any time
            await asyncio.sleep(LOOK)
        await self._leases.while_mine("registering", self._work)

    async def _work(self) -> None:
        while True:
            found = self._found()
            try:
                await self._let_go(found)
                for surface in found.values():
                    await self._look(surface)
            except HongyanError as e:  # a disk that refuses for a while
                log.error("platforms are not told where to call: %s", e.text.en)
            await asyncio.sleep(LOOK)

    def _found(self) -> dict[str, Surface]:
        return {one.id: one for one in self._surfaces.all() if one.registers}

    async def _let_go(self, found: dict[str, Surface]) -> None:
        """What was taken back; unless another publication of the account is called by now."""
        accounts = {_account(one) for one in found.values()}
        for id in [id for id in self._told if id not in found]:
            surface, _ = self._told[id]
            del self._told[id]
            await self._facts.learn(_fact(id), "", self._clock())
            assert surface.registers
            if _account(surface) not in accounts:
                await self._say(surface, surface.registers.unregister())

    async def _look(self, surface: Surface) -> None:
        channel, base = surface.registers, self._public_url().rstrip("/")
        assert channel
        if not base:
            return self._trouble(surface, "", NO_ADDRESS)
        request = channel.register(f"{base}/c/{surface.id}")
        mark = _mark(channel.account, request)
        known = self._told.get(surface.id)
        if known and known[1] == mark:
            return None
        refused, until = self._later.get(surface.id, ("", 0.0))
        if refused == mark and now() < until:
            return None
        if await self._facts.find(_fact(surface.id)) != mark:
            await self._leases.surely("registering")
            try:
                await self._sender.asked(channel, request, channel.registered)
            except SendFailed as e:
                return self._trouble(surface, mark, e.text, max(AGAIN, e.wait))
            await self._facts.learn(_fact(surface.id), mark, self._clock())
            log.info("the platform of %s knows where to call", surface.id)
        self._told[surface.id] = surface, mark
        if self._later.pop(surface.id, None):
            self._doctor.trouble(surface.id, None, self._clock())
        return None

    def _trouble(self, surface: Surface, mark: str, why: Text, wait: float = AGAIN) -> None:
        known, until = self._later.get(surface.id, (None, 0.0))
        if known == mark and now() < until:
            return
        self._later[surface.id] = mark, now() + wait
        log.warning("%s cannot be called: %s", surface.id, why.en)
        self._doctor.trouble(surface.id, why, self._clock())

    async def _say(self, surface: Surface, request: ApiRequest) -> None:
        assert surface.registers
        try:
            await self._sender.asked(surface.registers, request, lambda answer: None)
        except SendFailed as e:
            log.info("%s is still called: %s", surface.id, e.text.en)


def _fact(id: str) -> str:
    return f"registered {id}"


def _account(surface: Surface) -> tuple[str, str]:
    assert surface.registers
    return surface.publication.channel, surface.registers.account


def _mark(account: str, request: ApiRequest) -> str:
    """It says nothing of the secret in it."""
    said = json.dumps([account, request.path, request.body], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
