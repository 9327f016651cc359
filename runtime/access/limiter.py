"""Bound how often something may be tried."""

import ipaddress
from collections import deque

from runtime.newest import Newest

LIMIT = 10
WINDOW = 15 * 60
"""Seconds."""
MOST_NAMES = 10_000


class Limiter:
    """At most `limit` failures a `window` for each name. In memory: a restart forgives everybody."""

    def __init__(self, limit: int = LIMIT, window: float = WINDOW) -> None:
        self._limit = limit
        self._window = window
        self._failures = Newest[str, deque[float]](MOST_NAMES)

    def wait(self, name: str, now: float) -> float:
        """Seconds until another try is allowed; 0 when it is now. `now` in seconds."""
        failures = self._recent(name, now)
        return failures[0] + self._window - now if len(failures) >= self._limit else 0

    def count(self, name: str, now: float) -> None:
        """Count a try as failed, before its outcome is known, so that tries side by side are bounded too."""
        self._failures.setdefault(name, deque(maxlen=self._limit)).append(now)

    def forgive(self, name: str) -> None:
        """It went well: forget the failures."""
        self._failures.pop(name, None)

    def _recent(self, name: str, now: float) -> deque[float]:
        failures = self._failures.get(name, deque())
        while failures and failures[0] <= now - self._window:
            failures.popleft()
        return failures


def address_of(client: tuple[str, int] | None) -> str:
    """What to count by: the address, for IPv6 its /64 network, which one person has whole."""
    host = client[0] if client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False))
