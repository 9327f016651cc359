"""A key for each person, as the store has it: sealed by the installation's. Without its row nothing opens."""

import base64
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime.newest import Newest
from runtime.store.database import Db

if TYPE_CHECKING:
    from runtime.store.control.secrets import SecretBox

DATA_KEYS = """create table if not exists data_keys(
  id integer primary key autoincrement, publication text not null, sender text not null,
  sealed text not null, unique(publication, sender))"""
"""Of somebody on a surface; of a person as a whole, publication is "" and sender their number."""
FOUND = "select id, sealed from data_keys where publication=? and sender=?"
MADE = "insert into data_keys(publication, sender, sealed) values(?,?,?) on conflict do nothing"
BY_ID = "select publication, sender, sealed from data_keys where id=?"
STATE = "select value from facts where name='sealing'"
KEY_BYTES = 32
LOOKED = 8.0
"""Seconds for which it counts whether the store is sealed, once it was looked up: several instances notice
in so long."""
OPENED = 10_000
"""Keys that are remembered once they were opened."""

Owner = tuple[str, str]
NOBODY: Owner = ("", "")
"""Whose key seals what is nobody's in particular."""


class Ring:
    """Opens keys, and makes them. `box`: of the installation; told whether it may be made anew."""

    def __init__(self, box: "Callable[[bool], SecretBox]") -> None:
        self._make = box
        self._box: SecretBox | None = None
        self._opened: Newest[str, AESGCM] = Newest(OPENED)
        self._state: tuple[float, bool, bool] | None = None

    def is_on(self, db: Db) -> bool:
        """Whether what is written is sealed."""
        return self._looked(db)[2]

    def is_needed(self, db: Db) -> bool:
        """Whether anything may be sealed: it costs nothing where nobody ever wanted that."""
        return self._looked(db)[1]

    def known(self) -> bool | None:
        """Whether it is on, as it was found lately; None: it is to be looked up."""
        state = self._state
        return state[2] if state is not None and time.monotonic() - state[0] <= LOOKED else None

    def _looked(self, db: Db) -> tuple[float, bool, bool]:
        state, now = self._state, time.monotonic()
        if state is None or now - state[0] > LOOKED:
            row = db.execute(STATE).fetchone()
            said = json.loads(row["value"]) if row else {}
            is_on = said.get("to") == "on"
            state = self._state = (
                now,
                is_on or (bool(said) and said.get("ended") is None),
                is_on and bool(said.get("begun", True)),
            )
        return state

    def look_again(self) -> None:
        """It was switched just now."""
        self._state = None

    def found(self, db: Db, owner: Owner) -> tuple[int, AESGCM] | None:
        """None: there is none yet."""
        row = db.execute(FOUND, owner).fetchone()
        return (int(row["id"]), self._cipher(db, row["sealed"], owner)) if row else None

    def by_owner(self, db: Db, owner: Owner) -> tuple[int, AESGCM]:
        """Made where there is none."""
        if (found := self.found(db, owner)) is None:
            key = base64.b64encode(os.urandom(KEY_BYTES)).decode()
            db.execute(MADE, (*owner, self._box_of(db).seal(key, named(owner))))
            found = self.found(db, owner)
        assert found is not None
        return found

    def by_id(self, db: Db, id: int) -> AESGCM | None:
        """None: it is gone."""
        row = db.execute(BY_ID, (id,)).fetchone()
        return self._cipher(db, row["sealed"], (row["publication"], row["sender"])) if row else None

    def forget(self) -> None:
        """All that were opened: one of them is gone."""
        self._opened.clear()

    def _cipher(self, db: Db, sealed: str, owner: Owner) -> AESGCM:
        if (known := self._opened.get(sealed)) is None:
            raw = base64.b64decode(self._box_of(db).open(sealed, named(owner)))
            known = self._opened[sealed] = AESGCM(raw)
        return known

    def _box_of(self, db: Db) -> "SecretBox":
        if self._box is None:
            is_new = db.execute("select 1 from data_keys limit 1").fetchone() is None
            self._box = self._make(is_new)
        return self._box


class Blind(Ring):
    """Opens nothing and seals nothing: for whoever only takes away."""

    def __init__(self) -> None:
        super().__init__(_none)

    def is_on(self, db: Db) -> bool:
        return False

    def is_needed(self, db: Db) -> bool:
        return True

    def by_id(self, db: Db, id: int) -> AESGCM | None:
        return None


def _none(is_new: bool) -> "SecretBox":
    raise AssertionError


def box_in(folder: Path, given: str) -> "SecretBox":
    """Of a home in use. Raises BadSettings when its key is gone."""
    from runtime.store.control.secrets import SecretBox  # with what is slow to load

    return SecretBox.in_folder(folder, given, is_new=False)


def named(owner: Owner) -> str:
    """What its key is sealed for."""
    return f"data key {owner[0]}|{owner[1]}"


def rewrapped(db: Db, box: "SecretBox", most: int) -> int:
    """Keys that an older key of the installation sealed are sealed by the newest; how many, `most` a time."""
    box.fresh()
    sql = "select id, publication, sender, sealed from data_keys where substr(sealed, 1, 9)<>? limit ?"
    rows = db.execute(sql, (f"{box.number}:", most)).fetchall()
    for row in rows:
        owner = named((row["publication"], row["sender"]))
        fresh = box.seal(box.open(row["sealed"], owner), owner)
        db.execute("update data_keys set sealed=? where id=?", (fresh, row["id"]))
    return len(rows)
