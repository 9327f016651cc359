"""Turns that wait, seen and decided beside a running gateway."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from runtime.errors import StoreFailed
from runtime.store.messages import asked_others
from runtime.store.messages.beside import is_there, look, writing
from runtime.store.messages.waits import MOST_LISTED, OPEN, Waits, counted, longest_waiting, open_waits

LONGEST_NOTE = 1000
"""Characters of what who decides says to it."""


class WaitsList:
    """What is said here is taken up by a running gateway within seconds, else by the next start.

    Raises StoreFailed. Each may block for up to 2 s.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(
        self, publication: str = "", kind: str = "", *, before: int = 0, most: int = MOST_LISTED
    ) -> list[Waits]:
        """The newest first, of those with a smaller number than `before`."""
        return look(
            self._path, lambda db: open_waits(db, publication, "", kind, before=before, most=most), []
        )

    def longest(self, kind: str, skip: int, most: int, within: Collection[str] | None = None) -> list[Waits]:
        """Of one kind, the oldest first. `within`: of these publications."""
        return look(self._path, lambda db: longest_waiting(db, kind, skip, most, within), [])

    def counted(self, within: Collection[str] | None = None) -> dict[str, int]:
        """How many are open, by kind."""
        return look(self._path, lambda db: counted(db, within), {})

    def decide(self, id: int, *, yes: bool, by: str, note: str, now: float) -> bool:
        """Whether this is the decision: it waits for one, and has none."""
        data = {"yes": yes, "by": by, "note": note[:LONGEST_NOTE]}
        return self._come(id, "decision", {"kind": "decision", "data": data, "at": now})

    def cancel(self, id: int, now: float) -> bool:
        """Whether it was open, whatever it waits for."""
        return self._come(id, "", {"kind": "cancelled", "data": {}, "at": now})

    def _come(self, id: int, kind: str, came: Mapping[str, Any]) -> bool:
        """`came`: as turn.waiting.Came is written."""
        if not is_there(self._path):
            return False
        sql = f"update waits set came=? where id=? and (?='' or kind=?) and {OPEN}"
        row = (json.dumps(came, ensure_ascii=False), id, kind, kind)
        try:
            with writing(self._path) as db:
                if db.execute(sql, row).rowcount != 1:
                    return False
                asked_others.came(db, id, came, came["at"])
                return True
        except StoreFailed as e:
            if e.code == "tables":
                return False  # of an older version, not brought forward yet
            raise
