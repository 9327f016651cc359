"""Works about different people go abreast in one transaction; nothing tells it from one after another."""

import asyncio
import threading
from contextlib import closing
from pathlib import Path

import pytest
from postgres_rows import add_one, ask, counted

from runtime.message import Quota
from runtime.store.database import OfOne, of_one
from runtime.store.database.batches import Job
from runtime.store.database.postgres import PostgresDatabase
from runtime.store.database.postgres_abreast import done_abreast, of_many_people, told_apart
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.parts import Carried, Part
from runtime.store.messages.tables import TABLES
from script import wrote

PEOPLE = ("ann", "bob", "cid", "dan")
QUOTA = Quota(5, 1000)
LEFT = (
    "select seq, sender, key, state, reply, response, failure, doubt, version from messages order by seq",
    "select seq, number, text, state, route, code from parts order by seq, number",
    "select seq, at, what, detail from moments order by seq, rowid",
    "select kind, name, day, tokens, cost, unpriced, messages from spent order by kind, name",
    "select publication, sender, seq, state from handed order by sender",
)


class Kept:
    """Writes that are not done yet."""

    def __init__(self):
        self.works = []

    async def write(self, work, *, scrub=False):
        self.works.append(work)


def lane(n):
    return "p", PEOPLE[n % 4]


async def all_works():
    """What comes of twelve messages of four people, two of them twice, in the order of asking."""
    kept = Kept()
    messages = object.__new__(Messages)
    messages.database = kept
    for n in range(12):
        message = wrote(f"问{n}", id=f"m{n % 10}", sender=PEOPLE[n % 10 % 4])
        await messages.accept("p", message, float(n), 3, desk_seconds=60.0 if n % 3 else 0)
    for n in range(4):
        failure = "down" if n == 1 else ""
        spent = [
            ("model", "demo", "2026-11-30", 10, 0.5, n, 0),
            ("person", PEOPLE[n], "2026-11-30", 10, 0.5, 0, 1),
        ]
        outcome = Outcome(f"答{n}", 1, failure, doubt=n == 1, spent=spent)
        push = (*lane(n), QUOTA) if n in (0, 2) else None
        over = (*lane(n), 60.0) if n == 2 else None
        await messages.finish(
            n + 1, outcome, [f"答{n}"], 20.0, "answered", push, lane=lane(n), hand_over=over, respond=n == 3
        )
    return kept.works


def after(works, way, db):
    db.run("truncate messages, parts, moments, spent, handed, waits restart identity cascade")
    results = way(db, works)
    return repr(results), [[tuple(row) for row in db.execute(sql)] for sql in LEFT]


def one_after_another(db, works):
    return [work(db) for work in works]


def abreast(db, works):
    jobs = [Job(work, None, None) for work in works]
    runs = list(of_many_people(jobs))
    assert max(map(len, runs)) == 4
    return [result for run in runs for result in done_abreast(db, [job.work for job in run])]


@pytest.mark.plain("its works see the store themselves")
async def test_what_goes_abreast_comes_to_what_it_comes_to_one_after_another(in_postgresql):
    works = await all_works()
    with closing(Messages(Path("/nowhere/messages.db"))) as messages:
        alone, together = [
            await messages.database.write(lambda db, way=way: after(works, way, db))
            for way in (one_after_another, abreast)
        ]
    assert together == alone
    assert {state for _, _, _, state, *_ in alone[1][0]} >= {"accepted", "answered", "delivered", "handed"}


async def test_a_part_that_left_is_noted_for_each_in_four_round_trips(in_postgresql, monkeypatch):
    with closing(Messages(Path("/nowhere/messages.db"))) as messages:
        for n in range(8):
            seq = (await messages.accept("p", wrote(id=f"m{n}", sender=f"u{n}"), 1.0)).seq
            push = ("p", f"u{n}", QUOTA)
            await messages.finish(seq, Outcome("好", 1), ["好"], 2.0, "answered", push)
        kept, database = Kept(), messages.database
        monkeypatch.setattr(messages.parts, "_database", kept)
        for n in range(8):
            await messages.parts.pushed(Part(n + 1, 0, "好"), "sent", "", 3.0, lane=("p", f"u{n}"))
            await messages.parts.carry(n + 1, "p", f"u{n}", lambda *_: Carried("", []), 4.0)
        asked = []

        def counted(db):
            run = db._run
            db._run = lambda work: asked.append(work.__name__) or run(work)
            done_abreast(db, kept.works[::2])
            del db._run

        await database._inner.write(counted)  # which sees what is sent
        assert asked == ["_fetch_each"] * 3  # the part, the moment, the message
        states = await database.read(lambda db: db.execute("select distinct state from messages").fetchall())
        assert [tuple(row) for row in states] == [("delivered",)]


JOBS = [
    ("each of another", "abcd", ["abcd"]),
    ("a person's second comes behind their first", "abacb", ["ab", "acb"]),
    ("nobody's stands alone", "ab.cd..", ["ab", ".", "cd", ".", "."]),
    ("none", "", []),
]


@pytest.mark.parametrize(("asked", "runs"), [row[1:] for row in JOBS], ids=[row[0] for row in JOBS])
def test_who_goes_abreast(asked, runs):
    jobs = [
        Job(of_one(None if who == "." else ("p", who), lambda db, who=who: who), None, None) for who in asked
    ]
    assert ["".join(job.work(None) for job in some) for some in of_many_people(jobs)] == runs


async def test_one_that_fails_ends_all_that_stand_beside_it(in_postgresql):
    ended = []

    def waits(db):
        try:
            db.execute("select 1")
            db.execute("select 2")
        finally:
            ended.append("beside")

    def fails(db):
        db.execute("select 1")
        raise KeyError("mine")

    def work(db):
        with pytest.raises(KeyError, match="mine"):
            done_abreast(db, [OfOne(("p", "a"), waits), OfOne(("p", "b"), fails)])
        return db.execute("select 3 as n").fetchone()["n"]

    with closing(Messages(Path("/nowhere/messages.db"))) as messages:
        assert await messages.database.write(work) == 3
    assert ended == ["beside"]


TOLD = [
    ("select a from t where b=?", "with q as (select a from t where b=?) select q.*, 0 + ? as place from q"),
    (
        "update t set a=?",
        "with q as (update t set a=? returning 1) select count(*) as changed, 0 + ? as place from q",
    ),
    (
        "insert into t values(?) returning a",
        "with q as (insert into t values(?) returning a) select q.*, 0 + ? as place from q",
    ),
    ("select a from t where b=:name", None),
    ("with q as (select 1) select * from q", None),
]


@pytest.mark.parametrize(("sql", "marked"), TOLD)
def test_whose_row_it_is_stands_at_its_end(sql, marked):
    assert told_apart(sql) == marked


async def test_what_comes_while_the_lock_is_waited_for_shares_the_commit(in_postgresql, url, monkeypatch):
    commits, end = [], PostgresDatabase._end
    monkeypatch.setattr(PostgresDatabase, "_end", lambda self, *a: commits.append(1) or end(self, *a))
    had, waits = threading.Event(), threading.Event()

    def holding(db):
        had.set()
        return waits.wait(10)

    with closing(PostgresDatabase(url, TABLES)) as one, closing(PostgresDatabase(url, TABLES)) as other:
        first = one.post(holding)
        await asyncio.to_thread(had.wait, 10)
        waiting = [other.post(add_one)]
        while not ask(url, "select 1 from pg_locks where locktype='advisory' and not granted"):  # noqa: ASYNC110 # it is told by nobody
            await asyncio.sleep(0.01)
        waiting += [other.post(add_one) for _ in range(20)]
        waits.set()
        await asyncio.gather(first, *waiting)
    assert (len(commits), counted(url)) == (2, 21)
