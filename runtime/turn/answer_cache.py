"""Answers that may be given again: in memory, and in what lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from runtime.newest import Newest

MOST = 2_000
"""Answers that are held in memory…"""
FRESH = 60.0
"""…for so many seconds; then the store is asked, where somebody may have been forgotten meanwhile."""
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

    async def alike(self, group: str, now: float, most: int) -> Sequence[tuple[str, bytes, str]]:
        """Questions, meanings and answers, the newest first."""
        ...

    async def keep(
        self, key: str, group: str, words: tuple[str, bytes, str], seq: int | None, now: float, until: float
    ) -> None:
        """`words`: question, meaning and answer. `seq`: of the message whose words they are."""
        ...


class AnswerCache:
    """Two levels: memory, and the store, which may come later."""

    def __init__(self, store: Store | None = None) -> None:
        self.store = store
        self._held = Newest[str, tuple[float, str]](MOST)

    async def find(self, key: str, now: float) -> str | None:
        until, known = self._held.get(key, (0.0, ""))
        if now < until <= now + FRESH:
            return known
        found = await self.store.find(key, now) if self.store else None
        if found is not None:
            self._held[key] = now + FRESH, found
        return found

    async def alike(self, group: str, now: float) -> Sequence[tuple[str, bytes, str]]:
        return await self.store.alike(group, now, COMPARED) if self.store else ()

    async def keep(self, kept: Kept, seq: int | None, now: float, until: float) -> None:
        if self.store:
            await self.store.keep(
                kept.key, kept.group, (kept.question, kept.meaning, kept.answer), seq, now, until
            )
            self._held[kept.key] = now + FRESH, kept.answer

    def forget(self) -> None:
        """Nothing is held in memory any more: somebody was forgotten."""
        self._held.clear()
