"""How each publication is: for programs that watch, for whoever is logged in, and for the public."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from runtime.gateway.surfaces import Surfaces
from runtime.lang import Text
from runtime.store.messages.failing import Failing
from runtime.store.messages.insights import Insights

How = Literal["well", "paused", "troubled", "failing", "dead"]
FRESH = 5.0
"""Seconds that a look counts, so that asking often costs nothing."""


class Wellness:
    def __init__(
        self,
        data: Path,
        surfaces: Surfaces,
        trouble: Callable[[str], Text | None],
        channel_of: Callable[[str], str],
    ) -> None:
        """`trouble`: why answers of a publication cannot be pushed; None where they can. `channel_of`: the
        name of one that perhaps cannot be read; "" where not even that is known."""
        self._insights = Insights(data / "messages.db")
        self._surfaces, self._trouble, self._channel_of = surfaces, trouble, channel_of
        self._looked_at = float("-inf")
        self.failing: Sequence[Failing] = ()
        """At the last look."""

    async def look(self) -> None:
        """Again, if the last look was a while ago. Raises StoreFailed."""
        now = time.monotonic()
        if now - self._looked_at > FRESH:
            self._looked_at = now
            self.failing = await asyncio.to_thread(self._insights.failing, time.time())

    def by_publication(self) -> Mapping[str, tuple[str, How]]:
        """The channel of each, and how it is."""
        unwell = {one.publication for one in self.failing}
        found: dict[str, tuple[str, How]] = {}
        for surface in self._surfaces.all():
            how: How = "well"
            if surface.publication.rests_since is not None:
                how = "paused"
            elif surface.id in unwell:
                how = "failing"
            elif self._trouble(surface.id) is not None:
                how = "troubled"
            found[surface.id] = surface.kind, how
        return found | {id: (self._channel_of(id), "dead") for id in self._surfaces.dead()}

    def counted(self) -> list[tuple[Sequence[str], float]]:
        """For /metrics: by channel and state."""
        return [(list(key), count) for key, count in Counter(self.by_publication().values()).items()]
