"""Who hears what, in this process."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from runtime.store.vanishing import Name

BEHIND = 1_000
"""Messages that wait for one who hears; then the oldest goes."""


@dataclass(frozen=True, eq=False)
class Ear:
    """What one hears; it never ends by itself."""

    waiting: "asyncio.Queue[bytes]" = field(default_factory=lambda: asyncio.Queue(BEHIND))

    def take(self, message: bytes) -> None:
        if self.waiting.full():
            self.waiting.get_nowait()
        self.waiting.put_nowait(message)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        return await self.waiting.get()


class Ears:
    def __init__(self) -> None:
        self._by_name: dict[Name, list[Ear]] = {}

    @property
    def names(self) -> Iterable[Name]:
        return self._by_name.keys()

    def add(self, name: Name) -> Ear:
        ear = Ear()
        self._by_name.setdefault(name, []).append(ear)
        return ear

    def remove(self, name: Name, ear: Ear) -> None:
        self._by_name[name].remove(ear)
        if not self._by_name[name]:
            del self._by_name[name]

    def heard(self, name: Name, message: bytes) -> None:
        for ear in self._by_name.get(name, ()):
            ear.take(message)
