"""Who is with a human, from the command line."""

import asyncio
import json
import time

from test_cli import PUBLISH, control

from runtime.person import Handing
from runtime.shared import Wanted
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from script import wrote


def handed_over(home, now):
    messages = Messages(home / "data" / "messages.db")

    async def work():
        await messages.accept("p", wrote(id="m1", sender="ann"), now)
        await messages.handed.take("p", "ann", now, 3600)
        await messages.handed.take("q", "bob", now - 7200, 3600)

    asyncio.run(work())
    messages.close()


def test_whom_humans_have_is_listed_and_given_back(home, run):
    assert run("handed") == (0, "", "")
    handed_over(home, time.time())
    code, out, _ = run("handed")
    listed = [json.loads(line) for line in out.splitlines()]
    assert (code, [(one["publication"], one["sender"], one["state"]) for one in listed]) == (
        0,
        [("p", "ann", "taken")],
    )
    assert run("handed", "other") == (0, "", "")
    assert run("give-back", "p", "ann")[0] == 0
    assert run("handed") == (0, "", "")
    code, _, why = run("give-back", "p", "ann")
    assert code != 0
    assert "handed" in why


def test_tickets_are_listed_taken_answered_and_closed(home, run, shop):
    def told(*words):
        code, out, why = run("tickets", *words)
        return [json.loads(line) for line in out.splitlines()] if code == 0 else (code, why)

    assert told("list") == []
    assert run(*PUBLISH, "--set", f"app_secret={'a' * 32}")[0] == 0
    [p] = [one.id for one in control(home).publications()]
    messages = Messages(home / "data" / "messages.db")

    async def work():
        seq = (await messages.accept(p, wrote("坏了", id="m1", sender="ann"), 1)).seq
        await messages.tickets.open((p, "ann"), "shop", Handing("坏了", due=2), 1, seq=seq, step="t")

    asyncio.run(work())
    messages.close()
    [one] = told("list", p)
    assert (one["id"], one["person"], one["state"], one["late"]) == (1, "ann", "open", True)
    assert told("list", "q") == []
    assert told("answer", "1", "您好")[0] == 2
    [taken] = told("take", "1", "--name", "小安")
    assert (taken["state"], taken["taken_by"]) == ("taken", "command line/小安")
    assert told("take", "1")[0] == 2
    said = [told("answer", "1", "您好", "--key", "k", "--name", "小安")[0]["said"] for _ in range(2)]
    assert said == [True, False]
    assert told("note", "1", "老客") == [{"ticket": 1, "noted": True}]
    assert told("close", "1", "--name", "小安")[0]["state"] == "done"
    [shown] = told("show", "1")
    assert [line["kind"] for line in shown["lines"]] == ["opened", "taken", "said", "note", "handed_back"]
    assert [one["id"] for one in told("list", "--done")] == [1]
    assert told("show", "9")[0] == 2


def test_places_are_listed_freed_and_counted_anew(home, run):
    def told(*words):
        code, out, why = run("shared", *words)
        return [json.loads(line) for line in out.splitlines()] if code == 0 else (code, why)

    async def claimed():
        messages = Messages(home / "data" / "messages.db")
        seq = (await messages.accept("p", wrote(id="m1", sender="ann"), 1)).seq
        await messages.shared.claim(Face("p", "ann"), "shop", Wanted("slots", "15:00"), 2, seq=seq, step="s")
        messages.close()

    assert told("list", "shop") == []
    asyncio.run(claimed())
    assert told("list", "shop", "slots") == [{"name": "slots", "key": "15:00", "taken": 1, "claims": 1}]
    [claim] = told("claims", "shop", "slots", "--key", "15:00")
    assert (claim["person"], claim["number"]) == ("ann", 1)
    assert told("places", "shop", "slots", " 16:00 ", "3")[0]["places"] == 3
    assert [one["key"] for one in told("list", "shop")] == ["16:00", "15:00"]
    assert told("free", "shop", str(claim["id"])) == [{"id": claim["id"], "freed": True}]
    assert told("free", "shop", str(claim["id"]))[0] == 2
    told("places", "shop", "slots", "16:00")
    assert told("list", "shop") == []
