"""A person's keys are destroyed before anything else of theirs goes: what they sealed opens nowhere."""

from collections.abc import Sequence
from typing import Any

from runtime.store.database import Db
from runtime.store.sealing.columns import TABLES, WHOSE
from runtime.store.sealing.data_keys import Owner
from runtime.store.sealing.sealed_db import SealedDb

Upto = tuple[str, str, int]
"""Publication, sender, and the number from which on their messages stay."""
STAYS = "select seq from messages where publication=? and sender=? and seq>=?"


def shred(db: Db, faces: Sequence[Upto], person: int | None) -> None:
    """What stays of those faces is sealed anew, by another key."""
    owners: list[Owner] = [(publication, sender) for publication, sender, _ in faces]
    if person is not None:
        owners.append(("", str(person)))
    if not isinstance(db, SealedDb):
        db.executemany("delete from data_keys where publication=? and sender=?", owners)
        return
    stays = [
        (table, row)
        for face in faces
        for (seq,) in db.execute(STAYS, face).fetchall()
        for table, row in _of_message(db, seq)
    ]
    db.shred(owners)
    for table, row in stays:
        write(db, table, row)


def write(db: Db, table: str, row: Any) -> None:
    """The same row once more, as rows are written now."""
    kept = TABLES[table]
    sets = ", ".join(f"{name}=?" for name in kept.columns)
    where = " and ".join(f"{name}=?" for name in kept.key)
    values = (*(row[name] for name in kept.columns), *(row[name] for name in kept.key))
    db.execute(f"update {table} set {sets} where {where}", values)


def _of_message(db: Db, seq: int) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for table, kept in TABLES.items():
        if "seq" in (*kept.key, *WHOSE[kept.of]):
            columns = ", ".join((*kept.key, *kept.columns))
            rows = db.execute(f"select {columns} from {table} where seq=?", (seq,)).fetchall()
            found += [(table, row) for row in rows]
    return found
