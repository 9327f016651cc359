"""Where messages are kept: the one place that chooses."""

import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from runtime.store.database import Database, Db, Outside
from runtime.store.database.moving import Movable
from runtime.store.database.postgres_url import VARIABLE, read
from runtime.store.database.sqlite_file import SqliteFile
from runtime.store.database.sqlite_moving import SqliteMovable
from runtime.store.opening import Tables


class Place(Protocol):
    """Raises StoreFailed."""

    def is_there(self) -> bool:
        """Whether anything was ever kept there."""

    def open(self, tables: Tables, outside: Outside) -> Database:
        """Made where there is none, brought forward where it is older."""

    def reading(self) -> AbstractContextManager[Db]:
        """For a look from beside; may block for up to 2 s."""

    def looking(self, seconds: float) -> AbstractContextManager[Db]:
        """For so long at most. Raises TooSlow and Unreadable instead."""

    def writing(self, tables: Tables, *, scrub: bool) -> AbstractContextManager[Db]:
        """One step from beside, durable once it is left."""

    def write_anew(self) -> None:
        """All of it, so that nothing that was deleted stands in any file of it. Others wait meanwhile."""


def place_of(path: Path) -> Place:
    """`path`: of the file that holds the messages of a home, where a file does. Raises BadSettings."""
    if not (url := url_of(path)):
        return SqliteFile(path)
    from runtime.store.database.postgres_schema import PostgresSchema

    return PostgresSchema(read(url))


def movable_at(url: str, path: Path) -> Movable:
    """`url`: of a database; "" for that file. Raises BadSettings."""
    if not url:
        return SqliteMovable(path)
    from runtime.store.database.postgres_moving import PostgresMovable

    return PostgresMovable(read(url))


def url_of(path: Path) -> str:
    """Of the database that holds them instead of that file; "" for none."""
    return os.environ.get(VARIABLE, "")
