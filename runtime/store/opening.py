"""Open a SQLite file as ours: made when it is new, brought forward when it is older, else refused."""

import logging
import secrets
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from runtime.errors import HongyanError, StoreFailed
from runtime.files import private
from runtime.lang import Text
from runtime.locks import alone

PATIENCE, LOOK = 2.0, 0.02
"""Seconds in which somebody else is waited for, and between two looks."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trigger:
    """Looks at each row before it is written. `event`: `insert`, or `update of` a column; `when`: what it
    finds of `old` and `new`; `refuses`: what is said then, "" where the row is left out in silence; `does`:
    what is done then instead, and the row is written."""

    name: str
    table: str
    event: str
    when: str
    refuses: str = ""
    does: str = ""

    @property
    def sql(self) -> str:
        what = f"abort, '{self.refuses}'" if self.refuses else "ignore"
        deed = self.does or f"select raise({what})"
        return f"""
create trigger if not exists {self.name} before {self.event} on {self.table}
when {self.when}
begin {deed}; end;
"""


@dataclass(frozen=True)
class Tables:
    """The tables of one database."""

    tables: str
    """Makes them, each only if it is not there."""
    version: int = 1
    """Another table or column is another version; an index or a trigger may come or go at any time."""
    steps: Mapping[int, str] = field(default_factory=dict)
    """What brings a file of that version to the next one."""
    anew: int = 0
    """Files of an earlier version are written anew: what was deleted in them was not overwritten."""
    triggers: Sequence[Trigger] = ()
    of_instances: Sequence[str] = ()
    """Those that say who works with them just now; nothing of that is taken along elsewhere."""

    @property
    def script(self) -> str:
        """All of it."""
        return self.tables + "".join(one.sql for one in self.triggers)


def connect(path: Path) -> sqlite3.Connection:
    """For writing. Raises sqlite3.Error, and StoreFailed where the file system cannot do what we need."""
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    if _mode(connection) != "wal":
        connection.close()
        raise StoreFailed(
            Text(
                "{path} 所在的文件系统不支持 SQLite 的 WAL（网络盘常这样）。请把 HONGYAN_HOME 放到本地磁盘。",
                "The file system of {path} cannot do SQLite's WAL, as network folders often cannot. "
                "Put HONGYAN_HOME on a local disk.",
            ).fill(path=path),
            code="disk",
        )
    # What is deleted is overwritten: words that are to be forgotten are in no free page.
    connection.executescript("pragma synchronous=full; pragma foreign_keys=on; pragma secure_delete=on;")
    return connection


def _mode(connection: sqlite3.Connection) -> str:
    """WAL, where it can be had. SQLite itself waits for nobody who makes the same new file just now."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return str(connection.execute("pragma journal_mode=wal").fetchone()[0])
        except sqlite3.OperationalError as e:
            if e.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                connection.close()
                raise
        time.sleep(LOOK)


def open_store(path: Path, tables: Tables) -> sqlite3.Connection:
    """Raises StoreFailed: not writable, damaged, of a newer version, or not ours. Then it is left alone.

    Raises NotSaved where there is no lock to be had for its first or further steps.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = connect(path)
    except sqlite3.Error as e:
        raise failed(path, e) from e
    except OSError as e:
        raise _disk(path, e.strerror or str(e)) from e
    try:
        if _version(connection) != tables.version or not identity(connection):
            with alone(path.with_suffix(".lock"), here=True):  # another process may be at the same steps
                if not _made(connection, tables):
                    _bring_forward(path, connection, tables)
                _give_identity(connection)
        _compare(path, connection, tables)
        _drop_other_triggers(connection, tables)
        connection.executescript(tables.script)
    except sqlite3.Error as e:
        connection.close()
        raise failed(path, e) from e
    except HongyanError:
        connection.close()
        raise
    private(path, 0o600)
    return connection


def identity(connection: sqlite3.Connection) -> int:
    """The number that this file, and whatever was copied from it, was born with."""
    return int(connection.execute("pragma application_id").fetchone()[0])


def failed(path: Path, error: sqlite3.Error) -> StoreFailed:
    """What SQLite says, in words about what to do."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreFailed(
            Text(
                "{path} 已损坏（{why}）。请停下程序，用 python app.py restore 恢复备份。",
                "{path} is damaged ({why}). Stop the program and restore a backup: python app.py restore.",
            ).fill(path=path, why=error),
            code="damaged",
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreFailed(
            Text(
                "{path} 被别的程序占住了（{why}）。请关掉打开它的工具。",
                "{path} is held by another program ({why}). Close the tool that has it open.",
            ).fill(path=path, why=error),
            code="busy",
        )
    if code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA):
        return other_tables(path, str(error))
    return _disk(path, str(error))


def other_tables(path: Path, what: str) -> StoreFailed:
    return StoreFailed(
        Text(
            "{path} 里的表和这个版本的鸿雁不一致（{what}）。"
            "它可能来自别的版本，或被改动过：请恢复备份，或移走它。",
            "The tables in {path} are not this version's ({what}). It may come from another version, or was "
            "changed: restore a backup, or move it away.",
        ).fill(path=path, what=what),
        code="tables",
    )


def _disk(path: Path, why: str) -> StoreFailed:
    return StoreFailed(
        Text(
            "写不进 {path}：{why}。请检查磁盘空间和权限。",
            "Cannot write {path}: {why}. Check disk space and permissions.",
        ).fill(path=path, why=why),
        code="disk",
    )


def _made(connection: sqlite3.Connection, tables: Tables) -> bool:
    """Whether the file was new, and has our tables now."""
    if connection.execute("select count(*) from sqlite_master").fetchone()[0]:
        return False
    connection.executescript(f"begin; {tables.script}; pragma user_version={tables.version}; commit")
    return True


def _bring_forward(path: Path, connection: sqlite3.Connection, tables: Tables) -> None:
    """Each step whole or not at all, so that a kill in between leaves one version or the other."""
    if _version(connection) < tables.anew:
        try:
            connection.execute("vacuum")
        except sqlite3.Error as e:  # on a full disk it works on as it is
            log.warning("%s is not written anew, so it may still hold deleted words: %s", path, e)
    while (found := _version(connection)) != tables.version:
        if found not in tables.steps:
            raise other_version(path, found, tables.version)
        log.warning("%s is brought from version %s to %s", path, found, found + 1)
        try:
            connection.executescript(
                f"begin immediate; {tables.steps[found]}; pragma user_version={found + 1}; commit"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("rollback")
            raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


def _compare(path: Path, connection: sqlite3.Connection, tables: Tables) -> None:
    """Raises StoreFailed when a table or column is not there. Missing ones are not made again, empty."""
    with closing(sqlite3.connect(":memory:")) as ours:
        ours.executescript(tables.script)
        wanted, there = columns_of(ours), columns_of(connection)
    for table, columns in wanted.items():
        if table not in there:
            raise other_tables(path, f"no table {table}")
        if missing := columns - there[table]:
            raise other_tables(path, f"no column {table}.{min(missing)}")


def _drop_other_triggers(connection: sqlite3.Connection, tables: Tables) -> None:
    """Those of another version of this program say something else; ours are made after this."""
    sql = "select name, sql from sqlite_master where type='trigger'"
    with closing(sqlite3.connect(":memory:")) as ours:
        ours.executescript(tables.script)
        wanted = {tuple(row) for row in ours.execute(sql)}
    for name, text in connection.execute(sql).fetchall():
        if (name, text) not in wanted:
            connection.execute(f'drop trigger if exists "{name}"')


def columns_of(connection: sqlite3.Connection) -> dict[str, set[str]]:
    """By table."""
    tables = [row[0] for row in connection.execute("select name from sqlite_master where type='table'")]
    return {
        table: {row[0] for row in connection.execute("select name from pragma_table_info(?)", (table,))}
        for table in tables
    }


def _give_identity(connection: sqlite3.Connection) -> None:
    if identity(connection) == 0:
        connection.execute(f"pragma application_id={secrets.randbelow(2**31 - 1) + 1}")
        connection.execute("pragma wal_checkpoint(truncate)")  # into the file itself, where it is looked for


def other_version(path: Path | str, found: int, ours: int) -> StoreFailed:
    """Never opened half-way: what another version wrote may mean something else."""
    if found > ours:
        text = Text(
            "{path} 是更新版本的鸿雁写的（格式 {found}，这里只到 {ours}）。请升级鸿雁，或恢复升级前的备份。",
            "{path} was written by a newer version of Hongyan (format {found}; this one knows {ours}). "
            "Update Hongyan, or restore the backup from before the update.",
        ).fill(path=path, found=found, ours=ours)
    else:
        text = Text(
            "{path} 是别的版本写的（格式 {found}），这个版本（格式 {ours}）没有升级它的办法。"
            "请用那个版本，或移走它。",
            "{path} was written by another version (format {found}), and this one (format {ours}) has no "
            "way forward from it. Run that version, or move the file away to start anew.",
        ).fill(path=path, found=found, ours=ours)
    return StoreFailed(text, code="version")
