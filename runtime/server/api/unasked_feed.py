"""What a conversation comes to without being asked, for whoever stays connected."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import Any

from runtime.choices import read
from runtime.errors import StoreFailed
from runtime.gateway.gateway import Gateway
from runtime.gateway.unasked import came_to
from runtime.store.messages.unasked import MOST, Unasked, UnaskedRows
from runtime.store.vanishing import Vanishing

LOOK = 30.0
"""Seconds after which it is looked although nobody said that there is something."""


class UnaskedFeed:
    def __init__(self, rows: UnaskedRows, vanishing: Vanishing, look: float = LOOK) -> None:
        self._rows, self._vanishing, self._look = rows, vanishing, look

    @classmethod
    def of(cls, gateway: Gateway) -> "UnaskedFeed":
        return cls(UnaskedRows(gateway.messages.database), gateway.vanishing)

    async def follow(self, publication: str, sender: str, after: int) -> AsyncGenerator[dict[str, Any], None]:
        """Behind message `after`, each as it comes."""
        async with self._vanishing.hear(came_to(publication, sender)) as ear:
            while True:
                found: list[Unasked] = []
                with suppress(StoreFailed):  # looked at again
                    found, _ = await self._rows.after(publication, sender, after)
                for one in found:
                    after = one.seq
                    yield shown(one)
                if len(found) < MOST:
                    await _heard(ear, self._look)


async def _heard(ear: AsyncIterator[bytes], seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await anext(ear)


def shown(one: Unasked) -> dict[str, Any]:
    text, choices = read(one.reply)
    offered = {"choices": [vars(choice) for choice in choices]} if choices else {}
    failed = {"failure": one.failure} if one.failure else {}
    return {"id": one.seq, "reply": text, "at": one.at, **offered, **failed}
