"""Several publications of one account, of which the platform lets one at a time be connected, or look.

It is the turn of whoever was taken in by the platform last, else of the newest. One that is not taken in
rests, and another gets a turn meanwhile: a wrong secret stops nobody but its own publication.
"""

import asyncio
import contextlib
import math
from collections.abc import Mapping

from runtime.gateway.lasting import now
from runtime.gateway.surfaces import Surface


class Sharing:
    """Of one account, by what it is called among those of all channels."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.surfaces: dict[str, Surface] = {}
        """By publication, the newest last."""
        self.at: Surface | None = None
        """Whose turn it is."""
        self.changed = asyncio.Event()
        """One was published, again or for the first time, or taken back."""
        self._rests: dict[str, float] = {}
        """By publication, until when on the loop's clock."""

    def update(self, found: Mapping[str, Surface]) -> bool:
        """These are published now. False when the one whose turn it is, is gone or another by now."""
        for id, known in self.surfaces.items():
            if found.get(id) is not known:
                self._rests.pop(id, None)  # and so of one that is gone
                self.changed.set()
        if found.keys() - self.surfaces.keys():
            self.changed.set()
        self.surfaces = dict(found)
        return self.at is None or found.get(self.at.id) is self.at

    async def turn(self, first: str) -> Surface:
        """Whose turn it is next, once there is one who does not rest. `first`: before all others."""
        self.at = None
        while True:
            self.changed.clear()
            ready = [one for one in self.surfaces.values() if not self.is_resting(one)]
            if ready:
                self.at = next((one for one in ready if one.id == first), ready[-1])
                return self.at
            left = min((self._rests[id] for id in self.surfaces), default=math.inf) - now()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if left == math.inf else max(left, 0.001)):
                    await self.changed.wait()

    def rest(self, surface: Surface, seconds: float | None) -> None:
        """Nobody tries it for so long; None: before it is published again."""
        if self.surfaces.get(surface.id) is surface:
            self._rests[surface.id] = math.inf if seconds is None else now() + seconds

    def is_resting(self, surface: Surface) -> bool:
        return self._rests.get(surface.id, -math.inf) > now()

    @property
    def others(self) -> list[Surface]:
        """Whose turn it is not."""
        return [one for one in self.surfaces.values() if one is not self.at]
