"""Runs of starts: each begun once, whoever asks and however often, and for whom it could not be brought.

A run has one row by what it is due for. For each person there is one turn, or why there is none. Both are
written in one step, so that a death in between leaves nobody out and nobody twice.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from runtime.message import NOBODY, Message
from runtime.store.database import Database, Db, Row
from runtime.store.messages.accepting import Accepting
from runtime.store.messages.handed import find as handed
from runtime.store.messages.newest import Newest, newest
from runtime.store.messages.person_values import tagged
from runtime.store.messages.states import OPEN_RUNS, RUN_STEPS, RunState, among, before
from runtime.store.messages.upsert import upsert
from runtime.store.messages.waking import DUE, wake_others
from runtime.store.messages.wished import wish_of

SAME = "select id from runs where publication=? and start=? and key=?"
KEPT = 200
"""Runs of one start that are remembered."""
OPEN = f"state in ({among(OPEN_RUNS)})"
"""The index `runs_open` has the same words."""

WHY = ("left", "stopped", "forgotten", "handed", "window", "quota", "never_wrote", "cannot")
"""Why somebody has no turn. left: they do not follow any more. stopped: they want nothing that is announced
to everybody, or all who have a tag. forgotten: they wished to be. handed: a human
has them. window, quota: the platform brings them nothing now, or nothing more. never_wrote: nobody is written
to there first. cannot: nothing can be sent there at all."""


@dataclass(frozen=True)
class Everybody:
    """Who wrote."""


@dataclass(frozen=True)
class Tagged:
    """Who has that tag."""

    tag: str


Whom = Sequence[str] | Everybody | Tagged
"""For whom a run is; a sequence: those of these names."""
NOTED = """
insert into run_people(run, publication, sender, seq, code) values(?,?,?,?,?) on conflict do nothing
"""

Judge = Callable[[Newest | None, int], str]
"""One of these, or "" for who can be brought something, by what they wrote last and was pushed since."""


@dataclass(frozen=True)
class Run:
    """`key`: what it is due for; `begun`: what its flow sees of that. `place`: the last person that it came
    to. Times in seconds since 1970."""

    id: int
    publication: str
    start: str
    key: str
    due: float
    at: float
    state: RunState
    begun: Mapping[str, Any]
    place: str
    code: str = ""

    def at_place(self, place: str) -> "Run":
        return replace(self, place=place)


class Schedule(NamedTuple):
    """`rule`: what says when it is due; another one is another schedule."""

    publication: str
    start: str
    rule: str


class Runs:
    """Every method is one durable step. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(
        self,
        publication: str,
        start: str,
        key: str,
        now: float,
        *,
        due: float | None = None,
        begun: Mapping[str, Any],
        state: RunState = "due",
        code: str = "",
        most_open: int = 0,
    ) -> tuple[int, bool] | None:
        """Its id, and whether it is new: of one key there is one run. None: `most_open` wait already."""
        at = now if due is None else due

        def work(db: Db) -> tuple[int, bool] | None:
            if row := db.execute(SAME, (publication, start, key)).fetchone():
                return row["id"], False
            if most_open and _open(db, publication, start) >= most_open:
                return None
            return insert(db, publication, start, key, at, now, dict(begun), state, code), True

        return await self._database.write(work)

    async def came(
        self, schedule: Schedule, upto: float, run: tuple[float, RunState, str] | None, now: float
    ) -> None:
        """A schedule was looked at up to that moment. `run`: when it was due, and what becomes of that."""
        publication, start, rule = schedule

        def work(db: Db) -> None:
            sql = upsert("schedules", "publication, start", "rule, since")
            db.execute(sql, (publication, start, rule, upto))
            if run is None:
                return
            due, state, code = run
            if not db.execute(SAME, (publication, start, key := f"at {due:.0f}")).fetchone():
                insert(db, publication, start, key, due, now, {}, state, code)

        await self._database.write(work)

    async def since(self) -> dict[Schedule, float]:
        """Up to when each schedule was looked at."""
        sql = "select publication, start, rule, since from schedules"
        return await self._database.read(
            lambda db: {Schedule(*row[:3]): row["since"] for row in db.execute(sql)}
        )

    async def forget(self, publication: str, start: str) -> None:
        """Nobody has that schedule any more: should it come again, it begins anew."""
        sql = "delete from schedules where publication=? and start=?"
        await self._database.write(lambda db: db.execute(sql, (publication, start)).rowcount)

    async def open(self) -> list[Run]:
        """Those that are to begin, or are not through their people, oldest first."""
        sql = f"select * from runs indexed by runs_open where {OPEN} order by id limit 100"
        return await self._database.read(lambda db: [_run(row) for row in db.execute(sql)])

    async def for_people(
        self, run: Run, people: Whom, most: int, judge: Judge, now: float
    ) -> tuple[list[tuple[int, Message]], str]:
        """The next of its people: their turns, as messages that wait for theirs, and where it goes on; "" at
        the end."""

        def work(db: Db) -> tuple[list[tuple[int, Message]], str]:
            group = _next(db, run.publication, run.place, people, most)
            made = [found for sender in group if (found := _one(db, run, sender, people, judge, now))]
            place = group[-1] if len(group) == most else ""
            sql = f"update runs set state=?, place=? where id=? and {OPEN}"
            db.execute(sql, ("running" if place else "made", place, run.id))
            _emptied(db, run.id)
            return made, place

        return await self._database.write(work)

    async def for_nobody(self, run: Run, now: float) -> tuple[int, Message] | None:
        """The turn that is nobody's; None when it has it already."""

        def work(db: Db) -> tuple[int, Message] | None:
            sender = f"{NOBODY}{run.start}"
            message = _message(run, sender, now)
            accepted = Accepting(run.publication, message, now)(db)
            seq = accepted.seq
            _note(db, run, sender, seq, "")
            db.execute(f"update runs set state='made' where id=? and {OPEN}", (run.id,))
            _emptied(db, run.id)
            return (seq, message) if accepted.is_to_begin else None

        return await self._database.write(work)

    async def happened(self, publication: str, start: str, sender: str, seq: int, now: float) -> None:
        """Somebody's own message began it."""

        def work(db: Db) -> None:
            run = insert(db, publication, start, f"of {seq}", now, now, {}, "made", "")
            db.execute(NOTED, (run, publication, sender, seq, ""))

        await self._database.write(work)

    async def end(self, id: int, state: RunState, code: str = "") -> None:
        """Nothing changes where that state may not follow."""
        earlier = among(before(state, RUN_STEPS))
        sql = f"update runs set state=?, code=? where id=? and state in ({earlier})"
        await self._database.write(lambda db: db.execute(sql, (state, code, id)).rowcount)

    async def not_brought(self, seq: int, code: str) -> None:
        """Its result did not get where its owner wants it."""
        sql = "update run_people set code=? where seq=?"
        await self._database.write(lambda db: db.execute(sql, (code, seq)).rowcount)


def _open(db: Db, publication: str, start: str) -> int:
    sql = f"select count(*) from runs indexed by runs_open where {OPEN} and publication=? and start=?"
    return int(db.execute(sql, (publication, start)).fetchone()[0])


def insert(
    db: Db,
    publication: str,
    start: str,
    key: str,
    due: float,
    now: float,
    begun: Mapping[str, Any],
    state: RunState = "due",
    code: str = "",
) -> int:
    """A run, new where there is none of that key; the oldest of its start are forgotten then. Its number."""
    sql = (
        "insert into runs(publication, start, key, due, at, begun, state, code) values(?,?,?,?,?,?,?,?)"
        " on conflict do nothing returning id"
    )
    told = json.dumps(begun, ensure_ascii=False)
    made = db.execute(sql, (publication, start, key, due, now, told, state, code)).fetchone()
    if made is None:
        return int(db.execute(SAME, (publication, start, key)).fetchone()["id"])
    wake_others(db, DUE)
    old = (
        f"delete from runs where publication=? and start=? and not {OPEN} and id <="
        " (select id from runs where publication=? and start=? order by id desc limit 1 offset ?)"
    )
    db.execute(old, (publication, start, publication, start, KEPT))
    return int(made["id"])


def _next(db: Db, publication: str, after: str, people: Whom, most: int) -> list[str]:
    """The next people by their names; of everybody one look each, however much they wrote."""
    if isinstance(people, Tagged):
        return tagged(db, publication, after, people.tag, most)
    if not isinstance(people, Everybody):
        return sorted(one for one in people if one > after)[:most]
    sql = "select min(sender) from messages indexed by conversation where publication=? and sender>?"
    found: list[str] = []
    while len(found) < most and (sender := db.execute(sql, (publication, after)).fetchone()[0]) is not None:
        after = sender
        if not sender.startswith(NOBODY):
            found.append(sender)
    return found


def _one(db: Db, run: Run, sender: str, people: Whom, judge: Judge, now: float) -> tuple[int, Message] | None:
    """Their turn, unless there is none for them, or they have it already."""
    sql = "select 1 from run_people where run=? and sender=?"
    if db.execute(sql, (run.id, sender)).fetchone():
        return None
    stopped = not isinstance(people, Sequence) and wish_of(db, run.publication, sender) == "nothing"
    if why := "stopped" if stopped else _why_not(db, run.publication, sender, judge, now):
        _note(db, run, sender, None, why)
        return None
    accepted = Accepting(run.publication, message := _message(run, sender, now), now)(db)
    _note(db, run, sender, accepted.seq, "")
    return (accepted.seq, message) if accepted.is_to_begin and accepted.state == "accepted" else None


def _why_not(db: Db, publication: str, sender: str, judge: Judge, now: float) -> str:
    if handed(db, publication, sender, now):
        return "handed"
    last = newest(db, publication, sender, reports=True)
    if last is not None and last.message.data.get("event") == "left":
        return "left"
    sql = "select 1 from moments indexed by moments_of where seq=? and what='forgotten'"
    if last is not None and db.execute(sql, (last.seq,)).fetchone():
        return "forgotten"
    wrote = newest(db, publication, sender)
    return judge(wrote, wrote.pushed(db) if wrote else 0)


def _message(run: Run, sender: str, now: float) -> Message:
    data = {"start": run.start, "begun": dict(run.begun), "due": run.due}
    # Nobody's turn has no conversation that it goes on with.
    history = () if sender.startswith(NOBODY) else None
    return Message(f"run {run.id}", sender, "", "start", now, data, history=history)


def _note(db: Db, run: Run, sender: str, seq: int | None, code: str) -> None:
    db.execute(NOTED, (run.id, run.publication, sender, seq, code))


def _run(row: Row) -> Run:
    told = json.loads(row["begun"]) if row["begun"] else {}
    named = ("id", "publication", "start", "key", "due", "at", "state", "place", "code")
    return Run(**{name: row[name] for name in named}, begun=told)


def _emptied(db: Db, id: int) -> None:
    """What it was called with is in its turns, and goes with their people."""
    db.execute("update runs set begun='' where id=? and state='made'", (id,))
