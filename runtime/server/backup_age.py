"""How old the newest backup is, made by a plan or by hand."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from runtime.backups.plan import Plans
from runtime.errors import HongyanError
from runtime.store.messages.growth import backed_up_at

LOOK = 60.0
"""Seconds for which an answer of the store counts."""


class BackupAge:
    def __init__(
        self,
        data: Path,
        clock: Callable[[], float] = time.time,
        noted: Callable[[Path], float] = backed_up_at,
    ) -> None:
        """`noted`: when one was made, as a store has it."""
        self._plans, self._messages = Plans(data), data / "messages.db"
        self._clock, self._noted = clock, noted
        self._by_hand = 0.0
        self._looked_at = float("-inf")

    async def look(self) -> None:
        """Whether one was made by hand, which only the audit log knows."""
        now = time.monotonic()
        if now - self._looked_at < LOOK:
            return
        self._looked_at = now
        with contextlib.suppress(HongyanError):  # that it cannot be read is in other numbers
            self._by_hand = await asyncio.to_thread(self._noted, self._messages)

    def counted(self) -> Iterator[tuple[Sequence[str], float]]:
        """As Metrics.show wants it."""
        with contextlib.suppress(HongyanError):
            plan, last = self._plans.plan(), self._plans.last()
            newest = max(last.good_at or 0.0, self._by_hand)
            if newest or plan:
                since = newest or (plan.since if plan else 0.0)
                yield [plan.every if plan else "none"], max(0.0, self._clock() - since)
