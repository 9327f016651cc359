"""Two programs that start on one home in the same moment, as the pages and a gateway do after an update."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from older_tables import LATE
from runtime.store.messages.tables import TABLES
from runtime.store.opening import identity, open_store

pytestmark = pytest.mark.of_files


@pytest.mark.parametrize("is_new", [True, False], ids=["new", "older"])
def test_whoever_comes_second_waits_for_the_steps_of_the_first(tmp_path, is_new):
    together = threading.Barrier(4)

    def opened(path):
        together.wait()
        with closing(open_store(path, TABLES)) as db:
            return identity(db), db.execute("pragma user_version").fetchone()[0]

    for number in range(8):
        path = tmp_path / f"{number}.db"
        if not is_new:
            open_store(path, TABLES).close()
            with closing(sqlite3.connect(path)) as db:
                db.executescript(f"{LATE} pragma user_version=21;")
        with ThreadPoolExecutor(4) as threads:
            [(_, version)] = set(threads.map(opened, [path] * 4))
        assert version == TABLES.version
