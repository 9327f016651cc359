"""What a tool may have people reminded of, and what is promised of it."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol


class Reminder(NamedTuple):
    """`due`: seconds since 1970."""

    id: int
    text: str
    due: float


class Promise(NamedTuple):
    """A reminder that is set. `delivered`: then, as far as can be told now; or when they write again, since
    nobody can be written to there after `until` (seconds since 1970) unless they do before; or never."""

    id: int
    delivered: Literal["then", "when_they_write", "never"]
    until: float | None = None


class Reminders(Protocol):
    """Of the person for whom the turn is. Raises StoreFailed."""

    async def set(self, at: float, text: str, once: str) -> Promise | None:
        """Once for each `once`. None: there are as many as there may be."""
        ...

    async def all(self) -> Sequence[Reminder]: ...

    async def cancel(self, id: int) -> bool:
        """Whether there was one."""
        ...
