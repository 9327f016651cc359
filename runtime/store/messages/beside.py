"""One step in messages.db by another process than the gateway's."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from runtime.store.messages.tables import TABLES
from runtime.store.opening import connect, failed, open_store


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Raises StoreFailed."""
    try:
        uri = f"file:{quote(str(path))}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=2)) as db:
            db.row_factory = sqlite3.Row
            yield db
    except sqlite3.Error as e:
        raise failed(path, e) from e


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Durable once it is left. Makes the file where there is none. Raises StoreFailed."""
    try:
        with closing(connect(path) if path.exists() else open_store(path, TABLES)) as db:
            db.execute("begin immediate")
            yield db
            db.execute("commit")
    except sqlite3.Error as e:
        raise failed(path, e) from e
