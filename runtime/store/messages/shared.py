"""Places that an agent gives to everybody, each to one person alone, see runtime.shared.

Every key has a row, whose change is what writers wait for each other at: `taken` never passes what there is,
whoever else claims in whatever process. With a claim goes the step of the turn that made it, so that it is
made once.
"""

from collections.abc import Sequence
from typing import Any

from runtime.shared import FULL, Claimed, Held, Room, Wanted, decided
from runtime.store.database import Database, Db
from runtime.store.messages.people import Face, faces_of
from runtime.store.messages.person_values import note_step, step_result

ANY_NUMBER = 2**53


class Shared:
    """Every method is one durable step. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, face: Face, agent: str, wanted: Wanted, now: float, *, seq: int, step: str
    ) -> Claimed:
        """Once for each `step` of that message's turn."""

        def work(db: Db) -> Claimed:
            if (done := step_result(db, seq, step)) is not None:
                return Claimed(**done)
            claimed = claim(db, face, agent, wanted, now, seq)
            note_step(db, seq, step, vars(claimed))
            return claimed

        return await self._database.write(work)

    async def release(self, face: Face, agent: str, name: str, key: str, *, seq: int, step: str) -> int:
        """How many places the person gave back; once for each `step`. "": of all keys."""

        def work(db: Db) -> int:
            if (done := step_result(db, seq, step)) is not None:
                return int(done)
            mine = [one for one in held(db, faces_of(db, face), agent, name) if key in ("", one.key)]
            freed = sum(one.places for one in mine if free(db, one.id))
            note_step(db, seq, step, freed)
            return freed

        return await self._database.write(work)

    async def held(self, face: Face, agent: str, name: str) -> list[Held]:
        """The person's, on all their surfaces, in the order in which they were claimed."""
        return await self._database.read(lambda db: held(db, faces_of(db, face), agent, name))

    async def rooms(self, agent: str, name: str, keys: Sequence[str]) -> list[Room]:
        """Of these keys, as far as anybody ever claimed one."""
        return await self._database.read(lambda db: rooms(db, agent, name, keys))

    async def full(self, agent: str, name: str, cap: int | None, beginning: str) -> list[str]:
        """Keys of which nothing is left, such as begin so."""
        return await self._database.read(lambda db: full(db, agent, name, cap, beginning))

    async def free(self, agent: str, id: int) -> bool:
        """By the operator. Whether there was such a claim of that agent's."""
        return await self._database.write(lambda db: free_of(db, agent, id))

    async def set_places(self, agent: str, name: str, key: str, places: int | None, now: float) -> None:
        """How many there are of one key; fewer than are taken frees none. None: as the agent's file says."""
        await self._database.write(lambda db: set_places(db, agent, name, key, places, now))


def claim(db: Db, face: Face, agent: str, wanted: Wanted, now: float, seq: int) -> Claimed:
    name, key, places = wanted.name, wanted.key, wanted.places
    row = _locked(db, agent, name, key, now)
    cap = wanted.cap if row["places"] is None else int(row["places"])
    left = None if cap is None else max(cap - int(row["taken"]), 0)
    mine = held(db, faces_of(db, face), agent, name)
    here = [one for one in mine if one.key == key]
    has = sum(one.places for one in here)
    outcome = decided(wanted, mine, left)
    if outcome != "taken":
        number = here[-1].number if here else 0
        _tidy(db, agent, name, key, 0)
        return Claimed(outcome, has, number, _ahead(db, agent, name, key, number), left)
    number = int(row["number"]) + 1
    sql = (
        "insert into shared_claims(agent, name, key, number, places, publication, sender, seq, at)"
        " values(?,?,?,?,?,?,?,?,?)"
    )
    made = db.execute(sql, (agent, name, key, number, places, face.publication, face.sender, seq, now))
    if not made.rowcount:
        _tidy(db, agent, name, key, 0)
        return Claimed("gone")
    sql = "update shared_keys set taken=taken+?, number=? where agent=? and name=? and key=?"
    db.execute(sql, (places, number, agent, name, key))
    ahead = _ahead(db, agent, name, key, number)
    return Claimed("taken", has + places, number, ahead, None if left is None else left - places)


def _locked(db: Db, agent: str, name: str, key: str, now: float) -> Any:
    """The key's row, which nobody else changes before the transaction is over."""
    which = (agent, name, key)
    sql = (
        "insert into shared_keys(agent, name, key, at) values(?,?,?,?)"
        " on conflict(agent, name, key) do nothing"
    )
    db.execute(sql, (*which, now))
    db.execute("update shared_keys set at=? where agent=? and name=? and key=?", (now, *which))
    sql = "select taken, places, number from shared_keys where agent=? and name=? and key=?"
    row = db.execute(sql, which).fetchone()
    return row or _locked(db, agent, name, key, now)  # who had it just tidied it away


def _tidy(db: Db, agent: str, name: str, key: str, number: int) -> None:
    """Keep no row of a key that nobody has, and that came no further than that number: somebody typed it."""
    sql = (
        "delete from shared_keys where agent=? and name=? and key=?"
        " and taken<=0 and places is null and number<=?"
    )
    db.execute(sql, (agent, name, key, number))


def _ahead(db: Db, agent: str, name: str, key: str, number: int) -> int:
    sql = "select count(*) from shared_claims where agent=? and name=? and key=? and number<?"
    return int(db.execute(sql, (agent, name, key, number)).fetchone()[0])


def held(db: Db, faces: Sequence[Face], agent: str, name: str) -> list[Held]:
    sql = (
        "select id, key, number, places, at, publication, sender, seq from shared_claims"
        " where publication=? and sender=? and agent=? and name=? order by id"
    )
    rows = [row for one in faces for row in db.execute(sql, (one.publication, one.sender, agent, name))]
    return sorted((Held(**row) for row in rows), key=lambda one: one.id)


def rooms(db: Db, agent: str, name: str, keys: Sequence[str]) -> list[Room]:
    marks = ", ".join("?" * len(keys))
    sql = f"select key, taken, places from shared_keys where agent=? and name=? and key in ({marks})"
    return [Room(**row) for row in db.execute(sql, (agent, name, *keys))]


def full(db: Db, agent: str, name: str, cap: int | None, beginning: str) -> list[str]:
    sql = (
        "select key from shared_keys where agent=? and name=? and substr(key, 1, ?)=?"
        " and taken >= coalesce(places, ?) order by key desc limit ?"
    )
    most = 2**53 if cap is None else cap
    found = db.execute(sql, (agent, name, len(beginning), beginning, most, FULL))
    return sorted(row["key"] for row in found)


def free(db: Db, id: int) -> bool:
    """Give back one claim. Whether there was one."""
    sql = "select agent, name, key, places from shared_claims where id=?"
    row = db.execute(sql, (id,)).fetchone()
    if row is None or not db.execute("delete from shared_claims where id=?", (id,)).rowcount:
        return False
    sql = "update shared_keys set taken=taken-? where agent=? and name=? and key=?"
    db.execute(sql, (row["places"], row["agent"], row["name"], row["key"]))
    return True


def free_of(db: Db, agent: str, id: int) -> bool:
    found = db.execute("select 1 from shared_claims where id=? and agent=?", (id, agent)).fetchone()
    return found is not None and free(db, id)


def set_places(db: Db, agent: str, name: str, key: str, places: int | None, now: float) -> None:
    sql = (
        "insert into shared_keys(agent, name, key, places, at) values(?,?,?,?,?)"
        " on conflict(agent, name, key) do update set places=excluded.places, at=excluded.at"
    )
    db.execute(sql, (agent, name, key, places, now))


def forget(db: Db, face: Face) -> None:
    """The places of somebody who is forgotten are free again."""
    sql = "select id, agent, name, key from shared_claims where publication=? and sender=?"
    for row in db.execute(sql, (face.publication, face.sender)).fetchall():
        free(db, row["id"])
        _tidy(db, row["agent"], row["name"], row["key"], ANY_NUMBER)


def exported(db: Db, face: Face) -> list[dict[str, Any]]:
    sql = (
        "select agent, name, key, number, places, at from shared_claims"
        " where publication=? and sender=? order by id"
    )
    return [dict(row) for row in db.execute(sql, (face.publication, face.sender))]
