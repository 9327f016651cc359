"""A schema of PostgreSQL as a file of SQLite with the same tables, of whatever version they are.

What an older version made is taken along as it stands: brought forward it would be of no use to the older
program, which is to put it back. Columns, keys and what they refer to are read from the server's catalog.
"""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from runtime.errors import StoreFailed
from runtime.files import private
from runtime.lang import Text
from runtime.store.database import Db, Work
from runtime.store.database.contents import ROWID, Step, Table, copy, sums, tables_of
from runtime.store.database.postgres_url import Url
from runtime.store.opening import Tables, columns_of, connect

KINDS = {"bigint": "integer", "double precision": "real", "text": "text", "bytea": "blob"}
COLUMNS = """select column_name as name, data_type as kind, column_default as given,
  is_nullable='NO' as filled, is_identity='YES' as counted
from information_schema.columns where table_schema=? and table_name=? order by ordinal_position"""
KEYS = """select pg_get_constraintdef(c.oid) as said, c.contype='p' as is_key
from pg_constraint c join pg_class t on t.oid=c.conrelid join pg_namespace n on n.oid=t.relnamespace
where n.nspname=? and t.relname=? and c.contype in ('p', 'u', 'f')
order by c.contype desc, c.conname"""
SEQUENCE = "pg_get_serial_sequence(quote_ident(?) || '.' || quote_ident(?), ?)"
LAST = f"select pg_sequence_last_value({SEQUENCE}::regclass) as last"
DROPPED = re.compile(r"\bdrop table (?:if exists )?(\w+)")
LITERAL = re.compile(r"\(?('(?:[^']|'')*'|-?\d+(?:\.\d+)?)\)?(?:::[a-z ]+)?")
_DIFFERS = Text(
    "表 {table} 写到文件里以后和数据库里的不一样，请再试一次。",
    "Table {table} is not in the file as it is in the database. Try it again.",
)
_STRANGE = Text(
    "表 {table} 里有鸿雁没有的列类型（{kind}），没有备份。别的程序改过这些表。",
    "Table {table} has a kind of column that Hongyan has not ({kind}), so there is no backup: another "
    "program changed these tables.",
)


def written(
    db: Db, url: Url, names: Sequence[str], without: Sequence[str], version: int, number: int, file: Path
) -> None:
    """`db`: reads at one moment; `names`: of its tables; `without`: those whose rows stay there; `number`:
    the file's own. Raises StoreFailed."""
    script = "".join(_made(db, url, name) for name in sorted(names))
    tables = [table for table in tables_of(script, frozenset()) if table.name not in without]
    with closing(connect(file)) as there:
        private(file, 0o600)
        head = f"pragma user_version={version}; pragma application_id={number}"
        there.executescript(f"pragma foreign_keys=off; begin; {script}; {head}; commit")
        copy(tables, db, _stepping(there), lambda table, rows: None)
        ours, theirs = sums(db, tables), sums(there, tables)
        for name, one in ours.items():
            if one != theirs[name]:
                raise StoreFailed(_DIFFERS.fill(table=name), code="damaged")
        _count(db, url, there, tables)
        there.execute("pragma wal_checkpoint(truncate)")
        there.execute("pragma journal_mode=delete")


def ever(tables: Tables) -> frozenset[str]:
    """Names of those that messages are or were in, in any version: the server has others beside them, of what
    may vanish and of who writes, which are made anew."""
    gone = (name for step in tables.steps.values() for name in DROPPED.findall(step))
    with closing(sqlite3.connect(":memory:")) as ours:
        ours.executescript(tables.tables)
        return frozenset({*columns_of(ours), *gone})


def _made(db: Db, url: Url, name: str) -> str:
    """The statement that makes such a table. A row number that only PostgreSQL needs is SQLite's own."""
    columns = [row for row in db.execute(COLUMNS, (url.schema, name)).fetchall() if row["name"] != ROWID]
    is_counted = any(row["counted"] for row in columns)
    lines = [_column(name, row) for row in columns]
    keys = db.execute(KEYS, (url.schema, name)).fetchall()
    lines += [
        row["said"]
        for row in keys
        if not (row["is_key"] and (is_counted or row["said"] == f"PRIMARY KEY ({ROWID})"))
    ]
    return f'create table "{name}"({", ".join(lines)});\n'


def _column(table: str, row: Sequence[object]) -> str:
    name, kind, given, filled, counted = row
    if kind not in KINDS:
        raise StoreFailed(_STRANGE.fill(table=table, kind=str(kind)), code="tables")
    if counted:
        return f'"{name}" integer primary key autoincrement'
    found = LITERAL.fullmatch(str(given)) if given is not None else None
    rest = f"{' not null' if filled else ''}{f' default {found[1]}' if found else ''}"
    return f'"{name}" {KINDS[str(kind)]}{rest}'


def _stepping(there: Db) -> Step:
    def step(work: Work[object]) -> object:
        there.execute("begin immediate")
        done = work(there)
        there.execute("commit")
        return done

    return step


def _count(db: Db, url: Url, there: Db, tables: Sequence[Table]) -> None:
    """Numbers go on behind the last one that was given, also to rows that are gone."""
    for table in tables:
        if table.counted in ("", ROWID):
            continue
        last = int(db.execute(LAST, (url.schema, table.name, table.counted)).fetchone()["last"] or 0)
        there.execute("delete from sqlite_sequence where name=?", (table.name,))
        there.execute("insert into sqlite_sequence(name, seq) values(?,?)", (table.name, last))
