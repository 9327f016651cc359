"""Who is connected: a session that ends, in whatever process, ends its connections within seconds."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from runtime.access.access_tokens import EXPIRED
from runtime.errors import HongyanError, Refused, StoreFailed, TooMany
from runtime.lang import Text
from runtime.server.people.people import Person, over
from runtime.store.messages.families import Families

EVERY = 2.0
"""Seconds between two looks, which are one question for all of them."""
OF_A_PERSON = 5
WAIT = 30.0
"""Seconds after which one whose other end is gone was noticed."""
FULL = Text(
    "同一个人最多开 {most} 个连接，请先关掉一个。",
    "One person may have {most} connections at most; close one of them.",
)

End = Callable[[HongyanError], None]


@dataclass(eq=False)
class Line:
    """One connection, and what ends it."""

    person: Person
    end: End


class Connected:
    """One task looks after all, and only while there are some."""

    def __init__(
        self, families: Families, clock: Callable[[], float] = time.time, every: float = EVERY
    ) -> None:
        self._families, self._clock, self._every = families, clock, every
        self._lines: set[Line] = set()
        self._of = Counter[tuple[str, str]]()
        self._watching: asyncio.Task[None] | None = None

    @contextmanager
    def line(self, person: Person, end: End) -> Iterator[None]:
        """While it lasts. Raises TooMany."""
        whose, line = (person.publication, person.sender), Line(person, end)
        if self._of[whose] >= OF_A_PERSON:
            raise TooMany(FULL.fill(most=OF_A_PERSON), WAIT)
        self._of[whose] += 1
        self._lines.add(line)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.ensure_future(self._watch())
        try:
            yield
        finally:
            self._lines.discard(line)
            self._of[whose] -= 1
            if not self._of[whose]:
                del self._of[whose]

    async def _watch(self) -> None:
        while self._lines:
            await asyncio.sleep(self._every)
            with suppress(StoreFailed):  # looked at again
                await self._look()

    async def _look(self) -> None:
        now, lines = self._clock(), list(self._lines)  # others may come meanwhile
        living = await self._families.living({one.person.family for one in lines}, now)
        for line in lines:
            if line.person.family not in living:
                line.end(over())
            elif line.person.until <= now:
                line.end(Refused(EXPIRED, code="token_expired"))
