"""How much of what is stored is of late, and how the database itself is: for whoever looks after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import HongyanError
from runtime.store.database import Db
from runtime.store.database.contents import contents
from runtime.store.database.place import place_of, url_of
from runtime.store.messages.beside import look
from runtime.store.messages.states import UNFINISHED, among
from runtime.store.messages.tables import TABLES

SECONDS = 5.0
"""That a look may take; a large store is not counted through for it."""
ALL = "select coalesce(max(seq) - min(seq) + 1, 0) as many from messages"
LATE = f"""
select count(*) as many from messages indexed by ended
where accepted_at>=? and state not in ({among(UNFINISHED)})
"""
BACKED_UP = "select max(at) as at from audit where what='installation.backup' and status='done'"
SQLITE = """
select (select page_count from pragma_page_count()) * (select page_size from pragma_page_size()) as size,
  (select user_version from pragma_user_version()) as version
"""
POSTGRESQL = """
select coalesce((select sum(pg_total_relation_size(c.oid)) from pg_class c
    join pg_namespace n on n.oid=c.relnamespace
    where n.nspname=current_schema() and c.relkind='r'), 0)::bigint as size,
  (select value from hongyan where name='version')::bigint as version,
  current_setting('autovacuum') as autovacuum,
  coalesce((select sum(n_dead_tup) from pg_stat_user_tables where schemaname=current_schema()), 0)::bigint
    as dead,
  coalesce((select sum(n_live_tup) from pg_stat_user_tables where schemaname=current_schema()), 0)::bigint
    as live,
  extract(epoch from clock_timestamp())::double precision as now
"""


@dataclass(frozen=True)
class Condition:
    """Of the database. `size` in bytes; `version`: of its tables, `ours`: that of this program. `dead`: share
    of rows that were deleted and are not cleared away; `now`: its clock, where it has one."""

    engine: str
    size: int
    version: int
    ours: int = TABLES.version
    vacuums: bool = True
    dead: float = 0.0
    now: float | None = None


def condition(path: Path) -> Condition | None:
    """None: nothing was ever kept there. Raises Unreadable, TooSlow, StoreFailed."""
    place, is_file = place_of(path), not url_of(path)
    if not place.is_there():
        return None
    with place.looking(SECONDS) as db:
        return _of_file(db) if is_file else _of_server(db)


def share_since(path: Path, since: float) -> float:
    """Part of all messages that came since then, 0 to 1; 0 where that cannot be told quickly."""
    try:
        place = place_of(path)
        if not place.is_there():
            return 0.0
        with place.looking(SECONDS) as db:
            whole = int(db.execute(ALL).fetchone()["many"])
            late = int(db.execute(LATE, (since,)).fetchone()["many"])
    except HongyanError:
        return 0.0
    return min(1.0, late / whole) if whole else 0.0


def backed_up_at(path: Path) -> float:
    """When the newest backup was made, as the audit log has it; 0 for none. Raises StoreFailed."""
    return look(path, lambda db: float(db.execute(BACKED_UP).fetchone()["at"] or 0.0), 0.0)


def _of_file(db: Db) -> Condition:
    row = db.execute(SQLITE).fetchone()
    return Condition("SQLite", int(row["size"]), int(row["version"]))


def _of_server(db: Db) -> Condition:
    row = db.execute(POSTGRESQL).fetchone()
    dead, live = int(row["dead"]), int(row["live"])
    return Condition(
        "PostgreSQL",
        int(row["size"]),
        int(row["version"] or 0),
        vacuums=row["autovacuum"] == "on",
        dead=dead / (dead + live) if dead > 10_000 else 0.0,
        now=float(row["now"]),
    )


@dataclass(frozen=True)
class Shape:
    """The tables by name: their columns, and how many rows each has, None where that takes too long."""

    version: int
    columns: Mapping[str, Sequence[str]]
    rows: Mapping[str, int | None]


def shape(path: Path) -> Shape | None:
    """None: nothing was ever kept there. Raises StoreFailed, Unreadable, TooSlow."""
    found = condition(path)
    if found is None:
        return None
    columns = {table.name: list(table.columns) for table in contents(TABLES)}
    rows = {name: _rows(path, name) for name in columns}
    return Shape(found.version, columns, rows)


def _rows(path: Path, table: str) -> int | None:
    """`table`: one of our own names."""
    try:
        with place_of(path).looking(SECONDS) as db:
            return int(db.execute(f"select count(*) as many from {table}").fetchone()["many"])
    except HongyanError:
        return None
