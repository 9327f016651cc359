"""Messages, read and changed beside a running gateway. Raises StoreFailed."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

from runtime.errors import StoreFailed
from runtime.store.database import Db, Work
from runtime.store.database.place import place_of
from runtime.store.messages.tables import TABLES
from runtime.store.sealing.sealed_database import seen

T = TypeVar("T")


def is_there(path: Path) -> bool:
    """Whether there were messages ever."""
    return place_of(path).is_there()


def reading(path: Path) -> AbstractContextManager[Db]:
    return seen(path, place_of(path).reading())


def looking(path: Path, seconds: float) -> AbstractContextManager[Db]:
    """For so long at most. Raises TooSlow and Unreadable."""
    return seen(path, place_of(path).looking(seconds))


@contextmanager
def writing(path: Path, *, scrub: bool = False) -> Iterator[Db]:
    """Durable once it is left. Makes the store where there is none. `scrub`: see Database.write."""
    with seen(path, place_of(path).writing(TABLES, scrub=scrub)) as db:
        yield db


def write_anew(path: Path) -> None:
    """See Place.write_anew. It needs as much room as the messages have."""
    if is_there(path):
        place_of(path).write_anew()


def look(path: Path, work: Work[T], nothing: T) -> T:
    """What `work` finds; `nothing` where there are no messages, or those of an older version only."""
    if not is_there(path):
        return nothing
    try:
        with reading(path) as db:
            return work(db)
    except StoreFailed as e:
        if e.code == "tables":
            return nothing
        raise
