"""Answers that may be given again: in memory, and in what lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from runtime.newest import Newest

MOST = 2_000
"""Answers that are held in memory."""
COMPARED = 50
"""Newest questions of one prompt to which a question is compared."""


@dataclass(frozen=True)
class Kept:
    """`answer`: as JSON; `meaning`: see knowledge.search.found.Searches, b"" when nobody told."""

    key: str
    group: str
    question: str
    meaning: bytes
    answer: str


class Store(Protocol):
    """What lasts. Raises StoreFailed."""

    async def find(self, key: str, now: float) -> str | None: ...

    async def holds(self, key: str, now: float) -> bool: ...

    async def alike(self, group: str, now: float, most: int) -> Sequence[tuple[str, bytes, str]]:
        """Questions, meanings and answers, the newest first."""
        ...

    async def keep(
        self, key: str, group: str, words: tuple[str, bytes, str], seq: int | None, now: float, until: float
    ) -> None:
        """`words`: question, meaning and answer. `seq`: of the message whose words they are."""
        ...


class AnswerCache:
    """Two levels: memory, and the store, which may come later.

    The store says each time whether an answer may still be given: by now its time is over, or whoever asked
    was forgotten, maybe by another process.
    """

    def __init__(self, store: Store | None = None) -> None:
        self.store = store
        self._held = Newest[str, str](MOST)

    async def find(self, key: str, now: float) -> str | None:
        if self.store is None:
            return None
        if key in self._held and await self.store.holds(key, now):
            return self._held.get(key)
        self._held.pop(key, None)
        found = await self.store.find(key, now)
        if found is not None:
            self._held[key] = found
        return found

    async def alike(self, group: str, now: float) -> Sequence[tuple[str, bytes, str]]:
        return await self.store.alike(group, now, COMPARED) if self.store else ()

    async def keep(self, kept: Kept, seq: int | None, now: float, until: float) -> None:
        if self.store:
            await self.store.keep(
                kept.key, kept.group, (kept.question, kept.meaning, kept.answer), seq, now, until
            )
            self._held[kept.key] = kept.answer
