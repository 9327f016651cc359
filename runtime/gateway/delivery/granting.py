"""Access tokens that hang on something kept: one process asks at a time; what comes is stored before use."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from runtime.channels import AccessToken, ApiRequest, Granted
from runtime.channels._consenting import Fresh
from runtime.errors import NotSaved, SendFailed
from runtime.gateway.delivery.tokens import MARGIN, NO_TOKEN
from runtime.gateway.grants import Grants, Lock
from runtime.lang import Text

LOOK = 0.1
"""Seconds between two looks whether another process is done."""
LONGEST = 60.0
"""…until it is believed to hang."""
BUSY = Text("另一个进程正在取访问令牌，请稍后再试。", "Another process fetches the token; try again later.")

log = logging.getLogger(__name__)


class Granting:
    """`clock`: seconds since 1970."""

    def __init__(self, grants: Grants, clock: Callable[[], float] = time.time) -> None:
        self.grants = grants
        self._clock = clock

    async def token(
        self, channel: Granted, stale: str, ask: Callable[[ApiRequest], Awaitable[Fresh]]
    ) -> AccessToken:
        """The one that any process got, unless it is `stale` or ends soon; else a new one.

        Raises SendFailed.
        """
        name = channel.kept_as
        async with self._alone(name):
            value, until = await asyncio.to_thread(self.grants.token, name)
            left = until - self._clock()
            if value and value != stale and left > MARGIN:
                return AccessToken(value, left)
            kept = await asyncio.to_thread(self.grants.kept, name)
            try:
                fresh = await ask(channel.fresh_request(kept))
            except SendFailed as e:
                if e.code in channel.codes.lost:
                    await asyncio.to_thread(self.over, name, e)
                raise
            await asyncio.to_thread(self.keep, name, fresh)
            return fresh.token

    def keep(self, name: str, fresh: Fresh) -> None:
        """On the disk, before anybody uses it."""
        now, token = self._clock(), fresh.token
        self.grants.keep(name, fresh.kept, now, token=token.value, until=now + token.expires_in)

    def over(self, name: str, error: SendFailed) -> None:
        """Nothing comes of what is kept any more."""
        if self.grants.find(name).over_at is None:
            self.grants.change(name, over_at=self._clock(), trouble=error.text.by_language())

    @asynccontextmanager
    async def _alone(self, name: str) -> AsyncIterator[None]:
        lock, waited = self.grants.lock(name), 0.0
        while not await self._is_ours(lock):
            if waited > LONGEST:
                raise SendFailed(BUSY, code=NO_TOKEN)
            await asyncio.sleep(LOOK)
            waited += LOOK
        try:
            yield
        finally:
            await asyncio.to_thread(lock.give_back)

    async def _is_ours(self, lock: Lock) -> bool:
        """Raises SendFailed."""
        try:
            return await asyncio.to_thread(lock.take)
        except NotSaved as e:  # what comes could not be kept either
            raise SendFailed(e.text, code=NO_TOKEN) from e
