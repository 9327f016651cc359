"""The interface of the hot store's database: what is written in SQL stands once, and runs on each engine.

`work` functions are plain and synchronous; they run in the writer's or a reader's thread and depend on the
store alone, so that a database may run them again after it undid them.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

__all__ = [
    "Database",
    "Db",
    "Lane",
    "OfOne",
    "Outside",
    "Row",
    "Rows",
    "Signs",
    "Work",
    "instance_of",
    "is_leaving",
    "of_one",
    "unwatched",
]

T = TypeVar("T")


class Row(Protocol):
    """A row of an answer, by the names of its columns and by their places."""

    def __getitem__(self, key: Any, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def keys(self) -> Any: ...


class Rows(Protocol):
    """What a statement came to. `rowcount`: how many rows it changed."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Db(Protocol):
    """Inside a transaction, or for reading. SQL is what both engines understand, see `dialect`."""

    def execute(self, sql: str, parameters: Any = (), /) -> Rows: ...

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object: ...


def instance_of(db: Db) -> int | None:
    """Which of several instances asks; 0 for whoever is none, such as a command; None where the store is not
    shared, and nothing is asked about instances."""
    found: int | None = getattr(db, "instance", None)
    return found


def is_leaving(db: Db) -> bool:
    """That instance begins nothing new."""
    return bool(getattr(db, "leaves", False))


Work = Callable[[Db], T]


Lane = tuple[str, str]
"""Publication and sender: one person on one surface."""


@dataclass(frozen=True)
class OfOne(Generic[T]):
    """Work about one person alone, beside sums to which anybody adds. Where a round trip costs, it is done
    abreast with that of others: between two of its statements stand some of theirs."""

    lane: Lane
    work: Work[T]

    def __call__(self, db: Db) -> T:
        return self.work(db)


def of_one(lane: Lane | None, work: Work[T]) -> Work[T]:
    """None: whose it is was not told, and it is done by itself."""
    return OfOne(lane, work) if lane else work


Outside = Callable[[asyncio.Future[Any]], None]
"""Told of each write as it begins: a clock that jumps stands still until it is done."""


def unwatched(work: asyncio.Future[Any]) -> None:
    """Nobody asks what is done outside of the event loop."""


@dataclass(frozen=True)
class Signs:
    """What an instance says and hears in a thread of the store's: whatever is called from there returns at
    once. `statement` is a sign of life: no row, and it was given up."""

    instance: int
    channel: str
    statement: str
    every: float
    heard: Callable[[str], object]
    """What another told, and "" after each sign of life: something may have been told meanwhile."""
    lost: Callable[[], object]


class Database(Protocol):
    """Where messages are kept. Raises StoreFailed."""

    is_shared: ClassVar[bool]
    """Several instances of the program may work on what is in it at the same time."""
    instance: int
    """Ours, where it is shared; 0: none. Once another gave it up, nothing that it writes is kept: StoreFailed
    with the code "given_up"."""
    leaves: bool
    """It begins nothing new: what comes is others', where there are any."""

    async def write(self, work: Work[T], *, scrub: bool = False) -> T:
        """Run `work` in a transaction shared with others; return its result once it is durable.

        An error inside `work` undoes only `work`. `scrub`: what it deleted stands in no file any more.
        """

    def post(self, work: Work[T], *, scrub: bool = False) -> "asyncio.Future[T]":
        """Like write, for whoever need not wait. Done in the order of asking."""

    async def read(self, work: Work[T]) -> T:
        """Run a query beside the writer."""

    async def join(self, sql: str, name: str) -> None:
        """Be the instance whose number that statement returns. Until then we are what we were."""

    def give_signs(self, signs: Signs) -> Callable[[], None]:
        """From now on, where it is shared, until what is returned is called, which may block."""

    @property
    def schema(self) -> str:
        """A name of it, of small letters, digits and underscores; "" where it is not shared."""

    def check(self) -> None:
        """Raises StoreFailed when what is written now would be lost."""

    def close(self) -> None:
        """Finish what is queued and close. May block for as long as a commit takes."""
