"""Access tokens: fetched once per account however many ask, renewed once when the platform refuses one."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from runtime.channels import Api, CanPush
from runtime.metrics import Metrics

RENEWED = 30
"""Seconds in which a refused token is replaced only once, however many report it."""

MARGIN = 300
"""Seconds before its end at which a token is replaced."""


@dataclass(frozen=True)
class _Held:
    value: str
    until: float
    refused: str
    """The token that it replaced because the platform refused it…"""
    renewed: float
    """…and when."""


class Tokens:
    """In memory: stable_token gives the same token again after a restart."""

    def __init__(self, metrics: Metrics, clock: Callable[[], float] = time.monotonic) -> None:
        self._metrics = metrics
        self._clock = clock
        self._held: dict[str, _Held] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, channel: CanPush, api: Api, stale: str = "") -> str:
        """A valid token other than `stale`. Raises SendFailed when the platform gives none."""
        async with self._locks[channel.account]:
            held = self._held.get(channel.account)
            if held is None or held.until <= self._clock() or self._is_refused(held, stale):
                self._metrics.tokens.inc()
                token = await channel.fetch_token(api)
                # a life shorter than the margin must not make every call fetch
                life = max(token.expires_in - MARGIN, token.expires_in / 2, 1)
                held = self._held[channel.account] = _Held(
                    token.value, self._clock() + life, stale, self._clock()
                )
            return held.value

    def _is_refused(self, held: _Held, stale: str) -> bool:
        """stable_token may give the refused token again: who comes late must not fetch it once more."""
        just_renewed = held.refused == stale and self._clock() - held.renewed < RENEWED
        return held.value == stale and not just_renewed
