"""What people write is encrypted in the store: no byte of it, no row that opens elsewhere."""

import json
import sqlite3
from contextlib import closing

import pytest

from older_tables import LATE
from runtime.answer import AnswerPart
from runtime.message import Message
from runtime.person import Note, Summary
from runtime.store.control.control import Control
from runtime.store.control.key_rotation import forgotten, rotated
from runtime.store.messages.beside import look, reading, writing
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.people import Face
from runtime.store.messages.rewrapped import rewrap
from runtime.store.messages.switching import NOTICED, found, step, switch
from runtime.store.sealing.data_keys import Ring
from runtime.store.sealing.statements import statement

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.plain("it switches by itself")]

MARK = "紫藤花开在虹桥路九号"
ANN, BOB = Face("p", "ann"), Face("p", "bob")
KEYS = "select id, publication, sender, sealed from data_keys order by id"


@pytest.fixture
def path(tmp_path):
    Control.in_folder(tmp_path / "data")
    return tmp_path / "data" / "messages.db"


def turned(path, to):
    """Everything that is there, as the gateway and the command do it."""
    with writing(path, scrub=True) as db:
        switch(db, to, 100.0)
    now = 100.0
    for _ in range(99):
        with writing(path, scrub=True) as db:
            if not step(db, now).goes_on:
                return
        now += NOTICED
    raise AssertionError("it does not end")


async def lived(messages, face, mark=MARK):
    """Whatever is kept of somebody's words. Returns the message."""
    came = await messages.accept(face.publication, Message(f"m-{face.sender}", face.sender, mark), 1.0)
    await messages.steps.record(came.seq, {"look": {"found": mark}, "b.token": "chance"})
    trace = [{"type": "said", "text": mark}]
    parts = [AnswerPart(f"好的，{mark}"), AnswerPart("选", "choices", {"options": [{"value": mark}]})]
    await messages.finish(came.seq, Outcome(mark, 1, trace=trace), parts, 2.0, "answered")
    again = await messages.accept(face.publication, Message(f"n-{face.sender}", face.sender, mark), 3.0)
    await messages.steps.record(again.seq, {"look": {"found": mark}})
    people = messages.remembered
    await people.keep(face, "a", Note("住址", mark, "text", "said"), 3.0)
    await people.sum_up(face, Summary(mark, came.seq), 3.0)
    await messages.values.put(face, "a", "street", "text", mark, 3.0)
    return came.seq, again.seq


async def told(messages, face, seqs):
    """All of it, as a turn and an operator get it."""
    first, second = seqs
    export = json.dumps(await messages.remembered.export(face), ensure_ascii=False)
    known = await messages.remembered.known(face)
    waiting = await messages.parts.waiting(face.publication, face.sender)
    return {
        "history": [one.text for one in await messages.history(*vars(face).values(), second, 9)],
        "parts": [part.text for part in waiting],
        "data": [part.data for part in waiting if part.data],
        "step": await messages.steps.recall(second, "look"),
        "notes": [note.value for note in known.notes],
        "summary": known.summary.text if known.summary else "",
        "outcome": await messages.outcome(first),
        "export": export.count(MARK),
    }


def raw(path):
    """Every value of every table, as the engine has it."""
    with reading(path) as db:
        seen = db.db
        sql = "select * from {}"
        tables = ("messages", "parts", "steps", "notes", "summaries", "person_values", "data_keys", "facts")
        return "\n".join(str(tuple(row)) for table in tables for row in seen.execute(sql.format(table)))


def in_files(path):
    return b"".join(one.read_bytes() for one in path.parent.glob("messages.db*"))


async def test_nothing_of_it_is_in_a_row_or_file_and_all_of_it_is_told_as_ever(path, engine):
    with closing(Messages(path)) as messages:
        plain = await told(messages, ANN, await lived(messages, ANN))
        await messages.remembered.erase(ANN, 5.0)
    turned(path, "on")
    with closing(Messages(path)) as messages:
        seqs = await lived(messages, BOB)
        assert await told(messages, BOB, seqs) == {**plain, "step": {"found": MARK}}
        assert MARK not in raw(path)
        assert raw(path).count("\\x02") >= 12
    if engine == "sqlite":
        assert MARK.encode() not in in_files(path)


async def test_what_is_there_is_encrypted_and_plain_again_and_a_kill_between_two_batches_does_no_harm(
    path, engine
):
    with closing(Messages(path)) as messages:
        seqs = {face: await lived(messages, face) for face in (ANN, BOB)}
        before = {face: await told(messages, face, seqs[face]) for face in seqs}
    with writing(path) as db:
        switch(db, "on", 100.0)
    with writing(path) as db:
        assert not step(db, 109.0).begun  # not every instance may know of it
    assert MARK in raw(path)
    with writing(path) as db:
        step(db, 110.0)
    with writing(path) as db:  # one batch, and whoever did it is gone
        assert step(db, 110.0).goes_on
    assert look(path, found, None).table == "parts"
    with closing(Messages(path)) as messages:
        assert {face: await told(messages, face, seqs[face]) for face in seqs} == before
    turned(path, "on")
    assert MARK not in raw(path)
    if engine == "sqlite":
        assert MARK.encode() not in in_files(path)
    with closing(Messages(path)) as messages:
        assert {face: await told(messages, face, seqs[face]) for face in seqs} == before
    turned(path, "off")
    assert "\\x02" not in raw(path)
    with closing(Messages(path)) as messages:
        assert {face: await told(messages, face, seqs[face]) for face in seqs} == before


async def test_what_an_instance_wrote_plainly_before_it_noticed_is_found_by_a_second_walk(path, monkeypatch):
    with closing(Messages(path)) as messages:
        await lived(messages, ANN)
    with writing(path) as db:
        switch(db, "on", 100.0)
    while look(path, found, None).table:
        with writing(path) as db:
            step(db, 110.5)
    with monkeypatch.context() as late, closing(Messages(path)) as messages:
        late.setattr(Ring, "is_on", lambda ring, db: False)
        await lived(messages, BOB)
    assert MARK in raw(path)
    turned(path, "on")
    assert MARK not in raw(path)


async def test_whose_key_is_gone_is_read_by_nobody_and_what_they_wish_last_stays(path):
    turned(path, "on")
    with closing(Messages(path)) as messages:
        ann, bob = await lived(messages, ANN), await lived(messages, BOB)
        sealed = raw(path)
        keys = {row["sender"]: row["sealed"] for row in look(path, lambda db: list(db.execute(KEYS)), [])}
        last = await messages.accept("p", Message("wish", "ann", "忘了我"), 8.0)
        erased = await messages.remembered.begin_erasing(ANN, 9.0, last.seq)
        assert erased.messages == 2
        assert keys["ann"] not in raw(path)
        assert (await messages.newest("p", "ann")).text == "忘了我"
        assert (await messages.steps.recall(ann[1], "look")) is None
        assert MARK in json.dumps(await messages.remembered.export(BOB), ensure_ascii=False)
        assert (await messages.outcome(bob[0])).reply == MARK
    # what somebody copied before, put back, opens no more
    old = next(line for line in sealed.splitlines() if "'m-ann'" in line)
    envelope = next(one for one in old.split("'") if one.startswith("\\x02") and ".text." in one)
    with writing(path) as db:
        db.db.execute("update messages set text=? where seq=?", (envelope.replace("\\x02", "\x02"), ann[0]))
    with reading(path) as db:
        assert db.execute("select seq, text from messages where seq=?", (ann[0],)).fetchone()["text"] == ""


SWAPS = {
    "another person's row": "update messages set text=(select text from messages where seq={ann})"
    " where seq={bob}",
    "another row of theirs": "update messages set text=(select text from messages where seq={ann})"
    " where seq={next}",
    "another column": "update messages set reply=(select text from messages where seq={ann}) where seq={ann}",
    "another table": "update messages set text=(select text from parts where seq={ann} and number=0)"
    " where seq={ann}",
}


@pytest.mark.parametrize("swap", SWAPS)
async def test_a_value_opens_in_its_own_row_alone(path, swap):
    turned(path, "on")
    with closing(Messages(path)) as messages:
        (ann, following), (bob, _) = await lived(messages, ANN), await lived(messages, BOB)
    with writing(path) as db:
        db.db.execute(SWAPS[swap].format(ann=ann, bob=bob, next=following))
    with reading(path) as db:
        sql = "select seq, text, reply from messages where seq in (?,?,?)"
        rows = {row["seq"]: (row["text"], row["reply"]) for row in db.execute(sql, (ann, bob, following))}
    whole = {ann: (MARK, MARK), bob: (MARK, MARK), following: (MARK, None)}
    changed = {
        "another person's row": {bob: ("", MARK)},
        "another row of theirs": {following: ("", None)},
        "another column": {ann: (MARK, "")},
        "another table": {ann: ("", MARK)},
    }
    assert rows == {**whole, **changed[swap]}


async def test_another_key_of_the_installation_wraps_the_keys_anew_and_touches_no_message(path):
    turned(path, "on")
    with closing(Messages(path)) as messages:
        await lived(messages, ANN)
    text = "select text from messages order by seq limit 1"
    with reading(path) as db:
        before, keys = db.db.execute(text).fetchone()[0], [row["sealed"] for row in db.execute(KEYS)]
    rotated(path.parent)
    assert rewrap(path) == 2
    assert rewrap(path) == 0
    forgotten(path.parent)
    with reading(path) as db:
        assert db.db.execute(text).fetchone()[0] == before
        assert not {row["sealed"] for row in db.execute(KEYS)} & set(keys)
        assert db.execute("select seq, text from messages order by seq limit 1").fetchone()["text"] == MARK


STATEMENTS = {
    "insert into parts(seq, number, text) values(?,?,?) on conflict do nothing": (
        {"text": 2}, {"seq": 0, "number": 1}, (),
    ),
    "update messages set state='x', reply=?, failure='' where seq=? and state in ('a')": (
        {"reply": 0}, {"seq": 1}, (),
    ),
    "update messages set reply=substr(reply || ?, 1, 9) where seq=?": ({}, {"seq": 1}, ("reply",)),
    "update parts set text='', at=? where seq=? and number=?": ({}, {"seq": 1, "number": 2}, ()),
    "update messages set text=:text where seq=:seq": ({"text": "text"}, {"seq": "seq"}, ()),
}  # fmt: skip


@pytest.mark.of_files
@pytest.mark.parametrize("sql", STATEMENTS)
def test_what_a_statement_writes_is_told_from_its_words(sql):
    puts, binds, lost = STATEMENTS[sql]
    what = statement(sql)
    assert (dict(what.puts), dict(what.binds), what.lost) == (puts, binds, lost)


@pytest.mark.of_files
def test_of_a_store_that_is_older_all_is_there(tmp_path):
    path = tmp_path / "messages.db"
    with closing(Messages(path)):
        pass
    with closing(sqlite3.connect(path)) as db:
        db.executescript("drop table data_keys; pragma user_version=19;" + LATE)
    with closing(Messages(path)):
        pass
    assert look(path, lambda db: list(db.execute(KEYS)), None) == []
