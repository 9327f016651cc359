"""Messages for which the platform lets us wait: one look after another, by one process of several."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable

from runtime.channels import ApiRequest, Fetches
from runtime.errors import HongyanError, SendFailed
from runtime.gateway.context import Context
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.fetching import PAGES, Fetching
from runtime.gateway.lasting import now
from runtime.gateway.sharing import Sharing, elsewhere
from runtime.gateway.surfaces import Surface
from runtime.newest import Newest

log = logging.getLogger(__name__)

ACCOUNTS = 1000
"""That are remembered."""
LOOK = 2.0
"""Seconds between two looks at which publications there are."""
PAUSES = (2.0, 2.0, 2.0, 30.0)
"""Seconds before another try, when the platform or the disk refused; the last one goes on."""
GOODBYE = 2.0
"""Seconds at a stop in which the platforms are told."""

Lost = Callable[[Surface, SendFailed], Awaitable[None]]
"""Told that nothing of an account works until it is joined anew."""


class Polling:
    """What a look brought is stored with its cursor before the next one begins."""

    def __init__(self, context: Context, sender: Sender, fetching: Fetching, lost: Lost) -> None:
        self._surfaces = context.surfaces
        self._leases = context.leases
        self._background = context.background
        self._doctor = context.doctor
        self._clock = context.clock
        self._sender = sender
        self._fetching = fetching
        self._lost = lost
        self._attended: dict[str, Sharing] = {}
        """By account: of several publications of one, one looks, since the platform lets nobody else."""
        self._looking: dict[str, Surface] = {}
        """Those whose platform was told that we look."""
        self._gone: dict[str, Surface] = {}
        """Those whose account is lost, as they were then."""
        self._ill = Newest[str, bool](ACCOUNTS)
        """Those whose owner was told that nothing can be fetched."""

    async def watch(self) -> None:
        while True:
            found: dict[str, dict[str, Surface]] = defaultdict(dict)
            for surface in self._surfaces.all():
                if self._current(surface.id):
                    name = f"look {surface.publication.channel} {_fetcher(surface).account}"
                    found[name][surface.id] = surface
            for name, sharing in self._attended.items():
                sharing.update(found[name])
                self._tell_others(sharing)
            for name, surfaces in found.items():
                if surfaces and name not in self._attended:
                    self._attended[name] = Sharing(name)
                    self._attended[name].update(surfaces)
                    self._background.start(self._attend(self._attended[name]))
            await asyncio.sleep(LOOK)

    def _tell_others(self, sharing: Sharing) -> None:
        """Those that do not look hear who does."""
        at = sharing.at
        if at is None or at.id not in self._looking:
            return
        for other in sharing.untold():
            sharing.told[other.id] = other, at.id, now()
            self._doctor.trouble(other.id, elsewhere(at), self._clock())

    async def close(self) -> None:
        """Tell the platforms that nobody looks any more."""
        last = [self._say(surface, _goodbye) for surface in self._looking.values()]
        if last:
            await asyncio.wait([asyncio.ensure_future(one) for one in last], timeout=GOODBYE)

    def _current(self, id: str) -> Surface | None:
        """None when there is nothing to look for."""
        surface = self._surfaces.find(id)
        if surface is None or surface.fetcher is None or not surface.fetcher.holds:
            return None
        if self._gone.get(id) is not surface:
            self._gone.pop(id, None)
            return surface
        return None

    async def _attend(self, sharing: Sharing) -> None:
        try:
            await self._leases.while_mine(sharing.name, lambda: self._take_turns(sharing))
        except Exception:  # a bug of ours: it is taken up again, and the others go on
            log.exception("nobody looks for messages of %s", sharing.name)
        finally:
            self._attended.pop(sharing.name, None)

    async def _take_turns(self, sharing: Sharing) -> None:
        first, failures = "", defaultdict[str, int](int)
        while sharing.surfaces:
            surface = await sharing.turn(first)
            if await self._look(sharing, surface.id, failures):
                first = surface.id
            else:
                sharing.rest(surface, PAUSES[-1])

    async def _look(self, sharing: Sharing, id: str, failures: dict[str, int]) -> bool:
        """One look after another. False when it is better that another publication of the account looks.
        `failures`: of looks in a row, by publication."""
        surface = self._current(id)
        if surface is None:
            return False
        self._looking[id] = surface
        is_first = True
        await self._say(surface, _hello)
        try:
            while (surface := self._current(id)) and id in sharing.surfaces:
                await self._leases.surely(sharing.name)
                failures[id] = await self._one(sharing, surface, failures[id], is_first=is_first)
                is_first = is_first and failures[id] > 0
                was_told = id in sharing.told or id in self._ill
                if failures[id] == 0 and id not in self._gone and was_told:
                    sharing.told.pop(id, None)
                    self._ill.pop(id, None)
                    self._doctor.trouble(id, None, self._clock())
                if failures[id] >= len(PAUSES) and sharing.others:
                    return False
        finally:
            last = self._looking.pop(id, None)
        if last and id not in self._gone:
            await self._say(last, _goodbye)
        return id not in self._gone

    async def _one(self, sharing: Sharing, surface: Surface, failures: int, *, is_first: bool) -> int:
        """How many looks in a row failed by now. The first waits for nothing, since it tells the owner
        whether the account is right."""
        channel = _fetcher(surface)
        began = now()
        try:
            for _ in range(PAGES):
                if not await self._fetching.one_page(surface, at_once=is_first):
                    break
                began = now()
            self._doctor.saw(surface.id, "verified", "", self._clock())
        except HongyanError as e:
            if isinstance(e, SendFailed) and e.code in channel.codes.lost:
                await self._leases.surely(sharing.name)
                log.error("%s is not joined any more: %s", surface.id, e.text.en)
                self._gone[surface.id] = surface
                await self._lost(surface, e)
                return 0
            is_doubt = isinstance(e, SendFailed) and e.code == "uncertain"
            if not is_doubt or now() - began < channel.holds:
                log.warning("messages of %s cannot be fetched: %s", surface.id, e.text.en)
                is_unknown = isinstance(e, SendFailed) and e.code in channel.codes.credentials
                if is_unknown or failures + 1 == len(PAUSES):
                    self._ill[surface.id] = True
                    self._doctor.trouble(surface.id, e.text, self._clock())
                await asyncio.sleep(max(PAUSES[min(failures, len(PAUSES) - 1)], _wanted(e)))
                return failures + 1
            return 0  # nothing came for as long as the platform holds a look
        await asyncio.sleep(max(0.0, channel.fetch_seconds - (now() - began)))
        return 0

    async def _say(self, surface: Surface, what: Callable[[Fetches], ApiRequest | None]) -> None:
        """The platform is told; whether it listens changes nothing."""
        channel = _fetcher(surface)
        try:
            if request := what(channel):
                await self._sender.ask(channel, request)
        except SendFailed as e:
            log.debug("%s was not told: %s", surface.id, e.text.en)


def _wanted(error: HongyanError) -> float:
    """Seconds that the platform asks us to wait."""
    return error.wait if isinstance(error, SendFailed) else 0.0


def _fetcher(surface: Surface) -> Fetches:
    assert surface.fetcher
    return surface.fetcher


def _hello(channel: Fetches) -> ApiRequest | None:
    return channel.hello()


def _goodbye(channel: Fetches) -> ApiRequest | None:
    return channel.goodbye()
