"""Access tokens: fetched once per account however many ask, renewed once when the platform refuses one."""

import asyncio
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from runtime.channels import Api, CanPush
from runtime.errors import SendFailed
from runtime.gateway.metrics import Metrics
from runtime.lang import Text

log = logging.getLogger(__name__)

RENEWED = 30
"""Seconds in which a refused token is replaced only once, however many report it."""

MARGIN = 300
"""Seconds before its end at which a token is replaced."""

NO_TOKEN = "token"
"""Code: no access token came, in a way that tells nothing of the account; so nothing was sent."""


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
        self._failures: Counter[str] = Counter()
        self._failed: dict[str, SendFailed] = {}
        """The newest failure of each account."""

    def has(self, channel: CanPush) -> bool:
        """Whether a token is at hand, so that `get` does not wait."""
        held = self._held.get(channel.account)
        return held is not None and held.until > self._clock()

    async def get(self, channel: CanPush, api: Api, stale: str = "") -> str:
        """A valid token other than `stale`. Raises SendFailed when the platform gives none.

        Who waits for a fetch that fails shares its failure.
        """
        account, before = channel.account, self._failures[channel.account]
        async with self._locks[account]:
            held = self._held.get(account)
            if held is not None and held.until > self._clock() and not self._is_refused(held, stale):
                return held.value
            if self._failures[account] > before:
                raise self._failed[account]
            self._metrics.tokens.inc()
            try:
                token = await channel.fetch_token(api)
            except Exception as e:  # noqa: BLE001 # whatever an answer from outside causes, nothing was sent
                self._failures[account] += 1
                self._failed[account] = error = _failed(e)
                raise error from None
            # a life shorter than the margin must not make every call fetch
            life = max(token.expires_in - MARGIN, token.expires_in / 2, 1)
            self._held[account] = _Held(token.value, self._clock() + life, stale, self._clock())
            return token.value

    def _is_refused(self, held: _Held, stale: str) -> bool:
        """stable_token may give the refused token again: who comes late must not fetch it once more."""
        just_renewed = held.refused == stale and self._clock() - held.renewed < RENEWED
        return held.value == stale and not just_renewed


def _failed(error: Exception) -> SendFailed:
    """Of the platform's codes those stay that say something of the account."""
    if not isinstance(error, SendFailed):
        log.error("an access token cannot be fetched", exc_info=error)
        why = Text("回应无法识别。", "The answer is unreadable.")
    elif error.code not in ("uncertain", "unreadable"):
        return error
    else:
        why = error.text
    text = Text(f"取不到 access_token：{why.zh}", f"No access token: {why.en}")
    return SendFailed(text, code=NO_TOKEN)
