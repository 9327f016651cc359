"""Who is with a human, from the command line."""

import asyncio
import json
import time

from test_cli import home, run

from runtime.store.messages.messages import Messages
from script import wrote

__all__ = ["home", "run"]


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
