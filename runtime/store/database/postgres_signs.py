"""Signs of life of one program on a database, and what the others tell it.

In a thread with a connection of its own: neither waits for what is being written, nor for a busy event loop.
"""

import asyncio
import logging
import threading
from contextlib import suppress

from runtime.errors import StoreFailed
from runtime.store.database import Signs
from runtime.store.database.dialect import translated
from runtime.store.database.postgres_failed import RAISED, failed
from runtime.store.database.postgres_opening import listening
from runtime.store.database.postgres_url import Url

log = logging.getLogger(__name__)

ANSWER = 2.0
"""Seconds that a sign gets to be written."""
REST = 0.5
"""Seconds before a connection is looked for again."""


class PostgresSigns:
    def __init__(self, url: Url, signs: Signs) -> None:
        self._url, self._signs = url, signs
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name=f"signs {url.schema}", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """May block for as long as a statement takes."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._give())
        finally:
            self._loop.close()

    async def _give(self) -> None:
        is_ours = True
        while is_ours and not self._over.is_set():
            try:
                is_ours = await self._while_connected()
            except StoreFailed as e:
                log.error("no sign of life can be given: %s", e.text.en)
            except RAISED as e:
                log.error("no sign of life can be given: %s", failed(self._url, e).text.en)
            await self._rest(REST)

    async def _while_connected(self) -> bool:
        """Whether there is anything to give signs of."""
        signs = self._signs
        connection = await listening(self._url, signs.channel, signs.heard)
        try:
            sql, _ = translated(signs.statement)
            while not self._over.is_set() and not connection.is_closed():
                if await connection.fetchval(sql, signs.instance, timeout=ANSWER) is None:
                    signs.lost()
                    return False
                signs.heard("")
                await self._rest(signs.every)
            return True
        finally:
            connection.terminate()

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), seconds)
