"""What may vanish: held for a time, counted in a window, said to whoever listens just now.

In memory for one process, and what is held in a folder for all on one home; in Redis, Valkey or PostgreSQL
for several that share it. Losing all of it costs speed or a moment's exactness, never a message: what cannot
be asked counts as not there, and what is counted is counted by each process for itself meanwhile.
"""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from runtime.lang import Text

__all__ = ["LARGEST", "NOTHING", "ONCE", "Counted", "Name", "Share", "Vanishing", "hashed"]

Name = tuple[str, ...]
"""A kind, and whatever parts tell one from the others, e.g. ids as they came from outside."""

LARGEST = 64 * 1024
"""Bytes of a value or of what is said; what is larger is not held and not said."""
ONCE = 300.0
"""Seconds."""


@dataclass(frozen=True)
class Counted:
    """In a window that began with the first. `left`: seconds until it ends, 0 when none is open."""

    amount: int
    left: float


NOTHING = Counted(0, 0.0)


class Share(NamedTuple):
    """`size` of `most` per `seconds`; more than `most` at once are never there. See pace.Pace."""

    name: Name
    most: int
    seconds: float
    size: int = 1

    @property
    def apart(self) -> float:
        """Seconds after which as much is there again."""
        return self.seconds * self.size / self.most


class Vanishing(Protocol):
    """Raises nothing. Seconds are at least 0.001."""

    @property
    def trouble(self) -> Text | None:
        """Why everything counts as not there just now."""

    async def get(self, name: Name) -> bytes | None: ...

    async def put(self, name: Name, value: bytes, seconds: float) -> None:
        """Hold it for so long, instead of what was held."""

    async def drop(self, name: Name) -> None:
        """Of what is held or counted."""

    async def count(self, name: Name, seconds: float, amount: int = 1) -> Counted:
        """Add to its window, which the first opens for so long; an amount of 0 only looks."""

    async def take(self, *shares: Share, once: Name = ()) -> float:
        """Take one after the other, until one is not there: the seconds until it is, 0 when all were.

        `once`: whoever asks again under that name within ONCE gets the same answer, and nothing is taken.
        """

    async def say(self, name: Name, message: bytes) -> None:
        """To all who hear that name just now, in every process."""

    def hear(self, name: Name) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """What is said from now on, in order. Who is slow misses the oldest, and whatever is said meanwhile
        when the server is gone."""

    def start(self) -> None:
        """In the event loop in which it is used."""

    async def close(self) -> None: ...


def hashed(name: Name) -> str:
    """As a server is told it: short, never equal for others, and nobody's own name stands in it."""
    digest = hashlib.blake2b(json.dumps(name[1:]).encode(), digest_size=16).hexdigest()
    return f"{name[0]}:{digest}"
