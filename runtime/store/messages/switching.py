"""Sealing is switched on or off, and what is there already is written anew, batch by batch.

How far it came stands in the store and is kept with each batch: who is killed in between goes on there, and
several may work on it. Nothing is sealed before every instance knows that something may be; what one still
wrote as before, since it had not noticed, is found by a second walk.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from runtime.store.database import Db
from runtime.store.sealing.columns import COVERS, TABLES
from runtime.store.sealing.envelope import is_sealed
from runtime.store.sealing.sealed_db import SealedDb
from runtime.store.sealing.shredding import write

NAME = "sealing"
KEPT = (
    "insert into facts(name, value, at) values(?,?,?)"
    " on conflict(name) do update set value=excluded.value, at=excluded.at"
)
BATCH = 200
"""Rows of one step."""
NOTICED = 10.0
"""Seconds after which every instance has noticed the switch."""
To = Literal["on", "off"]


@dataclass
class Switch:
    """`at`: seconds since 1970 when it was switched; `table`, `after`: the row up to which it came; `done`
    of `of` rows; `began`: this walk; `ended`: None while it goes on; `covers`: see COVERS."""

    to: To = "off"
    at: float = 0.0
    table: str = ""
    after: list[Any] = field(default_factory=list)
    done: int = 0
    of: int = 0
    began: float = 0.0
    ended: float | None = None
    covers: str = ""
    begun: bool = True
    """Every instance knows by now that what it reads may be sealed, so that something may be."""

    @property
    def is_on(self) -> bool:
        return self.to == "on"

    @property
    def goes_on(self) -> bool:
        return bool(self.at) and (self.ended is None or self.is_older)

    @property
    def is_older(self) -> bool:
        """It was walked through by a version that sealed less."""
        return self.is_on and self.covers != COVERS


def found(db: Db) -> Switch:
    """As it stands; off where nobody ever switched it."""
    row = db.execute("select value from facts where name=?", (NAME,)).fetchone()
    return Switch(**json.loads(row["value"])) if row else Switch()


def noticed(db: Db) -> Switch:
    """As it stands, and whatever is written from now on goes by it."""
    if isinstance(db, SealedDb):
        db.look_again()
    return found(db)


def switch(db: Db, to: To, now: float) -> Switch:
    """From now on what is written is sealed, or is not. Nothing changes where it is so already."""
    before = found(db)
    if before.to == to:
        return before
    of = sum(int(db.execute(f"select count(*) from {table}").fetchone()[0]) for table in TABLES)
    whole = to == "on"
    switched = Switch(to, now, next(iter(TABLES)), of=of, began=now, covers=COVERS, begun=not whole)
    _keep(db, switched, now)
    return switched


def step(db: Db, now: float) -> Switch:
    """One batch more, or nothing where nothing is left. The last one ends it: by then the files are to be as
    they are to be, see `is_last`."""
    switched = found(db)
    if not switched.goes_on or not isinstance(db, SealedDb):
        return switched
    db.look_again()
    if switched.is_older:
        switched = Switch("on", switched.at, next(iter(TABLES)), began=now, covers=COVERS)
    if not switched.begun:
        switched.begun = now >= switched.at + NOTICED
    elif switched.table:
        _batch(db, switched)
    elif switched.began < _settled(switched) <= now:
        switched.table, switched.done, switched.began = next(iter(TABLES)), 0, now
    elif switched.began >= _settled(switched):
        switched.ended = now
    _keep(db, switched, now)
    return switched


def waits(switched: Switch) -> bool:
    """It is walked through once, and the others may not have noticed yet."""
    return switched.goes_on and not (switched.begun and switched.table)


def is_last(switched: Switch) -> bool:
    """Every instance has noticed it, and all rows were walked through since."""
    return switched.begun and waits(switched) and switched.began >= _settled(switched)


def _settled(switched: Switch) -> float:
    """From then on every instance writes so: those that read it first, then those that write it."""
    return switched.at + NOTICED * (2 if switched.is_on else 1)


def _batch(db: SealedDb, switched: Switch) -> None:
    table = switched.table
    kept = TABLES[table]
    key, columns = ", ".join(kept.key), ", ".join(kept.columns)
    after = f"where ({key}) > ({', '.join('?' * len(kept.key))})" if switched.after else ""
    sql = f"select {key}, {columns} from {table} {after} order by {key} limit {BATCH}"
    rows = db.db.execute(sql, tuple(switched.after)).fetchall()
    for row in rows:
        if any(_is_other(row[name], switched) for name in kept.columns):
            where = " and ".join(f"{name}=?" for name in kept.key)
            opened = db.execute(
                f"select {key}, {columns} from {table} where {where}", tuple(row[name] for name in kept.key)
            ).fetchone()
            _take_away_twin(db, table, opened, switched)
            write(db, table, opened)
    switched.done += len(rows)
    switched.of = max(switched.of, switched.done)
    if len(rows) < BATCH:
        names = list(TABLES)
        rest = names[names.index(table) + 1 :]
        switched.table, switched.after = rest[0] if rest else "", []
    else:
        switched.after = [rows[-1][name] for name in kept.key]


def _take_away_twin(db: SealedDb, table: str, opened: Any, switched: Switch) -> None:
    """What two instances wrote at once stays once: while it was sealed, nobody could tell it is the same."""
    kept = TABLES[table]
    if switched.is_on or not kept.one_of:
        return
    itself = " and ".join(f"{table}.{name}=?" for name in kept.key)
    another = " or ".join(f"o.{name}<>{table}.{name}" for name in kept.key)
    alike = " and ".join(
        f"o.{name}={'?' if name in kept.columns else f'{table}.{name}'}" for name in kept.one_of
    )
    words = [opened[name] for name in kept.one_of if name in kept.columns]
    db.db.execute(
        f"delete from {table} where {itself}"
        f" and exists (select 1 from {table} o where {alike} and ({another}))",
        (*(opened[name] for name in kept.key), *words),
    )


def _is_other(value: object, switched: Switch) -> bool:
    """It is not as it is to be."""
    return bool(value) and is_sealed(value) != switched.is_on


def _keep(db: Db, switched: Switch, now: float) -> None:
    db.execute(KEPT, (NAME, json.dumps(asdict(switched)), now))


def told(switched: Switch) -> Mapping[str, Any]:
    """For a page and a command."""
    return {
        "encrypted": switched.is_on,
        "working": switched.goes_on,
        "done": switched.done,
        "of": switched.of,
        "since": switched.at or None,
    }
