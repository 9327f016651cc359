"""Runs of starts, listed and begun beside a running gateway; and the addresses that programs call."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runtime.store.database import Database
from runtime.store.messages.beside import is_there, reading, writing
from runtime.store.messages.runs import insert
from runtime.store.messages.states import LOST, WAITING, RunState, among
from runtime.store.messages.upsert import upsert

LISTED = 20
PEOPLE = 1000
"""Of one run, that are listed."""
RUNS = f"""
select r.id, r.publication, r.start, r.due, r.at, r.state, r.code,
  count(p.sender) as people,
  count(*) filter (where m.state='delivered') as delivered,
  count(*) filter (where m.state in ({among((*WAITING, *LOST))})) as kept,
  count(*) filter (where m.failure<>'') as failed,
  count(*) filter (where p.sender is not null and p.seq is null) as left_out,
  coalesce(sum(m.prompt_tokens + m.completion_tokens), 0) as tokens, sum(m.cost) as cost
from (select * from runs where publication=:publication and :start in ('', start)
  order by id desc limit :most) r
left join run_people p on p.run=r.id left join messages m on m.seq=p.seq
group by r.id, r.publication, r.start, r.due, r.at, r.state, r.code order by r.id desc
"""
OF_RUN = """
select p.sender, p.seq, p.code, m.state, m.failure, m.reason from run_people p
left join messages m on m.seq=p.seq where p.run=? order by p.seq is not null, p.sender limit ?
"""


@dataclass(frozen=True)
class Ran:
    """A run and what became of it. `delivered`, `kept`, `failed`, `left_out`: of its people so many; kept is
    what waits for them, or for the account. Times in seconds since 1970."""

    id: int
    publication: str
    start: str
    due: float
    at: float
    state: RunState
    code: str
    people: int
    delivered: int
    kept: int
    failed: int
    left_out: int
    tokens: int
    cost: float | None


@dataclass(frozen=True)
class OfRun:
    """Somebody's turn in a run. `code`: why there is none, or why its result did not go where it should."""

    sender: str
    seq: int | None
    code: str
    state: str = ""
    failure: str = ""
    reason: str = field(default="", repr=False)


class RunsList:
    """Raises StoreFailed. Each may block for a few seconds."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def runs(self, publication: str, start: str = "", most: int = LISTED) -> list[Ran]:
        """The newest first. `start` "": of all."""
        if not is_there(self._path):
            return []
        with reading(self._path) as db:
            rows = db.execute(RUNS, {"publication": publication, "start": start, "most": most})
            return [Ran(**row) for row in rows]

    def people(self, run: int) -> list[OfRun]:
        """Those without a turn first, each with the reason."""
        if not is_there(self._path):
            return []
        with reading(self._path) as db:
            rows = db.execute(OF_RUN, (run, PEOPLE))
            return [OfRun(*row[:3], *(value or "" for value in row[3:])) for row in rows]

    def begin(self, publication: str, start: str, now: float) -> int:
        """Now, besides when it is due; a running gateway takes it up within seconds. Its number."""
        with writing(self._path) as db:
            key = f"now {uuid.uuid4()}"
            return insert(db, publication, start, key, now, now, {"due": ""})

    def addresses(self, publication: str) -> dict[str, float]:
        """Starts that have an address, and since when."""
        if not is_there(self._path):
            return {}
        with reading(self._path) as db:
            rows = db.execute("select start, at from hooks where publication=?", (publication,))
            return {row["start"]: row["at"] for row in rows}

    def new_address(self, publication: str, start: str, now: float) -> str:
        """What is to stand behind /hooks/: told only now, since its hash is kept. The one before ends."""
        token = secrets.token_urlsafe(32)
        sql = upsert("hooks", "publication, start", "hash, at")
        with writing(self._path) as db:
            db.execute(sql, (publication, start, hashed(token), now))
        return token

    def end_address(self, publication: str, start: str) -> bool:
        """Whether there was one."""
        with writing(self._path) as db:
            sql = "delete from hooks where publication=? and start=?"
            return bool(db.execute(sql, (publication, start)).rowcount)


class Addresses:
    """Of the starts that programs call, for the gateway. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, token: str) -> Sequence[str] | None:
        """Publication and start."""
        sql = "select publication, start from hooks where hash=?"
        row = await self._database.read(lambda db: db.execute(sql, (hashed(token),)).fetchone())
        return (row["publication"], row["start"]) if row else None


def hashed(token: str) -> str:
    # It has 256 random bits, so a plain hash cannot be guessed backwards.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
