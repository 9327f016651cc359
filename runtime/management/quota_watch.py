"""What platforms leave of today's calls, where they tell it: asked now and then, shown in /metrics."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from runtime.channels import Managed
from runtime.channels._managing import Counted, QuotaLeft
from runtime.errors import HongyanError
from runtime.management.accounts import Accounts
from runtime.management.published import looked_after, offers_of
from runtime.newest import Newest
from runtime.store.control.control import Control

log = logging.getLogger(__name__)

FIRST = 120.0
"""Seconds after the start."""
EVERY = 3600.0
"""Seconds between two questions: each is a call that counts itself."""
OLD = 2.5 * EVERY
"""Seconds after which an answer says nothing any longer."""
MOST = 1000
"""Answers that are remembered."""


class _Seen(NamedTuple):
    channel: str
    share: float
    at: float


class QuotaWatch:
    def __init__(
        self, control: Control, accounts: Accounts, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._control, self._accounts, self._clock = control, accounts, clock
        self._seen = Newest[tuple[str, Counted], _Seen](MOST)

    async def run(self, is_ours: Callable[[], bool]) -> None:
        """For as long as the program runs. `is_ours`: whether the messages are worked on here."""
        await asyncio.sleep(FIRST)
        while True:
            if is_ours():
                await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Ask once for each account."""
        for record in self._control.publications():
            if not record.enabled:
                continue
            try:
                if "quota" in offers_of(self._control, record.id):
                    channel = looked_after(self._control, record.id, "quota")
                    await self._ask(record.id, record.channel, channel)
            except HongyanError as e:
                log.debug("what is left for %s is not known: %s", record.id, e.text.en)

    async def _ask(self, publication: str, name: str, channel: Managed) -> None:
        paths: Mapping[Counted, str] = channel.Management.counted
        for of, path in paths.items():
            try:
                found = await self._accounts.ask(channel, lambda of, path=path: of.quota(path))  # type: ignore[misc] # a default argument's type is not inferred
            except HongyanError as e:  # an account may ask for some of them and not for others
                log.debug("what is left of %s for %s is not known: %s", of, publication, e.text.en)
                continue
            if (share := _share(found)) is not None:
                self._seen[publication, of] = _Seen(name, share, self._clock())

    def counted(self) -> Iterator[tuple[Sequence[str], float]]:
        """As Metrics.show wants it: of several accounts of a channel the one that has least."""
        since, least = self._clock() - OLD, dict[tuple[str, str], float]()
        for (_, of), seen in self._seen.items():
            if seen.at >= since:
                key = (seen.channel, of)
                least[key] = min(seen.share, least.get(key, 1.0))
        yield from least.items()


def _share(found: QuotaLeft) -> float | None:
    """None where the platform counts nothing."""
    return min(1.0, max(0.0, found.left / found.most)) if found.most > 0 else None
