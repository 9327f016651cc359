"""Who is forgotten is in no byte that an installation keeps: each table and each kind of file is tried."""

import asyncio
import json
import logging
import os
import subprocess

import pytest
from test_remembering import Talk
from world import ANSWERS, now, world

from builder.actions import bound, click
from builder.actions.person import drop_note, erase_person, keep_note
from on_postgresql import PROGRAMS
from runtime.access.actor import OWNER
from runtime.access.audit.log import Audit
from runtime.access.audit.trail import Trail
from runtime.message import Message
from runtime.store.control.control import Control
from runtime.store.database.postgres_url import VARIABLE
from runtime.store.messages import erasing
from runtime.store.messages.answers import Answers
from runtime.store.messages.beside import write_anew, writing
from runtime.store.messages.media import KeptFile
from runtime.store.messages.people import Face
from runtime.store.messages.switching import NOTICED, step, switch
from runtime.turn.answer_cache import AnswerCache
from runtime.turn.answer_cache import Kept as AnswerKept
from script import calls, says

MARK = "紫藤花开在虹桥路九号"
OTHER = "别人的话留着"
ANN = Face("p", "u1")
SHOP = {
    **ANSWERS,
    "memory": {"facts": True},
    "flow": [
        {
            "type": "model",
            "id": "answer",
            "prompt": {"text": "你是店员"},
            "tools": [{"type": "calculator", "name": "sum"}],
        }
    ],
}
FORMS = [MARK.encode(form) for form in ("utf-8", "utf-16-le", "gb18030")] + [json.dumps(MARK)[1:-1].encode()]
HOLDS_NOTHING = {*erasing.WORDLESS, "people", "messages"}


def left_in(folder):
    """Where the mark still stands, of all files below, in whatever form."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and any(form in path.read_bytes() for form in FORMS):
            found.append(str(path.relative_to(folder)))
    return found


ON_POSTGRES = (
    "select table_name, column_name, data_type from information_schema.columns"
    " where table_schema=current_schema()"
)
ON_SQLITE = """select m.name, c.name, lower(c.type) from sqlite_master m, pragma_table_info(m.name) c
  where m.type='table'"""
NUMBERED = {("id", "integer"), ("id", "bigint")}
"""What the database counts by itself."""
RUN = "insert into runs(publication, start, key, due, at) values('p', 's', 'k', 1, 1) returning id"
USUAL = {
    ("tickets", "state"),
    ("outbox", "state"),
    *(("parts", name) for name in ("state", "kind", "route", "code")),
}
"""Steps that the store checks, and words of ours or the platform's."""


def columns(db, on_postgres):
    """Of each table its columns, each with its type."""
    found = {}
    for table, column, type in db.execute(ON_POSTGRES if on_postgres else ON_SQLITE).fetchall():
        found.setdefault(table, {})[column] = type
    return found


def value(table, name, type, own):
    """The mark in whatever may be a text."""
    if name in own:
        return own[name]
    if "text" in type:
        return f"{MARK} {table} {name}"
    return MARK.encode() if type in ("blob", "bytea") else 7


def fill(db, seq, on_postgres):
    """A row about the person in each table that may hold words of theirs, the mark in each of its texts."""
    person = db.execute("select person from faces where sender='u1'").fetchone()[0]
    own = {"publication": "p", "sender": "u1", "receiver": "u1", "seq": seq, "person": person, "upto": seq}
    own |= {"run": db.execute(RUN).fetchone()[0]}
    filled = []
    tables = sorted(columns(db, on_postgres).items(), key=lambda one: (one[0] == "ticket_lines", one[0]))
    for table, types in tables:
        if table in HOLDS_NOTHING or not own.keys() & {*types, *(["run"] if "ticket" in types else [])}:
            continue
        names = [name for name in types if (name, types[name]) not in NUMBERED and (table, name) not in USUAL]
        row = [value(table, name, types[name], own) for name in names]
        marks, end = ", ".join("?" * len(row)), " returning id" if table == "tickets" else ""
        sql = f"insert into {table}({', '.join(names)}) values({marks}) on conflict do nothing{end}"
        made = db.execute(sql, tuple(row))
        if end:
            own["ticket"] = made.fetchone()[0]
        filled.append(table)
    return filled


async def live(w, talk, media):
    """A talk that leaves something everywhere; the number of its first message."""
    assert await talk.say(f"{MARK}，记住") == f"记住了{MARK}"
    seq = 1
    for n in range(3):
        await talk.say(f"{MARK}{n}")
    file = await w.gateway.kept.keep(f"{MARK} 的照片".encode())
    await w.gateway.kept.keep_note(file, "seen", {"text": MARK})
    await w.gateway.messages.media.belong(seq, [KeptFile(file, "image/png", 9)])
    rated = {"event": "rated", "of": "1-0", "note": MARK}
    await w.gateway.messages.accept("p", Message("r", "u1", MARK, kind="event", data=rated), now())
    return seq


async def looked_after(w, seq, data):
    """What an operator does with the person: it stands in the audit log."""
    trail = Trail(Audit(data, str), "127.0.0.1")
    acts = bound(w.gateway, keep_note, drop_note, erase_person)
    for action, given in (
        ("keep_note", {"agent": "shop", "name": f"{MARK}?", "value": MARK}),
        ("drop_note", {"name": f"{MARK}?"}),
        ("keep_note", {"agent": "shop", "name": "地址", "value": MARK}),
    ):
        asked = {"action": action, "args": {"seq": seq, **given}}
        assert (await click(acts, asked, OWNER, trail=trail))["ok"]
    return lambda: click(acts, {"action": "erase_person", "args": {"seq": seq}}, OWNER, trail=trail)


@pytest.mark.plain("it looks for bytes that are there")
@pytest.mark.usefixtures("engine")
async def test_not_a_byte_is_left_of_somebody_who_is_forgotten(tmp_path, engine, request, caplog):
    caplog.set_level(logging.DEBUG)
    on_postgres = engine == "postgresql"
    answers = [
        calls(("remember", {"name": "住址", "value": MARK, "kind": "about"}), ("sum", {"expression": "1+1"})),
        says(f"记住了{MARK}", thoughts=MARK),
        says(f"知道{MARK}", thoughts=MARK),
    ]
    (tmp_path / "data").mkdir()
    async with world(tmp_path / "data", *answers, agent=SHOP, url="https://bot.example.com") as w:
        talk, other = Talk(w), Talk(w, "u2")
        seq = await live(w, talk, tmp_path)
        await talk.say("导出我的数据")
        w.models.answers[:] = [says(OTHER)]
        await other.say(OTHER)
        filled = await w.gateway.messages.database.write(lambda db: fill(db, seq, on_postgres))
        assert {*erasing.FORGOTTEN, "parts", "notes", "ticket_lines", "person_values"} <= {*filled}
        cache = AnswerCache(Answers(w.gateway.messages.database))
        await cache.keep(AnswerKept("key", "group", MARK, b"", MARK), seq, now(), now() + 99)
        assert await cache.find("key", now()) == MARK
        erases = await looked_after(w, seq, tmp_path / "data")
        assert left_in(tmp_path)
        assert (await erases())["ok"]
        assert await cache.find("key", now()) is None
        assert MARK not in str(vars(cache))
        assert MARK not in str(vars(w.gateway.vanishing))
        words = await w.gateway.messages.database.read(lambda db: everything(db, on_postgres))
        assert {table: text for table, text in words.items() if MARK in text} == {}
        assert OTHER in words["messages"]
        assert "person.erase_person" in words["audit"]
    assert left_in(tmp_path) == []
    logged = [f"{one.getMessage()} {one.exc_text or ''}" for one in caplog.records]
    assert [one for one in logged if MARK in one] == []  # what is logged stays where others keep it
    if on_postgres:
        server = request.getfixturevalue("postgresql")
        url = os.environ[VARIABLE].partition("&schema=")[0]
        dump = await asyncio.to_thread(subprocess.check_output, [PROGRAMS / "pg_dump", url])
        assert OTHER.encode() in dump
        assert not any(form in dump for form in FORMS)
        write_anew(tmp_path / "data" / "messages.db")
        assert left_in(server.folder / "data" / "base") == []


def everything(db, on_postgres):
    """By table, what stands there."""
    return {
        table: str([tuple(row) for row in db.execute(f"select * from {table}").fetchall()])
        for table in columns(db, on_postgres)
    }


@pytest.mark.usefixtures("in_postgresql")
async def test_where_it_is_on_no_word_is_in_a_dump_nor_in_the_files_of_the_server(tmp_path, request):
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "messages.db"
    Control.in_folder(tmp_path / "data")
    with writing(path) as db:
        switch(db, "on", 1.0)
        step(db, 1.0 + NOTICED)
    answers = [
        calls(("remember", {"name": "住址", "value": MARK, "kind": "about"}), ("sum", {"expression": "1+1"})),
        says(f"记住了{MARK}", thoughts=MARK),
        says(f"知道{MARK}", thoughts=MARK),
    ]
    async with world(tmp_path / "data", *answers, agent=SHOP) as w:
        await live(w, Talk(w), tmp_path)
        known = await w.gateway.messages.remembered.export(ANN)
        assert str(known).count(MARK) > 3  # the person has it all
    assert left_in(tmp_path) == []
    server = request.getfixturevalue("postgresql")
    url = os.environ[VARIABLE].partition("&schema=")[0]
    dump = await asyncio.to_thread(subprocess.check_output, [PROGRAMS / "pg_dump", url])
    assert b"insert" in dump.lower() or b"copy" in dump.lower()
    assert not any(form in dump for form in FORMS)
    write_anew(path)
    assert left_in(server.folder / "data" / "base") == []
