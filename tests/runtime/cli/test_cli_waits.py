"""What waits, from the command line."""

import asyncio
import json
import sqlite3
import time
from contextlib import closing

from runtime.lang import as_it_is
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.waits import NewWait
from script import wrote


def waits(home, kind, now):
    messages = Messages(home / "data" / "messages.db")

    async def work():
        seq = (await messages.accept("p", wrote(id=kind, sender="ann"), now)).seq
        wait = NewWait(kind, "ok", "ok", now + 60, "{}", as_it_is("退款？"))
        await messages.finish(seq, Outcome("好", 1, wait=wait), ["好"], now, "answered")

    asyncio.run(work())
    messages.close()


def test_what_waits_is_listed_and_decided_once(home, run):
    assert run("waits", "list") == (0, "", "")
    for kind in ("message", "decision"):
        waits(home, kind, time.time())
    listed = [json.loads(line) for line in run("waits", "list")[1].splitlines()]
    assert [(one["person"], one["waits_for"], one["what"]) for one in listed] == [
        ("ann", "decision", "退款？"),
        ("ann", "message", "退款？"),
    ]
    question, decision = str(listed[1]["id"]), str(listed[0]["id"])
    assert run("waits", "approve", question)[0] == 2
    assert json.loads(run("waits", "deny", decision, "--note", "超期")[1])["yes"] is False
    assert run("waits", "approve", decision)[0] == 2
    assert run("waits", "cancel", question)[0] == 0
    assert run("waits", "list") == (0, "", "")


def test_who_waits_longest_is_decided_too_however_many_came_since(home, run):
    waits(home, "decision", time.time())
    with closing(sqlite3.connect(home / "data" / "messages.db")) as db, db:
        into = ", ".join(row[1] for row in db.execute("pragma table_info(waits)") if row[1] != "id")
        for _ in range(600):
            db.execute(f"insert into waits({into}) select {into} from waits where id=1")
    listed = [json.loads(line)["id"] for line in run("waits", "list")[1].splitlines()]
    assert listed == [*range(601, 0, -1)]
    assert run("waits", "approve", "1")[0] == 0
    assert run("waits", "cancel", "1")[0] == 2
