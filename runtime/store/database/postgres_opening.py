"""A schema of PostgreSQL as ours: made when it is new, brought forward when it is older, else refused."""

import asyncio
import hashlib
import logging
import secrets
import socket
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing

import asyncpg
import uvloop

from runtime.errors import StoreFailed
from runtime.lang import Text
from runtime.store.database import postgres_marks
from runtime.store.database.dialect import schema, translated
from runtime.store.database.moving import read_mark
from runtime.store.database.postgres_failed import OLDEST, PASSED_BY, RAISED, failed, needed, other
from runtime.store.database.postgres_locks import lock
from runtime.store.database.postgres_pooled import refuse_pooled, settle
from runtime.store.database.postgres_url import Url
from runtime.store.database.session import Session
from runtime.store.opening import Tables, Trigger, columns_of, other_version

log = logging.getLogger(__name__)

MARKER = "hongyan"
"""The table that says that a schema is ours: version, which indexes and triggers it has, its own number."""
MOVED = "moved"
"""Its row that says where the messages went, see moving.Mark."""
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0
"""For which an answer of the server is waited for."""
SILENT_SECONDS = 10.0
"""For which nobody takes what was sent, before the connection is given up: the system alone would try for
minutes, and once a cable is in again wait for as long as it was out."""
FORWARD_SECONDS = 3600.0
"""For a step to a newer version: an index of ten million messages takes minutes."""
SETTINGS = {
    "application_name": "hongyan",
    # whoever stands still in the middle of a transaction holds up all others
    "idle_in_transaction_session_timeout": "10000",
    # nor does whoever is gone without a word
    "tcp_user_timeout": "10000",
    "timezone": "UTC",
}


def application(url: Url) -> str:
    """How the server knows whoever works with that schema; it keeps 63 letters."""
    return f"hongyan {url.schema}"[:63]


def connected(
    url: Url, seconds: float | None = None, *, patience: float = ANSWER_SECONDS, name: str = ""
) -> Session:
    """`seconds`: how long a statement may take of one that only reads; `patience`: how long an answer is
    waited for; `name`: of whoever does not work with it as others do. Raises StoreFailed."""
    loop = uvloop.new_event_loop()  # a quarter of the CPU of asyncio's own, for each statement
    try:
        return Session(loop.run_until_complete(_connect(url, seconds, patience, name)), loop)
    except Exception as e:  # asyncpg says what is wrong by many classes; all of them are told
        loop.close()
        raise e if isinstance(e, StoreFailed) else failed(url, e) from e


def prepared(url: Url, tables: Tables, *, also_moved: bool = False) -> None:
    """Raises StoreFailed before anything of what is there is changed. `also_moved`: although it went, or is
    about to go, elsewhere."""
    with closing(connected(url)) as session:
        try:
            session.run("begin")
            lock(session, url, "open")
            _bring_forward(session, url, tables, also_moved=also_moved)
            session.run(postgres_marks.TABLE)
            session.run("commit")
        except RAISED as e:
            raise failed(url, e) from e


async def _connect(
    url: Url, seconds: float | None, patience: float = ANSWER_SECONDS, name: str = ""
) -> asyncpg.Connection:
    settings = SETTINGS | {"search_path": f'"{url.schema}"', "application_name": name or application(url)}
    if seconds is not None:
        settings |= {
            "statement_timeout": str(max(1, int(seconds * 1000))),
            "default_transaction_read_only": "on",
        }
    connection = await _reached(url, patience)
    ends_when_silent(connection._transport.get_extra_info("socket"))  # asyncpg shows it nowhere else
    try:
        _fits(connection, url, writes=seconds is None)
        await refuse_pooled(connection, url, await settle(connection, settings))
        await connection.set_type_codec(
            "numeric", schema="pg_catalog", encoder=str, decoder=_number, format="text"
        )
    except BaseException:
        connection.terminate()
        await asyncio.sleep(0)
        raise
    return connection


_reached_last: dict[str, int] = {}
"""Which host of an address it was: the first may be a machine that is gone, of which nobody tells."""


async def _reached(url: Url, patience: float) -> asyncpg.Connection:
    """The first host that can be reached and is what the address asks for. Each gets its share of the time:
    asyncpg would wait for one that is silent until there is none left."""
    count, first = len(url.each), _reached_last.get(url.dsn, 0)
    for number in range(first, first + count):
        try:
            connection = await asyncpg.connect(
                url.each[number % count],
                timeout=CONNECT_SECONDS / count,
                command_timeout=patience,
                statement_cache_size=0,
            )
        except (OSError, TimeoutError, *PASSED_BY):
            if number == first + count - 1:
                raise
            continue
        _reached_last[url.dsn] = number % count
        return connection
    raise AssertionError  # the last one was reached, or raised


def ends_when_silent(line: socket.socket) -> None:
    """See RFC 5482. Only Linux has it, and a socket in a file needs it not."""
    if hasattr(socket, "TCP_USER_TIMEOUT") and line.family in (socket.AF_INET, socket.AF_INET6):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * SILENT_SECONDS))


def _fits(connection: asyncpg.Connection, url: Url, *, writes: bool) -> None:
    """Raises StoreFailed."""
    if (version := connection.get_server_version()).major < OLDEST:
        raise needed(url, f"PostgreSQL {version.major}")
    said = connection.get_settings()
    if said.server_encoding != "UTF8":
        raise needed(url, said.server_encoding)
    if writes and "on" in (said.in_hot_standby, said.default_transaction_read_only):
        raise needed(url, "read-only")


def _number(text: str) -> int | float:
    """Sums of whole numbers are whole, as in SQLite."""
    return int(text) if text.lstrip("-").isdecimal() else float(text)


def _bring_forward(session: Session, url: Url, tables: Tables, *, also_moved: bool) -> None:
    there = _columns(session, url)
    ours = hashlib.sha256(tables.script.encode()).hexdigest()
    wanted = _wanted(tables)
    if there and not {MARKER, next(iter(wanted))} <= there.keys():  # also where the files of a home are
        raise other(
            url,
            Text(
                "这个 schema 里有别的程序的表，请用 ?schema=名字 另选一个",
                "this schema holds the tables of another program: choose another one with ?schema=name",
            ),
        )
    if not there:
        session.run(f'create schema if not exists "{url.schema}"')
        session.run(f"create table {MARKER}(name text primary key, value text not null)")
        session.run(schema(tables.tables) + triggers_of(tables))
        told = {"version": str(tables.version), "made": ours, "born": secrets.token_hex(8)}
        session.executemany(f"insert into {MARKER}(name, value) values(?,?)", list(told.items()))
        return
    rows = session.execute(f"select name, value from {MARKER}").fetchall()
    about = {row["name"]: row["value"] for row in rows}
    if MOVED in about and not also_moved:
        raise read_mark(about[MOVED]).refusal(url.shown)
    version = int(about.get("version", "0"))
    while version != tables.version:
        if version > tables.version or version not in tables.steps:
            raise other_version(url.shown, version, tables.version)
        log.warning("%s is brought from version %s to %s", url.shown, version, version + 1)
        session.run(schema(tables.steps[version]), FORWARD_SECONDS)
        version += 1
    _compare(session, url, wanted)
    if about.get("made") != ours or str(version) != about["version"]:
        session.run(schema(tables.tables) + triggers_of(tables), FORWARD_SECONDS)
        put = f"update {MARKER} set value=? where name=?"
        session.executemany(put, [(ours, "made"), (str(version), "version")])


def triggers_of(tables: Tables) -> str:
    """Replaced as a whole: those of another version of this program say something else."""
    return "".join(_deed(one) if one.does else _guard(one) for one in tables.triggers)


def _guard(one: Trigger) -> str:
    return f"""
create or replace function {one.name}() returns trigger language plpgsql as $$ begin
if ({translated(one.when)[0]}) then
  {f"raise check_violation using message='{one.refuses}'" if one.refuses else "return null"};
end if; return new; end $$;
create or replace trigger {one.name} before {one.event} on {one.table}
for each row execute function {one.name}();
"""


def _deed(one: Trigger) -> str:
    """Where nothing is to be done, no function is called."""
    return f"""
create or replace function {one.name}() returns trigger language plpgsql as $$ begin
{translated(one.does)[0]}; return new; end $$;
create or replace trigger {one.name} before {one.event} on {one.table}
for each row when ({translated(one.when)[0]}) execute function {one.name}();
"""


def _wanted(tables: Tables) -> dict[str, set[str]]:
    """Columns by table, the first that was ever made first."""
    with closing(sqlite3.connect(":memory:")) as ours:
        ours.executescript(tables.tables)
        found = columns_of(ours)
    return {table: columns for table, columns in found.items() if not table.startswith("sqlite_")}


def _compare(session: Session, url: Url, wanted: Mapping[str, set[str]]) -> None:
    """Raises StoreFailed when a table or column is not there. Missing ones are not made again, empty."""
    there = _columns(session, url)
    for table, columns in wanted.items():
        if missing := columns - there.get(table, set()):
            raise other(
                url,
                Text(
                    "表和这个版本的鸿雁不一致，缺少 {what}；请恢复备份，或另选一个 schema",
                    "its tables are not this version's, {what} is missing: restore a backup, or choose "
                    "another schema",
                ).fill(what=f"{table}.{min(missing)}"),
            )


def _columns(session: Session, url: Url) -> dict[str, set[str]]:
    sql = "select table_name, column_name from information_schema.columns where table_schema=?"
    found: dict[str, set[str]] = {}
    for row in session.execute(sql, (url.schema,)):
        found.setdefault(row[0], set()).add(row[1])
    return found


async def listening(url: Url, channel: str, heard: Callable[[str], object]) -> asyncpg.Connection:
    """A connection that calls `heard` with what each notification says. Raises StoreFailed and what asyncpg
    raises."""
    connection = await _connect(url, None)
    await connection.add_listener(channel, lambda _connection, _pid, _channel, told: heard(told))
    return connection
