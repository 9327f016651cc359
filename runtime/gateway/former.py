"""While an owner changes a token or key here and there, the platform's calls are taken by either."""

import time
from collections.abc import Callable

from runtime.channels import Arrivals, Receives, Verified, WebRequest
from runtime.errors import Refused
from runtime.gateway.surfaces import Surface
from runtime.newest import Newest

DAY = 24 * 3600.0
"""Seconds that the owner has to change it there."""
REPEATS = 15 * 60.0
"""…and that repeats of older calls may come after the platform used what is new."""
PUBLICATIONS = 1000
"""That are remembered."""
OURS = "hongyan-self-test-"
"""How the mark of our own check begins: it proves nothing about the platform."""


class Former:
    """Forgotten by a restart: then the day is waited for."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        """`steady`: in seconds, a clock that nobody sets."""
        self._steady = steady
        self._ends = Newest[tuple[str, float], float](PUBLICATIONS)
        """By publication and change, until when the old counts, by the steady clock."""
        self._proved = Newest[str, float](PUBLICATIONS)
        """The newest change that the platform is known to use, by publication."""

    def receive(self, surface: Surface, request: WebRequest, now: float) -> tuple[Receives, Arrivals] | None:
        """What the request brings by what was before; None when that is over, or refuses it too."""
        channel = surface.former
        if channel is None or self._steady() > self._end(surface, now):
            return None
        try:
            return channel, channel.receive(request, now)
        except Refused:
            return None

    def proved(self, surface: Surface, arrivals: Arrivals, now: float) -> None:
        """The platform used what is new."""
        response, since = arrivals.response, surface.publication.former_at
        if isinstance(response, Verified) and response.mark.startswith(OURS):
            return
        if since is not None and self._proved.get(surface.id) != since:
            self._proved[surface.id] = since
            end = min(self._end(surface, now), self._steady() + REPEATS)
            self._ends[surface.id, since] = end

    def _end(self, surface: Surface, now: float) -> float:
        """The wall clock tells once how much of the day is left: later it may be set."""
        since = surface.publication.former_at
        if since is None:
            return float("-inf")
        left = min(DAY, max(0.0, since + DAY - now))
        return self._ends.of((surface.id, since), lambda: self._steady() + left)
