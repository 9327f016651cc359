"""A database that cannot be used, at a start and while the program runs: told in a sentence."""

import socket
from contextlib import ExitStack, closing, nullcontext
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest
from postgres_rows import add_one, ask, counted

from on_postgresql import LOCKED
from postgres_fake import saying
from runtime.errors import BadSettings, HongyanError, StoreFailed, Unreadable
from runtime.store.backup import back_up
from runtime.store.database import postgres_opening
from runtime.store.database.postgres import PostgresDatabase, alone
from runtime.store.database.postgres_failed import failed
from runtime.store.database.postgres_opening import connected
from runtime.store.database.postgres_pooled import refuse_pooled
from runtime.store.database.postgres_url import VARIABLE, read
from runtime.store.installation import Installation
from runtime.store.messages.insights import Insights
from runtime.store.messages.restored import Restored
from runtime.store.messages.tables import TABLES

PATH = Path("/nowhere/messages.db")


def test_what_cannot_be_used_is_told_in_a_sentence_and_left_as_it_is(in_postgresql, url, alone_here):
    server = in_postgresql
    ask(
        url,
        "create schema theirs",
        "create table theirs.orders(id int)",
        "create schema home_files",  # the one beside ours that an owner finds in the list
        "create table home_files.hongyan as select 'version' as name, '1' as value",
        "create table home_files.files(name text)",
        "create role guest login",
        "create role full login connection limit 0",
        f"create role {LOCKED} login password 'right'",
        "create role reader login superuser",
        "alter role reader set default_transaction_read_only=on",
    )
    ask(url, "create database latin template template0 encoding 'LATIN1' locale 'C'")
    ask(url, "drop table alone.paces")
    at = server.url("theirs")
    with ExitStack() as held:
        old, standby, other = (
            held.enter_context(saying(**about))
            for about in (
                {"server_version": "14.9"},
                {"in_hot_standby": "on"},
                {"server_encoding": "SQL_ASCII"},
            )
        )
        cases = [
            (at, "another program"),
            (server.url("home_files"), "another program"),
            (server.url("alone"), "paces.* is missing"),
            (at.replace("hongyan@", "guest@").replace("theirs", "fresh"), "missing rights"),
            (at.replace("hongyan@", "reader@"), "primary that can be written to.*read-only"),
            (at.replace("/postgres?", "/nothing?"), "no such database"),
            (at.replace("/postgres?", "/latin?"), "encoding UTF8.*LATIN1"),
            (at.replace("hongyan@", "nobody@"), "user or password"),
            (at.replace("hongyan@", f"{LOCKED}:wrong@"), "user or password"),
            (at.replace("hongyan@", f"{LOCKED}@"), "user or password"),
            (at.replace("hongyan@", "full@"), "no connections left"),
            (f"{at}&sslmode=perhaps", "setting in its address is wrong"),
            (f"{at}&nonsense=1", "setting in its address is wrong"),
            ("postgresql://hongyan@/postgres?host=/nowhere&schema=theirs", "cannot be reached"),
            (old, "15 or newer.*PostgreSQL 14"),
            (standby, "primary that can be written to.*read-only"),
            (other, "encoding UTF8.*SQL_ASCII"),
        ]
        for text, said in cases:
            with pytest.raises(StoreFailed, match=said):
                PostgresDatabase(read(text), TABLES)
    assert ask(url, "select count(*) from pg_tables where schemaname in ('theirs', 'fresh')")[0][0] == 1
    ask(url, "drop schema theirs cascade", f"drop role guest, full, {LOCKED}, reader")
    ask(url, "drop database latin")


async def test_connections_that_are_used_up_while_it_runs_are_told_and_it_goes_on_once_there_are_some(url):
    ask(url, "create role few login", f"grant all on schema {url.schema} to few")
    ask(url, f"grant all on all tables in schema {url.schema} to few")
    few = replace(url, dsn=url.dsn.replace("hongyan@", "few@"))
    limit, gone = "alter role few connection limit {}", "select pg_terminate_backend(pid, 5000)"
    with closing(PostgresDatabase(few, TABLES)) as database:
        await database.write(add_one)
        ask(url, limit.format(0), f"{gone} from pg_stat_activity where usename='few'")
        with pytest.raises(StoreFailed, match="no connections left") as told:
            await database.write(add_one)
        assert told.value.retryable
        with pytest.raises(StoreFailed, match="no connections left"):
            database.check()
        ask(url, limit.format(-1))
        await database.write(add_one)
        database.check()
    assert counted(url) == 2
    ask(url, "drop owned by few", "drop role few")


POOLS = [
    ("none", 5, [], [], False),
    ("session", 1, [5, 5, 5], [6, 6, 6], False),
    ("transaction, alone", 1, [5], [5], True),
    ("transaction, with others", 1, [5, 8], [6, 9], True),
]


@pytest.mark.parametrize(("mode", "first", "ours", "theirs", "refused"), POOLS)
async def test_a_pooler_that_changes_connections_is_told(
    url, monkeypatch, mode, first, ours, theirs, refused
):
    class Told:
        def __init__(self, pids):
            self._pids = iter(pids)

        async def fetchval(self, sql):
            return next(self._pids)

        def get_server_pid(self):
            return first

        def terminate(self):
            """Nothing is there."""

    async def connect(dsn, **options):
        return Told(theirs)

    said = pytest.raises(StoreFailed, match="pool_mode = session") if refused else nullcontext()
    with monkeypatch.context() as here, said:
        here.setattr(asyncpg, "connect", connect)
        await refuse_pooled(Told(ours), replace(read("postgresql://a@b/c"), dsn=mode), 5)


@pytest.mark.parametrize(
    "text",
    [
        "mysql://a@b/c",
        "postgresql:///x",
        "postgresql://a@b:x/c",
        "postgresql://a:p@ss#word@b/c",
        "postgresql://a:p/w@b/c",
        "postgresql://a:5?w@b/c",
        *(f"postgresql://a@b/c?schema{name}" for name in ("=Other", "=pg_x", "=a b", "=", "")),
    ],
)
def test_an_address_that_is_none_is_told(text):
    with pytest.raises(BadSettings, match="HONGYAN_DATABASE_URL"):
        read(text)


def test_of_several_hosts_it_is_the_one_that_can_be_written_to():
    url = read("postgresql://me:s3cret@127.0.0.1:1,[::1]:2/hongyan")
    assert url.shown == "postgresql://127.0.0.1:1,::1:2/hongyan (hongyan)"
    assert "target_session_attrs=read-write" in url.dsn
    assert "target_session_attrs=any" in read("postgresql://a,b/hongyan?target_session_attrs=any").dsn
    for wrong in ("a:x,b", "a,,b", "a,:1"):
        with pytest.raises(BadSettings, match=VARIABLE):
            read(f"postgresql://{wrong}/hongyan")


def test_a_host_that_is_silent_does_not_keep_us_from_the_next(postgresql, monkeypatch):
    monkeypatch.setattr(postgres_opening, "CONNECT_SECONDS", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hosts = f"127.0.0.1:{silent.getsockname()[1]},{quote(str(postgresql.folder), safe='')}"
        url = read(f"postgresql://hongyan@{hosts}/postgres?target_session_attrs=any")
        for _ in range(2):
            alone(lambda: connected(url).close())
        silent.setblocking(False)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):  # the second time nobody tried it
            silent.accept()


def test_a_password_is_never_shown():
    url = read("postgresql://me:s3cret@db.example/hongyan?schema=shop")
    said = failed(url, asyncpg.InvalidPasswordError("no"))
    assert "s3cret" not in f"{url.shown}{said}"
    assert "db.example" in str(said)
    assert isinstance(said, HongyanError)


def test_whoever_looks_is_told_that_the_database_cannot_be_reached(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, "postgresql://me@/postgres?host=/nowhere")
    for look in (
        Insights(PATH).publications,
        lambda: Insights(PATH).fact("x"),
        lambda: Insights(PATH).failing(1),
    ):
        with pytest.raises(Unreadable, match="cannot be reached"):
            look()
    with pytest.raises(StoreFailed, match="cannot be reached"):
        Restored(PATH).count()
    (tmp_path / "data").mkdir()
    with pytest.raises(StoreFailed, match="cannot be reached"):
        back_up(tmp_path, tmp_path / "backup", 1)
    assert Installation(tmp_path / "data").take() == 0
