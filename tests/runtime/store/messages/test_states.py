"""The store takes the states that there are, and the steps that there are; nothing else, whoever writes."""

import re
import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from runtime.store.messages import states
from runtime.store.messages.insights import Insights, Wanted
from runtime.store.messages.message_json import dump
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.settling import settle
from runtime.store.messages.states import (
    HANDED_STEPS,
    MESSAGE_STEPS,
    PART_STEPS,
    RUN_STEPS,
    HandedState,
    MessageState,
    PartState,
    RunState,
    SaidState,
    TicketState,
    before,
)
from runtime.store.messages.tables import TABLES
from runtime.store.opening import open_store
from script import wrote

STORED = dump(wrote())
MESSAGE = f"""insert into messages(publication, sender, key, kind, text, message, reply, state, accepted_at)
values('p', 'u1', 'm1', 'text', '', '{STORED}', '好', ?, 0)"""
PART = "insert into parts(seq, number, text, state) values(1, 0, '', ?)"
HANDED = "insert into handed(publication, sender, seq, state, at, until) values('p', 'u1', 1, ?, 0, 1)"
STEPS = {"messages": MESSAGE_STEPS, "parts": PART_STEPS, "handed": HANDED_STEPS}
INSERTS = {"messages": MESSAGE, "parts": PART, "handed": HANDED}
PAIRS = [
    pytest.param(table, *pair, id=f"{table}: {pair[0]} to {pair[1]}")
    for table, steps in STEPS.items()
    for pair in product(steps, steps)
]


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with closing(open_store(tmp_path_factory.mktemp("states") / "messages.db", TABLES)) as db:
        yield db


@pytest.fixture
def db(shared):
    """Empty for each test."""
    shared.execute("begin")
    yield shared
    shared.execute("rollback")


def stored(db, table, state):
    if table == "parts":
        db.execute(MESSAGE, ("answered",))
    db.execute(INSERTS[table], (state,))


def of(db, table):
    return db.execute(f"select state from {table}").fetchone()[0]


def test_every_state_has_its_steps():
    assert set(MESSAGE_STEPS) == set(get_args(MessageState))
    assert set(PART_STEPS) == set(get_args(PartState))
    assert set(HANDED_STEPS) == set(get_args(HandedState))
    assert set(RUN_STEPS) == set(get_args(RunState))


@pytest.mark.parametrize(("table", "state", "following"), PAIRS)
def test_a_step_works_if_it_is_one_and_else_changes_nothing(db, table, state, following):
    stored(db, table, state)
    step = f"update {table} set state=?"
    if following == state or following in STEPS[table][state]:
        db.execute(step, (following,))
        assert of(db, table) == following
    else:
        with pytest.raises(sqlite3.IntegrityError, match="no such step"):
            db.execute(step, (following,))
        assert of(db, table) == state


@pytest.mark.parametrize("table", INSERTS)
@pytest.mark.parametrize("how", ["insert", "insert or ignore", "insert or replace", "update"])
def test_a_state_that_there_is_not_is_never_stored(db, table, how):
    stored(db, table, next(iter(STEPS[table])))
    sql = INSERTS[table].replace("insert", how)
    if how == "insert":
        db.execute(f"delete from {table}")
    with pytest.raises(sqlite3.IntegrityError, match="no such"):
        db.execute(f"update {table} set state=?" if how == "update" else sql, ("lost",))
    assert db.execute(f"select count(*) from {table} where state='lost'").fetchone()[0] == 0


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        (["sent"], "delivered"),
        ([], "delivered"),
        (["sent", "unknown"], "unknown"),
        (["kept", "unknown", "sent"], "kept"),
        (["held", "kept", "unknown"], "held"),
        (["unreachable", "held", "kept", "unknown", "sent"], "unreachable"),
        (["ready", "unreachable"], None),
        (["sending", "sent"], None),
        (["sent", "bounced"], "bounced"),
        (["bounced", "held"], "held"),
        (["sent", "handed"], "handed"),
    ],
)
def test_what_became_of_the_parts_says_what_became_of_the_answer(db, parts, state):
    stored(db, "messages", "answered")
    db.execute("delete from parts")
    for number, part in enumerate(parts):
        db.execute("insert into parts(seq, number, text, state) values(1, ?, '', ?)", (number, part))
    settle(db, 1)
    assert of(db, "messages") == (state or "answered")


ACTS = {
    "its turn ends": (
        lambda m: m.finish(1, Outcome("好", 1), ["好"], 2.0, "answered"),
        {"accepted": "answered"},
    ),
    "it is put aside": (lambda m: m.put_aside(1, "抱歉", [], 2.0), {"accepted": "answered"}),
    "it is shed": (lambda m: m.shed(1, "忙", 2.0), {"accepted": "shed"}),
    "nothing is to be said": (lambda m: m.mark(1, "silent"), {"accepted": "silent"}),
    "nobody listens": (
        lambda m: m.mark(1, "abandoned"),
        dict.fromkeys(before("abandoned", MESSAGE_STEPS), "abandoned"),
    ),
    "the operator wants it again": (
        lambda m: m.again(1, 2.0),
        dict.fromkeys(["held", "kept", "unreachable", "unknown", "restored", "bounced"], "answered")
        | dict.fromkeys(["shed", "abandoned"], "accepted"),
    ),
}


@pytest.mark.parametrize("state", MESSAGE_STEPS)
@pytest.mark.parametrize("act", ACTS)
async def test_what_comes_too_late_or_too_early_changes_nothing(tmp_path, act, state):
    do, ends = ACTS[act]
    with closing(Messages(tmp_path / "messages.db")) as messages:
        await messages.database.write(lambda db: db.execute(MESSAGE, (state,)).rowcount)
        await do(messages)
        assert await messages.database.read(lambda db: of(db, "messages")) == ends.get(state, state)


OLDER = Path(__file__).with_name("messages_without_triggers.sql")
"""A file of version 2 as it was written before the store knew the steps: a message of each state."""


@pytest.fixture
def older(tmp_path):
    path = tmp_path / "messages.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(OLDER.read_text(encoding="utf-8"))
    return path


async def test_an_older_file_opens_with_all_that_it_held_and_takes_no_other_step_from_then_on(older):
    with closing(Messages(older)) as messages:
        assert [left.state for left in await messages.unfinished()] == ["accepted", "answered"]
        assert [part.text for part in await messages.parts.waiting("p", "held")] == ["好"]
        for what in ("messages set state='delivered' where state='shed'", "parts set state='lost'"):
            with pytest.raises(sqlite3.IntegrityError):
                await messages.database.write(lambda db, what=what: db.execute(f"update {what}"))
    found = Insights(older).find(Wanted(0, 10), 50)
    since = {"bounced", "handed", "recalled"}
    assert sorted(line["state"] for line in found.lines) == sorted(set(MESSAGE_STEPS) - {"fetch"} - since)


def test_the_steps_of_another_version_are_replaced(older):
    with closing(sqlite3.connect(older)) as db:
        never = "begin select raise(abort, 'never'); end"
        db.execute(f"create trigger messages_step before update of state on messages {never}")
        db.execute(f"create trigger messages_gone before delete on messages {never}")
    with closing(open_store(older, TABLES)) as db:
        db.execute("update messages set state='answered' where state='accepted'")
        db.execute("delete from messages")


NAMED = re.compile(r"\bstate\s*(?:=|<>|default|in)\s*\(?((?:'\w+'(?:,\s*)?)+)")


def unknown_states(sql):
    """Those that a piece of SQL asks for and that nothing has."""
    named = {state for found in NAMED.findall(sql) for state in re.findall(r"\w+", found)}
    return named - {
        *get_args(MessageState),
        *get_args(PartState),
        *get_args(HandedState),
        *get_args(SaidState),
        *get_args(TicketState),
        *get_args(RunState),
    }


def test_what_is_asked_for_in_words_is_a_state():
    files = sorted(Path(states.__file__).parent.glob("*.py"))
    assert {file.name: found for file in files if (found := unknown_states(file.read_text("utf-8")))} == {}
    assert unknown_states("select 1 from parts where state in ('sent', 'send') and p.state<>'kep'") == {
        "send",
        "kep",
    }
