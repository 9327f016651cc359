"""Whatever may hold a person's words is encrypted, in each table; what looks through it still finds it."""

import re
import sqlite3
from contextlib import closing
from itertools import count

import pytest
from test_sealed_rows import MARK, turned

from runtime.lang import as_it_is
from runtime.message import Message
from runtime.person import Described, Handing
from runtime.store.control.control import Control
from runtime.store.messages import erasing
from runtime.store.messages.answers import Answers
from runtime.store.messages.beside import look, reading, writing
from runtime.store.messages.judged import ADD, NewJudgement
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import PeopleList
from runtime.store.messages.runs import Tagged
from runtime.store.messages.switching import NAME, found
from runtime.store.messages.tables import TABLES as STORE
from runtime.store.messages.waits import NewWait, Told
from runtime.store.sealing.columns import BYTES, PLAIN, PLAIN_EVERYWHERE, TABLES

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.plain("it switches by itself")]

ANN, BOB = Face("p", "ann"), Face("p", "bob")
TOKEN = "Tok-en_1"
TIMES = count()
EVERY_TABLE = {
    "sqlite": "select name from sqlite_master where type='table' and name not like 'sqlite_%'",
    "postgresql": "select table_name from information_schema.tables where table_schema=current_schema()",
}


@pytest.fixture
def path(tmp_path):
    Control.in_folder(tmp_path / "data")
    return tmp_path / "data" / "messages.db"


def columns():
    """Of each table, those that may hold words."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(STORE.script)
        names = [row[0] for row in db.execute(EVERY_TABLE["sqlite"])]
        return {
            name: {row[1] for row in db.execute(f"pragma table_info({name})") if row[2] in ("TEXT", "BLOB")}
            for name in names
        }


@pytest.mark.of_files
def test_what_may_hold_words_is_encrypted_or_says_why_not():
    there = columns()
    left = {
        f"{table}.{column}"
        for table, names in there.items()
        if table in TABLES or table not in erasing.WORDLESS
        for column in names - {*PLAIN_EVERYWHERE}
        if column not in (TABLES[table].columns if table in TABLES else ())
    }
    assert left == {*PLAIN}
    listed = {(table, column) for table, kept in TABLES.items() for column in kept.columns}
    assert listed <= {(table, column) for table, names in there.items() for column in names}
    assert listed >= BYTES


async def lived(messages, face, mark=MARK):
    """Something in every table that is sealed, but those of test_sealed_rows."""
    came = await messages.accept(face.publication, Message(f"m-{face.sender}", face.sender, "t"), 1.0)
    handing = Handing(mark, mark, mark)
    id = await messages.tickets.open(
        (face.publication, face.sender), "a", handing, 2.0, seq=came.seq, step="h"
    )
    await messages.tickets.note(id, "op", mark, 3.0)
    judged = [NewJudgement("out", "words", "mask", mark, mark), NewJudgement("in", "words", "mask", "", mark)]
    await messages.judged.add(came.seq, (face.publication, face.sender), "a", judged, 3.0)
    await messages.judged.add(came.seq, (face.publication, face.sender), "a", judged, 3.0)
    await messages.reminders.put(face.publication, face.sender, "k", mark, 50.0, 3.0)
    await messages.outbox.put(face.publication, face.sender, [(f"k-{face.sender}", mark)], 3.0)
    await messages.remembered.profile(face, Described(mark, mark, "zh"), 3.0)
    words = (mark, mark.encode(), mark)
    await Answers(messages.database).keep(f"k-{face.sender}", "g", words, came.seq, 3.0, 99.0)
    await messages.values.retag(face, "a", lambda tags: [mark], 3.0)
    await messages.runs.begin("p", "s", face.sender, 3.0, begun={"told": mark}, state="failed")
    wait = NewWait(
        "call", "b", "s", 99.0, f'{{"x": "{mark} {TOKEN}"}}', as_it_is(mark), {"said": mark}, "t",
        [Told("p", "boss", mark)],
    )  # fmt: skip
    await messages.finish(
        came.seq, Outcome("", 1, failure="model", reason=as_it_is(mark), wait=wait), [], 4.0, "answered"
    )
    return came.seq, id


async def told(messages, path, face, seq, ticket):
    """All of it, as a turn, an operator and a page get it."""
    lane = (face.publication, face.sender)
    waits = await messages.waits.open(*lane)
    begun = await messages.runs.begin("p", "s", f"{face.sender} {next(TIMES)}", 3.0, begun={"told": MARK})
    run = next(one for one in await messages.runs.open() if one.id == begun[0])
    asked = await messages.outbox.next("p", "boss")
    return {
        "ticket": vars(await messages.tickets.find(ticket)),
        "listed": [one.summary for one in await messages.tickets.listed() if one.id == ticket],
        "lines": [(one.kind, one.text) for one in await messages.tickets.lines(ticket)],
        "judged": [(one.what, one.excerpt) for one in await messages.judged.newest() if one.seq == seq],
        "reminders": await messages.reminders.of(*lane),
        "said": (await messages.outbox.next(*lane)).text,
        "asked": asked.text,
        "who": await messages.remembered.person(face, "c", seq + 1),
        "named": [one.sender for one in PeopleList(path).named(MARK[2:5], 9)],
        "alike": await Answers(messages.database).alike("g", 5.0, 9),
        "again": await Answers(messages.database).find(f"k-{face.sender}", 5.0),
        "waits": [(one.what.zh, one.data) for one in waits],
        "given": [await messages.steps.is_given(one) for one in (TOKEN, TOKEN.lower())],
        "goes on": (await messages.waits.of(*lane, seq + 1, 5.0, newest=True)).carried,
        "tagged": (await messages.runs.for_people(run, Tagged(MARK), 9, lambda newest, pushed: "none", 5.0))[
            1
        ],
        "run": dict(run.begun),
        "export": str(await messages.remembered.export(face)),
    }


def stands(path, engine):
    """Where the mark stands, by table."""
    with reading(path) as db:
        tables = [row[0] for row in db.db.execute(EVERY_TABLE[engine]).fetchall()]
        rows = {
            one: str([tuple(row) for row in db.db.execute(f"select * from {one}").fetchall()])
            for one in tables
        }
    forms = (MARK, str(MARK.encode())[2:-1])
    return {one for one, text in rows.items() if any(form in text for form in forms)}


SHOWN = {
    "tickets", "ticket_lines", "judged", "reminders", "outbox", "profiles", "answers", "person_values",
    "waits", "messages", "runs",
}  # fmt: skip


async def test_each_table_is_encrypted_and_plain_again_and_everything_is_found_as_ever(path, engine):
    with closing(Messages(path)) as messages:
        ann = await lived(messages, ANN)
        plain = await told(messages, path, ANN, *ann)
    assert plain["export"].count(MARK) > 5
    assert plain["given"] == [True, False]
    assert stands(path, engine) >= SHOWN
    turned(path, "on")
    assert stands(path, engine) == set()
    with closing(Messages(path)) as messages:
        assert await told(messages, path, ANN, *ann) == plain
        await lived(messages, BOB)
        assert stands(path, engine) == set()
    turned(path, "off")
    assert stands(path, engine) >= SHOWN
    with closing(Messages(path)) as messages:
        assert (await told(messages, path, ANN, *ann))["ticket"] == plain["ticket"]
    with reading(path) as db:
        for table in TABLES:
            assert "\\x02" not in str(
                [tuple(row) for row in db.db.execute(f"select * from {table}").fetchall()]
            )


async def test_a_decision_is_kept_beside_one_in_which_nothing_was_found(path):
    turned(path, "on")
    with closing(Messages(path)) as messages:
        came = await messages.accept("p", Message("m", "ann", "t"), 1.0)
        for what in ("", MARK, "", MARK):
            await messages.judged.add(
                came.seq, ("p", "ann"), "a", [NewJudgement("in", "words", "mark", what, "")], 2.0
            )
        assert [one.what for one in await messages.judged.newest()] == [MARK, ""]


async def test_what_two_instances_wrote_at_once_is_there_once_where_it_is_plain(path):
    turned(path, "on")
    with closing(Messages(path)) as messages:
        seq = (await messages.accept("p", Message("m", "ann", "t"), 1.0)).seq
        for place, what in (("in", MARK), ("in", MARK), ("out", MARK), ("in", MARK[:3])):
            row = (seq, "p", "ann", "a", 2.0, place, "words", "mark", what, MARK, "")
            await messages.database.write(lambda db, row=row: db.execute(ADD, row).rowcount)
        assert len(await messages.judged.newest()) == 4
        turned(path, "off")
        there = [(one.place, one.what) for one in await messages.judged.newest()]
    assert there == [("in", MARK[:3]), ("out", MARK), ("in", MARK)]


async def test_what_an_earlier_version_left_plain_is_encrypted_by_this_one(path, engine):
    turned(path, "on")
    with writing(path) as db:
        value = db.db.execute("select value from facts where name=?", (NAME,)).fetchone()["value"]
        older = re.sub(r'"covers": "\w+"', '"covers": "older"', value)
        db.db.execute("update facts set value=? where name=?", (older, NAME))
        db.db.execute(
            "insert into reminders(publication, sender, key, text, due, at) values('p','ann','k',?,9,1)",
            (MARK,),
        )
    assert look(path, found, None).goes_on
    turned(path, "on")
    assert stands(path, engine) == set()
    assert not look(path, found, None).goes_on


async def test_whose_key_is_gone_is_read_in_no_table(path):
    turned(path, "on")
    with closing(Messages(path)) as messages:
        ann, bob = await lived(messages, ANN), await lived(messages, BOB)
        with writing(path) as db:
            db.shred([("p", "ann")])
        assert [(one.kind, one.text) for one in await messages.tickets.lines(ann[1])] == [
            ("opened", ""),
            ("note", ""),
        ]
        assert (await messages.tickets.find(ann[1])).reason == ""
        assert (await messages.reminders.of("p", "ann"))[0].text == ""
        assert (await messages.waits.open("p", "ann"))[0].data == {}
        assert await Answers(messages.database).find("k-ann", 5.0) == ""
        asked = await messages.outbox.find(range(9))
        assert [one.text for one in asked if one.receiver == "boss"] == ["", MARK]  # about Ann, and about Bob
        assert (await messages.tickets.find(bob[1])).reason == MARK
