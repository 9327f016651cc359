"""Homes of every version of the tables, as the program of that version backed them up, and brought forward.

`samples/homes` has a backup a version: an agent, an endpoint with a key, a message that was answered and one
that was not. Whoever adds a step adds the backup of a home of the version before, made by `app.py backup`.
"""

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from runtime.errors import StoreFailed
from runtime.store.control.control import Control
from runtime.store.messages.messages import Messages
from runtime.store.messages.restored import Restored
from runtime.store.messages.tables import TABLES
from runtime.store.opening import columns_of
from runtime.store.put_back import put_back

pytestmark = pytest.mark.of_files
HOMES = sorted((Path(__file__).parents[2] / "samples" / "homes").glob("version_*.tar.gz"))
ROWS = [("ann", "有红茶吗", "有的", "silent"), ("bob", "几点开门", None, "restored")]


def number(home):
    return int(home.name.removeprefix("version_").partition(".")[0])


def version_in(file):
    with tarfile.open(file) as tar:
        return int.from_bytes(tar.extractfile("data/messages.db").read(64)[60:64], "big")


def columns(path):
    with closing(sqlite3.connect(path)) as db:
        return columns_of(db), db.execute("pragma user_version").fetchone()[0]


def test_every_older_version_is_kept():
    assert [number(home) for home in HOMES] == [version_in(home) for home in HOMES]
    assert {number(home) for home in HOMES} >= set(range(1, TABLES.version))


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    """The tables of a home that never was older."""
    path = tmp_path_factory.mktemp("new") / "messages.db"
    Messages(path).close()
    return columns(path)


@pytest.mark.parametrize("file", HOMES, ids=number)
async def test_an_older_home_is_brought_forward_and_read(file, tmp_path, new):
    assert put_back(tmp_path, file, 9).unfinished == 1
    path = tmp_path / "data" / "messages.db"
    assert columns(path) == new
    with closing(sqlite3.connect(path)) as db:
        sql = "select sender, text, reply, state from messages order by seq"
        assert db.execute(sql).fetchall() == ROWS
    with closing(Messages(path)) as messages:
        assert [one.reply for one in await messages.history("p", "ann", 10, 5)] == ["有的"]
    assert Restored(path).release() == 1
    endpoint = Control.in_folder(tmp_path / "data").find("ds")
    assert endpoint.api_key.get_secret_value() == "sk-sample-0123456789"


def test_an_older_program_is_not_let_at_newer_tables(tmp_path):
    """So the way back is the backup from before, which still is of the older version."""
    file = HOMES[-1]
    with tarfile.open(file) as tar:
        tar.extract("data/messages.db", tmp_path, filter="data")
    with closing(sqlite3.connect(tmp_path / "data/messages.db")) as db:
        db.execute(f"pragma user_version={TABLES.version + 1}")
    with pytest.raises(StoreFailed, match="newer version"):
        Messages(tmp_path / "data/messages.db")
    put_back(tmp_path / "home", file, 9)
    assert version_in(file) <= TABLES.version
