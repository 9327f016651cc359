"""Looks into PostgreSQL from beside whoever writes to it."""

import pytest

from runtime.errors import StoreFailed
from runtime.store.database import postgres_beside
from runtime.store.database.postgres_beside import looking
from runtime.store.database.postgres_url import read

PID = "select pg_backend_pid() as pid"


@pytest.fixture
def url(postgresql):
    return read(postgresql.url("public"))


def pid(url):
    with looking(url, 5) as db:
        return db.execute(PID).fetchone()["pid"]


def asked_wrongly(url):
    with looking(url, 5) as db:
        db.execute("select 1/0")


def test_a_look_that_follows_soon_takes_the_connection_of_the_one_before(url, monkeypatch):
    first = pid(url)
    assert pid(url) == first
    with looking(url, 5) as db:
        assert pid(url) not in (first, db.execute(PID).fetchone()["pid"])  # two at a time take two

    with looking(url, 5) as db, looking(url, 5) as other:
        gone = [one.execute(PID).fetchone()["pid"] for one in (db, other)]
        db.execute("select pg_terminate_backend(?::int)", (gone[1],))
    assert pid(url) not in gone[1:]  # the server ended it

    last = pid(url)
    with pytest.raises(StoreFailed):
        asked_wrongly(url)
    assert pid(url) != last

    last = pid(url)
    monkeypatch.setattr(postgres_beside, "OLD", 0)
    assert pid(url) != last


def test_what_a_look_may_take_is_its_own(url):
    with looking(url, 5) as db:
        assert db.execute("show statement_timeout").fetchone()[0] == "5s"
    with looking(url, 0.5) as db:
        assert db.execute("show statement_timeout").fetchone()[0] == "500ms"
