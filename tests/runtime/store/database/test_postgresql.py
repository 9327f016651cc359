"""The store on PostgreSQL: one writer after the other, nothing lost, done twice, or taken from others."""

import asyncio
import socket
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from postgres_rows import COUNTED, add_one, ask, counted

from runtime.errors import StoreFailed
from runtime.message import Message
from runtime.store.database.dialect import translated
from runtime.store.database.postgres import PostgresDatabase, alone
from runtime.store.database.postgres_opening import SILENT_SECONDS, connected, ends_when_silent
from runtime.store.database.session import Session
from runtime.store.messages import states, tables
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.paces import Paces
from runtime.store.messages.restored import Restored, hold
from runtime.store.messages.tables import TABLES

MARKS = "select count(*) from batches"
PATH = Path("/nowhere/messages.db")
MESSAGE = "(seq, publication, sender, key, kind, text, message, accepted_at, state)"


@pytest.fixture
def database(url):
    with closing(PostgresDatabase(url, TABLES)) as database:
        yield database


def pid(db):
    return db.execute("select pg_backend_pid()").fetchone()[0]


async def test_two_programs_that_write_to_one_person_at_once_come_one_after_the_other(url):
    with closing(PostgresDatabase(url, TABLES)) as one, closing(PostgresDatabase(url, TABLES)) as other:
        await asyncio.gather(*(base.write(add_one) for _ in range(60) for base in (one, other)))
        paces = [Paces(base) for base in (one, other)]
        left = await asyncio.gather(
            *(pace.leave("app", "ann", lambda lately: len(lately) < 10, 60, 100) for pace in paces * 15)
        )
    assert counted(url) == 120
    assert sum(id is not None for id, _ in left) == 10


def test_a_connection_ends_when_nobody_takes_what_is_sent():
    server = socket.create_server(("127.0.0.1", 0))
    with server, socket.create_connection(server.getsockname()) as line:
        ends_when_silent(line)
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 1000 * SILENT_SECONDS


async def test_what_goes_wrong_in_one_of_many_undoes_only_itself(database, url):
    def wrong(db):
        add_one(db)
        raise KeyError("mine")

    def refused(db):
        add_one(db)
        db.execute("insert into facts(name, value, at) values('n', '0', 0)")

    works = [add_one, wrong, add_one, refused, add_one]
    came = await asyncio.gather(*map(database.write, works), return_exceptions=True)
    assert [type(one) for one in came] == [
        *(type(None), KeyError, type(None), asyncpg.UniqueViolationError, type(None))
    ]
    assert counted(url) == 3


async def test_a_connection_that_breaks_while_something_is_written_neither_loses_nor_repeats_it(
    database, url
):
    broke = []

    def breaks(db):
        add_one(db)
        if len(broke) < 2:
            broke.append(pid(db))
            ask(url, f"select pg_terminate_backend({broke[-1]}, 5000)")
        add_one(db)

    await database.write(breaks)
    await database.write(add_one)
    assert (len(set(broke)), counted(url)) == (2, 3)


@pytest.mark.parametrize("came_about", [True, False])
async def test_a_commit_whose_answer_is_lost_is_looked_up(database, url, monkeypatch, came_about):
    await database.write(add_one)
    run, lost = Session.run, []

    def losing(session, script):
        if script == "commit" and not lost:
            lost.append(pid(session))
            if came_about:
                run(session, script)
            ask(url, f"select pg_terminate_backend({lost[0]}, 5000)")
            raise asyncpg.ConnectionDoesNotExistError("cut")
        run(session, script)

    monkeypatch.setattr(Session, "run", losing)
    assert await database.write(lambda db: add_one(db) or "done") == "done"
    assert (len(lost), counted(url)) == (1, 2)


async def test_a_commit_that_still_runs_when_its_answer_is_lost_is_waited_for(database, url, monkeypatch):
    """As with a cut line: the server goes on with it."""
    await database.write(add_one)
    run, lost = Session.run, []

    def losing(session, script):
        if script == "commit" and not lost:
            lost.extend([threading.Timer(0.3, lambda: run(session, script)), session])
            database._writing = None  # nobody closes what the server goes on with
            lost[0].start()
            raise asyncpg.ConnectionDoesNotExistError("cut")
        run(session, script)

    monkeypatch.setattr(Session, "run", losing)
    await database.write(add_one)
    lost[0].join()
    await asyncio.to_thread(lost[1].close)
    assert counted(url) == 2


async def test_a_writer_leaves_no_mark_behind(url):
    database = PostgresDatabase(url, TABLES)
    await database.write(add_one)
    assert ask(url, MARKS)[0][0] == 1
    await asyncio.to_thread(database.close)
    assert ask(url, MARKS)[0][0] == 0


async def test_reading_goes_on_with_another_connection(database, url):
    ask(url, f"select pg_terminate_backend({await database.read(pid)}, 5000)")
    assert await database.read(lambda db: db.execute("select 1").fetchone()[0]) == 1
    with pytest.raises(StoreFailed, match="read-only"):
        await database.read(lambda db: db.execute(COUNTED))


def test_the_states_and_steps_are_those_of_the_tables(url):
    steps = {
        "messages": (states.MESSAGE_STEPS, MESSAGE, "1,'p','s','k','text','','{}',0"),
        "parts": (states.PART_STEPS, "(seq, number, text, state)", "1,0,''"),
        "handed": (states.HANDED_STEPS, "(publication, sender, seq, at, until, state)", "'p','s',1,0,1"),
        "outbox": (states.SAID_STEPS, "(publication, receiver, key, text, at, state)", "'p','s','k','',0"),
        "tickets": (states.TICKET_STEPS, "(publication, sender, seq, agent, at, state)", "'p','s',1,'a',0"),
        "runs": (states.RUN_STEPS, "(publication, start, key, due, at, state)", "'p','s','k',0,0"),
    }  # fmt: skip

    def refuses(session, sql, *given):
        try:
            session.execute(sql, given)
        except asyncpg.CheckViolationError:
            return True
        return False

    def work():
        wrong = []
        with closing(connected(url)) as session:
            session.run("begin")
            for table, (following, columns, values) in steps.items():
                put = f"insert into {table}{columns} values({values},?)"
                session.run("savepoint row")
                if not refuses(session, put, "lost"):
                    wrong.append((table, "lost"))
                session.run("rollback to row")
                for before in following:
                    session.run("savepoint row")
                    session.execute(put, (before,))
                    for after in following:
                        session.run("savepoint one")
                        allowed = after == before or after in following[before]
                        if refuses(session, f"update {table} set state=?", after) == allowed:
                            wrong.append((table, before, after))
                        session.run("rollback to one")
                    session.run("rollback to row")
                session.execute(put, (next(iter(following)),))
        return wrong

    assert alone(work) == []


async def test_an_older_program_goes_on_while_a_newer_one_adds_to_the_tables(alone_here):
    more = "create table if not exists later(id integer primary key autoincrement, who text)"
    step = f"alter table facts add column more text; {more}"
    steps = {**TABLES.steps, TABLES.version: step}
    newer = replace(TABLES, tables=f"{TABLES.tables}{more};", version=TABLES.version + 1, steps=steps)
    look = "select * from facts"
    with closing(PostgresDatabase(alone_here, TABLES)) as older:
        await older.write(lambda db: [add_one(db), db.execute(look).fetchall()])
        await older.read(lambda db: db.execute(look).fetchall())
        with closing(PostgresDatabase(alone_here, newer)) as one:
            await one.write(add_one)
        await older.write(lambda db: [db.execute(look).fetchall(), add_one(db)])
        assert len(await older.read(lambda db: db.execute(look).fetchone())) == 4
    assert counted(alone_here) == 3
    with pytest.raises(StoreFailed, match="newer version"):
        PostgresDatabase(alone_here, TABLES)


@pytest.mark.plain("it counts round trips")
async def test_what_many_write_at_once_is_stored_in_a_few_round_trips(in_postgresql, monkeypatch):
    asked, run, waits = [], Session._run, threading.Event()

    def counted(session, work):
        asked.append(work.__name__)
        return run(session, work)

    with closing(Messages(PATH)) as messages:
        first = messages.database.post(lambda db: waits.wait(10))
        monkeypatch.setattr(Session, "_run", counted)
        came = [Message(f"m{n % 40}", f"u{n % 40}", "在吗") for n in range(50)]
        storing = asyncio.gather(*(messages.accept("p", one, 1.0) for one in came))
        await asyncio.sleep(0)
        waits.set()
        await first
        assert sum(one.is_new for one in await storing) == 40
        monkeypatch.undo()
    # the first commits; begin, be alone, the messages, their moments; three for the repeats; commit
    assert len(asked) <= 1 + 2 + 2 + 3 + 1, asked


async def test_one_function_that_is_asked_for_twice_is_done_once_each_and_nothing_is_undone(
    database, url, monkeypatch
):
    tries, attempt, waits = [], PostgresDatabase._try, threading.Event()
    first = database.post(lambda db: waits.wait(10))
    monkeypatch.setattr(
        PostgresDatabase, "_try", lambda self, jobs, **how: tries.append(how) or attempt(self, jobs, **how)
    )
    both = [database.post(add_one), database.post(add_one)]
    waits.set()
    await asyncio.gather(first, *both)
    assert [how["careful"] for how in tries] == [False] * len(tries)
    assert counted(url) == 2


async def test_a_statement_is_planned_once_and_anew_when_its_table_has_grown(alone_here):
    ways = []

    def work():
        with closing(connected(alone_here)) as session:
            session.run("create table grows(id int primary key); insert into grows values(1); analyze grows")
            session.run("set plan_cache_mode=force_generic_plan")
            for many in (1, 20_000):
                session.run(f"insert into grows select * from generate_series(2, {many})")
                for _ in range(3):
                    session.execute("select id from grows where id=?", (1,))
                [way, *_] = session.execute("explain execute hongyan_1(1)").fetchone()
                ways.append(way.partition(" Scan")[0])
            session._plans_until = 0
            session.plan_anew()
            ways.append(session.execute("explain execute hongyan_1(1)").fetchone()[0].partition(" Scan")[0])

    alone(work)
    assert ways == ["Seq", "Seq", "Index Only"]


@pytest.mark.plain("it looks at rows as they stand")
async def test_what_is_held_back_is_let_go_as_it_was(in_postgresql, url):
    with closing(Messages(PATH)) as messages:
        asked = (await messages.accept("p", Message("1", "ann", "问", "text", 1.0, {}), 1)).seq
        done = (await messages.accept("p", Message("2", "ann", "a\0b", "text", 1.0, {}), 1)).seq
        await messages.finish(done, Outcome("答", 1), ["答"], 2, "answered")
        assert await messages.database.write(hold) == 2
        assert await messages.unfinished() == []
        assert Restored(PATH).release() == 2
        assert [(one.seq, one.state) for one in await messages.unfinished()] == [
            (asked, "accepted"),
            (done, "answered"),
        ]
        assert ask(url, f"select text from messages where seq={done}")[0][0] == "a�b"


WORDS = [
    ("select ':a', '?' from u indexed by x where a=? or b=:b", "select ':a', '?' from u where a=$1 or b=$2"),
    ("a like :x or b like :x", "a ilike $1 or b ilike $1"),
    ("a in (select value from json_each(?))", "a in (select json_array_elements_text($1::json))"),
    ("select cast((a + 1) * 2 as integer)", "select trunc((a + 1) * 2)::bigint"),
    ("group_concat((select a from t)) b", "string_agg(((select a from t))::text, ',') b"),
    ("a in () limit ? /*postgresql: for update */", "a in (null) limit $1 for update"),
]


@pytest.mark.parametrize(("sql", "words"), WORDS)
def test_what_has_no_common_form_is_turned_in_one_place(sql, words):
    assert translated(sql)[0] == words


FOREIGN = (
    "insert or ",
    "strftime",
    "rowid",
    "instr(",
    "json_extract",
    "limit -1",
    "sqlite_master",
    "lastrowid",
    " glob ",
)


def test_the_store_says_nothing_that_only_sqlite_understands():
    folder = Path(tables.__file__).parent
    found = {
        (file.name, word)
        for file in folder.glob("*.py")
        for word in FOREIGN
        if word in file.read_text("utf-8").lower()
    }
    # PostgreSQL has the order in which moments were noted as a column of that name
    files = ("newest.py", "insights.py", "tables.py", "tables_of_all.py", "tallies.py", "wished.py")
    assert found == {(one, "rowid") for one in files}
