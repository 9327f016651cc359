"""One owner among processes: of a connection that counts once, or of a poll that only one may make.

Whoever holds a lease says every few seconds that it lives. When it did not for a while, by the clock of who
watches, or is surely gone, another takes over. Nothing is done without the lease, and what is being done is
cut off before anybody else could believe that its owner is dead.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable

from runtime.errors import StoreFailed
from runtime.gateway import owner
from runtime.gateway.background import Watch
from runtime.side_by_side import done_before
from runtime.store.database import Database
from runtime.store.messages.leases import LeaseRows, Row

BEAT = 4.0
"""Seconds between two signs of life."""
LOOK = 1.0
"""Seconds between two looks at what another has."""
MINE = 12.0
"""Seconds without a sign of life on the disk after which its owner does nothing more…"""
DEAD = 20.0
"""…and after which another takes over."""

log = logging.getLogger(__name__)


class Leases:
    """Of this process. One sign of life a beat, however many it holds."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        """`clock`: seconds since 1970. It is only written down: for durations the loop's counts."""
        self._rows = LeaseRows(database)
        self._clock = clock
        self.owner = self._owner = owner.name()
        """Of this run: an instance has the same name, so that with it goes what it had."""
        self._held: dict[str, asyncio.Event] = {}
        """By name, whether it was lost."""
        self._alive = float("-inf")
        """When the newest sign of life that is on the disk was given."""
        self._here = defaultdict[str, asyncio.Lock](asyncio.Lock)
        """Of several who want the same in this process, one has it too."""

    def is_mine(self, name: str) -> bool:
        """Beyond doubt: who stood still for a while may have another owner behind it."""
        return name in self._held and _now() < self._alive + MINE

    async def surely(self, name: str) -> None:
        """Comes back once it is ours beyond doubt: whoever has lost it is cut off while they wait here."""
        while not self.is_mine(name):  # noqa: ASYNC110 # time passes, and no event says that it does
            await asyncio.sleep(LOOK)

    async def learn(self, name: str, fact: str, value: str) -> bool:
        """Write a fact in the store, unless another owns that name by now. Raises StoreFailed."""
        return await self._rows.learn(name, self._owner, fact, value, self._clock())

    async def while_mine(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work once the lease is ours. It is cancelled when the lease is lost, and begins anew when it
        is ours again. Over when the work is, whose exceptions are raised; then, or when whoever waits is
        cancelled, the lease is given back.
        """
        is_over = False
        while not is_over:
            async with self._here[name], self._hold(name) as lost:
                done = await done_before(work(), lost.wait())
                if done:
                    done.result()
                is_over = done is not None
            if not is_over:
                log.warning("%s is no longer ours", name)

    def by_one(self, name: str, watch: Watch) -> Watch:
        """Of several instances one does it."""

        async def held() -> None:
            await self.while_mine(name, watch)

        return held

    async def watch(self) -> None:
        """Signs of life, for as long as the gateway runs."""
        self._alive = _now()
        while True:
            await asyncio.sleep(BEAT)
            names, began = set(self._held), _now()
            beating = asyncio.ensure_future(self._rows.beat(self._owner, self._clock()))
            try:
                # not wait_for, which in Python 3.11 loses a cancellation that comes together with the answer
                async with asyncio.timeout(max(0.0, self._alive + MINE - _now())):
                    still = await beating
                self._alive = began
            except TimeoutError:
                still = set()  # the disk may take it yet, but nobody can know when
            except StoreFailed as e:
                log.error("no sign of life can be written: %s", e.text.en)
                still = names if _now() < self._alive + MINE else set()
            for lost in names - still:
                if event := self._held.pop(lost, None):
                    event.set()
            if not self._held:
                self._alive = _now()

    @contextlib.asynccontextmanager
    async def _hold(self, name: str) -> AsyncIterator[asyncio.Event]:
        """Wait until it is ours."""
        taken = await self._take(name)
        if not self._held:
            self._alive = taken
        lost = self._held[name] = asyncio.Event()
        try:
            yield lost
        finally:
            if self._held.get(name) is lost:
                del self._held[name]
            with contextlib.suppress(StoreFailed):  # then it is free a little later
                await asyncio.shield(self._rows.release(self._owner, [name]))

    async def _take(self, name: str) -> float:
        """When that began to be so."""
        seen: Row | None = None
        since = _now()
        is_first = True
        while True:
            try:
                found = await self._rows.find(name)
                if found != seen or is_first:
                    seen, since, is_first = found, _now(), False
                # One's own is one that was lost while the disk refused: each sign of life keeps it alive.
                is_free = found is None or found.owner == self._owner
                is_dead = is_free or _now() - since >= DEAD or (found and owner.is_gone(found.owner))
                began = _now()
                if is_dead and await self._rows.take(name, self._owner, self._clock(), found):
                    return began
            except StoreFailed as e:
                log.error("it cannot be told who has %s: %s", name, e.text.en)
            await asyncio.sleep(LOOK)


def _now() -> float:
    """For durations: the wall clock may jump."""
    return asyncio.get_running_loop().time()
