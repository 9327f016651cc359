"""Access tokens: fetched once per account however many ask, renewed once when the platform refuses one."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from runtime.channels import AccessToken, AsksPlatform, Authenticates
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.metrics.metrics import Metrics
from runtime.newest import Newest

log = logging.getLogger(__name__)

RENEWED = 30
"""Seconds in which a refused token is replaced only once, however many report it."""

MARGIN = 300
"""Seconds before its end at which a token is replaced."""

ACCOUNTS = 1000
"""That are remembered."""

NO_TOKEN = "token"
"""Code: no access token came, in a way that tells nothing of the account; so nothing was sent."""


Account = tuple[type[AsksPlatform], str, str]


def account(channel: AsksPlatform) -> Account:
    """One account among those of all channels: two of these may name theirs alike.

    Of two publications of one account one may have another secret: what comes of that is its own.
    """
    asked = channel.token_request() if isinstance(channel, Authenticates) else None
    proof = hashlib.sha256(repr((asked.path, asked.body, asked.query)).encode()).hexdigest() if asked else ""
    return type(channel), channel.account, proof


@dataclass(frozen=True)
class _Held:
    value: str
    until: float
    refused: str
    """The token that it replaced because the platform refused it…"""
    renewed: float
    """…and when."""


@dataclass
class _Account:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    held: _Held | None = None
    failures: int = 0
    failed: SendFailed | None = None
    """The newest of them."""


class Tokens:
    """In memory: a restart costs one fetch."""

    def __init__(self, metrics: Metrics, clock: Callable[[], float] = time.monotonic) -> None:
        self._metrics = metrics
        self._clock = clock
        self._accounts = Newest[Account, _Account](ACCOUNTS)

    def has(self, channel: Authenticates) -> bool:
        """Whether a token is at hand, so that `get` does not wait."""
        held = self._accounts.of(account(channel), _Account).held
        return held is not None and held.until > self._clock()

    async def get(
        self, channel: Authenticates, fetch: Callable[[], Awaitable[AccessToken]], stale: str = ""
    ) -> str:
        """A valid token other than `stale`. Raises SendFailed when the platform gives none.

        Who waits for a fetch that fails shares its failure.
        """
        mine = self._accounts.of(account(channel), _Account)
        before = mine.failures
        async with mine.lock:
            held = mine.held
            if held is not None and held.until > self._clock() and not self._is_refused(held, stale):
                return held.value
            if mine.failed and mine.failures > before:
                raise mine.failed
            self._metrics.tokens.inc()
            try:
                token = await fetch()
            except Exception as e:  # noqa: BLE001 # whatever an answer from outside causes, nothing was sent
                mine.failures += 1
                mine.failed = error = _failed(e)
                raise error from None
            # a life shorter than the margin must not make every call fetch
            life = max(token.expires_in - MARGIN, token.expires_in / 2, 1)
            mine.held = _Held(token.value, self._clock() + life, stale, self._clock())
            return token.value

    def _is_refused(self, held: _Held, stale: str) -> bool:
        """The platform may give the refused token again: who comes late must not fetch it once more."""
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
    text = Text("取不到访问令牌：{why}", "No access token: {why}").fill(why=why)
    return SendFailed(text, code=NO_TOKEN)
