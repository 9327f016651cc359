"""What is large is read into memory by few at one moment, and fewer of one sender; of others nothing is read
before it is their turn. Else whoever sends many halves of files, and no end of any, has all the memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from runtime.errors import TooMany
from runtime.lang import Text

OF_ALL, OF_ONE = 16, 4
WAITING = 60
"""Of one sender, behind those…"""
PATIENCE = 60.0
"""…for so many seconds."""
AGAIN = 10.0
CROWDED = Text(
    "这里正在收的文件太多，请过一会儿再发。", "Too many files are being sent just now; send it again later."
)


@dataclass
class _Sender:
    turns: asyncio.Semaphore
    here: int = 0
    """That read or wait."""


class LargeBodies:
    """`patience`: seconds."""

    def __init__(self, of_all: int = OF_ALL, of_one: int = OF_ONE, patience: float = PATIENCE) -> None:
        self._all, self._of_one, self._patience = asyncio.Semaphore(of_all), of_one, patience
        self._senders: dict[str, _Sender] = {}

    @asynccontextmanager
    async def turn(self, sender: str) -> AsyncIterator[None]:
        """Raises TooMany."""
        one = self._senders.setdefault(sender, _Sender(asyncio.Semaphore(self._of_one)))
        if one.here >= self._of_one + WAITING:
            raise TooMany(CROWDED, AGAIN)
        one.here += 1
        try:
            async with AsyncExitStack() as held:
                await self._begun(held, one)
                yield
        finally:
            one.here -= 1
            if not one.here:
                del self._senders[sender]

    async def _begun(self, held: AsyncExitStack, one: _Sender) -> None:
        """Raises TooMany."""
        try:
            async with asyncio.timeout(self._patience):
                await held.enter_async_context(one.turns)
                await held.enter_async_context(self._all)
        except TimeoutError:
            raise TooMany(CROWDED, AGAIN) from None
