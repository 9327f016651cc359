"""Telling where an answer is that may not have arrived: what tells so may not have arrived either.

A platform that is slow to say that it took something has shown it all the same, so each further try is one
more of the same message to the person. The pause between two grows as long as nothing gets through.
"""

import asyncio
from dataclasses import dataclass

from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.surfaces import Surface
from runtime.newest import Newest

PAUSES = (300.0, 1800.0, 10_800.0, 43_200.0)
"""Seconds until the next try, after so many that failed; the last ever after."""
MESSAGES = 10_000
SURFACES = 1000


@dataclass
class _Tried:
    """`until`: of the loop's clock."""

    times: int = 0
    until: float = 0.0
    is_hurried: bool = False
    """It was not waited for, since something else had got through."""


class Doubts:
    def __init__(self, abilities: Abilities) -> None:
        self._abilities = abilities
        self._tried = Newest[str, Newest[int, _Tried]](SURFACES)
        """By publication and message."""
        self._told = Newest[int, None](MESSAGES)
        self._timers = Newest[str, asyncio.TimerHandle](SURFACES)

    def is_time(self, surface: Surface, seq: int) -> bool:
        """Whether this message's person may be told now; where not, it is come back to by itself."""
        of_surface = self._tried.get(surface.id)
        tried = of_surface.get(seq) if of_surface else None
        left = tried.until - _now() if tried else 0.0
        if left > 0 and surface.id not in self._timers:
            self._timers[surface.id] = asyncio.get_running_loop().call_later(left, self._again, surface)
        return left <= 0

    def failed(self, surface: Surface, seq: int) -> None:
        """It was not taken, or nobody knows."""
        tried = self._tried.of(surface.id, lambda: Newest(MESSAGES)).of(seq, _Tried)
        tried.until = _now() + PAUSES[min(tried.times, len(PAUSES) - 1)]
        tried.times += 1

    def told(self, seq: int) -> None:
        self._told[seq] = None

    def was_told(self, seq: int) -> bool:
        """…that its answer was refused."""
        return seq in self._told

    def worked(self, surface: Surface) -> None:
        """Something got through: whoever waits to be told is told now, and once only."""
        self._abilities.worked(surface)
        if timer := self._timers.pop(surface.id, None):
            timer.cancel()
            for tried in self._tried.get(surface.id, {}).values():
                if not tried.is_hurried:
                    tried.is_hurried, tried.until = True, 0.0
            self._again(surface)

    def _again(self, surface: Surface) -> None:
        self._timers.pop(surface.id, None)
        self._abilities.well.put_nowait(surface)


def _now() -> float:
    """For durations: the wall clock may jump."""
    return asyncio.get_running_loop().time()
