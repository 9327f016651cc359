"""What agents share, seen and changed by an operator beside a running gateway."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.shared import Held
from runtime.store.database import Row
from runtime.store.messages.beside import look, writing
from runtime.store.messages.shared import free_of, set_places

LISTED = 1000
"""Keys, or claims, at most."""


@dataclass(frozen=True)
class Key:
    """`taken`: places; `places`: as the operator says, None: as the agent's file does."""

    name: str
    key: str
    taken: int
    claims: int
    places: int | None


class SharedList:
    """Raises StoreFailed. Each may block for up to 2 s."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keys(self, agent: str, name: str = "", most: int = LISTED) -> list[Key]:
        """Of which something is taken, or for which the operator said how many there are."""
        sql = (
            "select name, key, taken, places, (select count(*) from shared_claims c"
            " where c.agent=k.agent and c.name=k.name and c.key=k.key) as claims"
            " from shared_keys k where agent=? and (?='' or name=?) and (taken>0 or places is not null)"
            " order by name, key desc limit ?"
        )
        return [Key(**row) for row in self._rows(sql, (agent, name, name, most))]

    def claims(self, agent: str, name: str, key: str | None = None, most: int = LISTED) -> list[Held]:
        """The earliest first. None: of all keys."""
        sql = (
            "select id, key, number, places, at, publication, sender, seq from shared_claims"
            " where agent=? and name=? and (?=1 or key=?) order by key, number limit ?"
        )
        every = 1 if key is None else 0
        return [Held(**row) for row in self._rows(sql, (agent, name, every, key or "", most))]

    def free(self, agent: str, id: int) -> bool:
        """See Shared.free."""
        with writing(self._path) as db:
            return free_of(db, agent, id)

    def set_places(self, agent: str, name: str, key: str, places: int | None, now: float) -> None:
        """See Shared.set_places."""
        with writing(self._path) as db:
            set_places(db, agent, name, key, places, now)

    def _rows(self, sql: str, values: tuple[Any, ...]) -> list[Row]:
        return look(self._path, lambda db: db.execute(sql, values).fetchall(), [])
