"""While an owner changes a token or key here and there, the platform's calls are taken by either."""

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

    def __init__(self) -> None:
        self._proved = Newest[str, float](PUBLICATIONS)
        """When the platform first used what is new, by publication."""

    def receive(self, surface: Surface, request: WebRequest, now: float) -> tuple[Receives, Arrivals] | None:
        """What the request brings by what was before; None when that is over, or refuses it too."""
        since, channel = surface.publication.former_at, surface.former
        if channel is None or since is None or now - since > DAY:
            return None
        proved = self._proved.get(surface.id, 0.0)
        if proved >= since and now - proved > REPEATS:
            return None
        try:
            return channel, channel.receive(request, now)
        except Refused:
            return None

    def proved(self, surface: Surface, arrivals: Arrivals, now: float) -> None:
        """The platform used what is new."""
        response = arrivals.response
        if isinstance(response, Verified) and response.mark.startswith(OURS):
            return
        since = surface.publication.former_at
        if since is not None and self._proved.get(surface.id, 0.0) < since:
            self._proved[surface.id] = now
