"""What is in a store, table by table, read and written alike on both engines.

Rows come in the order of their keys, which both engines compare in the same way, a batch at a time: how far a
copy came is told by the last key that is there. Tables come after those that they refer to.
"""

import functools
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any, NamedTuple, TypeVar

from runtime.errors import StoreFailed
from runtime.lang import Text
from runtime.store.database import Db, Work
from runtime.store.database.dialect import plain
from runtime.store.opening import Tables

T = TypeVar("T")
Step = Callable[[Work[Any]], Any]
"""Does the work in one transaction."""

MOST_ROWS = 2000
BATCH_BYTES = 4_000_000
"""Of values, about, that are read at a time: rows may be large."""
ROWID = "rowid"
"""Of a table without a key: the order in which its rows came."""
OWNER = "owner"
"""The instance that works on a row. Nobody does, elsewhere."""


@dataclass(frozen=True)
class Table:
    """`columns` and their kinds, those of the key included. `counted`: the column that numbers the rows."""

    name: str
    columns: Sequence[str]
    kinds: Sequence[str]
    key: Sequence[str]
    counted: str = ""

    @property
    def insert(self) -> str:
        marks = ", ".join("?" * len(self.columns))
        return f'insert into "{self.name}"({_listed(self.columns)}) values({marks})'


class Sum(NamedTuple):
    """Of a table: how many rows, and the hash of all of them in the order of their keys."""

    rows: int
    hash: str


@functools.cache
def tables_of(script: str, without: frozenset[str]) -> Sequence[Table]:
    """As the script makes them, each after those that it refers to."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(script)
        sql = "select name, sql from sqlite_master where type='table' order by name"
        texts = {name: text for name, text in db.execute(sql) if name not in without}
        texts = {name: text for name, text in texts.items() if not name.startswith("sqlite_")}
        found = {name: _table(db, name, text) for name, text in texts.items()}
        refers = 'select distinct "table" from pragma_foreign_key_list(?)'
        before = {name: [row[0] for row in db.execute(refers, (name,)) if row[0] != name] for name in found}
    return [found[name] for name in TopologicalSorter(before).static_order()]


def contents(tables: Tables) -> Sequence[Table]:
    return tables_of(tables.tables, frozenset(tables.of_instances))


def copy(tables: Sequence[Table], source: Db, step: Step, told: Callable[[Table, int], object]) -> None:
    """Go on where the last copy ended. `told` of rows as they are there."""
    for table in tables:
        after = step(functools.partial(last_key, table=table))
        for rows in batches(source, table, after):
            step(functools.partial(_put, table=table, rows=rows))
            told(table, len(rows))


def sums(db: Db, tables: Sequence[Table]) -> dict[str, Sum]:
    return {table.name: _sum(db, table) for table in tables}


def batches(db: Db, table: Table, after: Sequence[Any] | None = None) -> Iterator[list[tuple[Any, ...]]]:
    """Rows behind that key. Raises StoreFailed for one that only SQLite would keep."""
    key, most = _listed(table.key), 100
    places = [table.columns.index(column) for column in table.key]
    select = f'select {_listed(table.columns)} from "{table.name}"'
    marks = ", ".join("?" * len(table.key))
    while True:
        where = "" if after is None else f" where ({key}) > ({marks})"
        found = db.execute(f"{select}{where} order by {key} limit ?", (*(after or ()), most)).fetchall()
        rows = [_row(table, row) for row in found]
        if not rows:
            return
        yield rows
        after = [rows[-1][place] for place in places]
        size = sum(_size(row) for row in rows)
        most = max(1, min(MOST_ROWS, most * 2, most * BATCH_BYTES // size))


def last_key(db: Db, table: Table) -> Sequence[Any] | None:
    order = ", ".join(f'"{column}" desc' for column in table.key)
    row = db.execute(f'select {_listed(table.key)} from "{table.name}" order by {order} limit 1').fetchone()
    return None if row is None else list(row)


def is_empty(db: Db, tables: Sequence[Table], but: Sequence[str] = ()) -> bool:
    return not any(
        db.execute(f'select 1 from "{table.name}" limit 1').fetchone()
        for table in tables
        if table.name not in but
    )


def _table(db: sqlite3.Connection, name: str, text: str) -> Table:
    found = db.execute("select name, lower(type), pk from pragma_table_info(?)", (name,)).fetchall()
    columns, kinds = [row[0] for row in found], [row[1] for row in found]
    key = [row[0] for row in sorted(found, key=lambda row: row[2]) if row[2]]
    if not key:
        columns, kinds, key = [ROWID, *columns], ["integer", *kinds], [ROWID]
    is_counted = len(key) == 1 and ("autoincrement" in text or key == [ROWID])
    return Table(name, columns, kinds, key, key[0] if is_counted else "")


def _put(db: Db, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    db.executemany(table.insert, rows)


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _row(table: Table, row: Any) -> tuple[Any, ...]:
    return tuple(
        0 if column == OWNER else _value(table, column, kind, value)
        for column, kind, value in zip(table.columns, table.kinds, row, strict=True)
    )


def _value(table: Table, column: str, kind: str, value: Any) -> Any:
    """As both keep it. SQLite takes a text where a number belongs; nothing here writes one."""
    if value is None:
        return None
    if kind == "real" and isinstance(value, int | float):
        return float(value)
    wanted = {"integer": int, "text": str, "blob": bytes}.get(kind)
    if wanted is None or not isinstance(value, wanted):
        raise StoreFailed(
            Text(
                "表 {table} 的 {column} 列里有一个值不是 {kind}，搬不过去；它可能被别的工具改过。",
                "A value in column {column} of table {table} is no {kind} and cannot be taken along; another "
                "tool may have written it.",
            ).fill(table=table.name, column=column, kind=kind),
            code="tables",
        )
    return plain(value)


def _size(row: Sequence[Any]) -> int:
    return sum(len(value) if isinstance(value, str | bytes) else 8 for value in row)


def _sum(db: Db, table: Table) -> Sum:
    rows, hash = 0, hashlib.sha256()
    for batch in batches(db, table):
        rows += len(batch)
        for row in batch:
            hash.update(json.dumps(row, ensure_ascii=False, default=bytes.hex).encode())
            hash.update(b"\n")
    return Sum(rows, hash.hexdigest())
