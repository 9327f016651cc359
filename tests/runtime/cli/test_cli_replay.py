"""`app.py replay`: yesterday's conversations against the draft, as a gate before it is published."""

import asyncio
import json
import time

import pytest

from runtime.answer import AnswerPart
from runtime.message import Message
from runtime.store.messages.messages import Messages, Outcome

AGENT = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "flow": [{"type": "reply", "id": "say", "text": "九点开门"}],
}


async def talked(home, id):
    """Three people were answered, one of them two days ago; a fourth was not."""
    messages, now = Messages(home / "data" / "messages.db"), time.time()
    for who, at, failure in (
        ("u1", now, ""),
        ("u2", now, ""),
        ("u3", now - 2 * 86_400, ""),
        ("u4", now, "down"),
    ):
        accepted = await messages.accept(id, Message("m", who, f"{who} 几点开门？", at=at), at)
        parts = [AnswerPart("九点开门")]
        outcome = Outcome("九点开门", 1, failure)
        await messages.finish(accepted.seq, outcome, parts, at, "answered", None, lane=(id, who))
        await messages.mark(accepted.seq, "delivered")
    messages.close()


def written(home, text):
    file = home / "agents" / "shop.json"
    agent = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**agent, "flow": [{"type": "reply", "id": "say", "text": text}]}), "utf-8")


def told(out):
    return json.loads(out.splitlines()[-1])


def test_what_the_draft_says_otherwise_ends_it_with_one(run, home):
    file = home / "given.json"
    file.write_text(json.dumps(AGENT), "utf-8")
    run("agent", "import", str(file))
    id = json.loads(run("publish", "shop", "--channel", "api")[1])["publication"]
    assert run("replay", id)[0] == 2  # nobody wrote
    asyncio.run(talked(home, id))

    code, out, _ = run("replay", id)
    assert (code, told(out)) == (0, {"replayed": 2, "same": 2, "otherwise": 0, "allowed": 0})
    assert told(run("replay", id, "--days", "3")[1])["replayed"] == 3
    assert told(run("replay", id, "--days", "3", "--most", "1")[1])["replayed"] == 1
    written(home, "十点开门")
    with pytest.raises(SystemExit) as ended:
        run("replay", id)
    assert ended.value.code == 1
    assert run("replay", id, "--allow", "2")[0] == 0
    assert run("replay", id, "--version", f"{id}.1")[0] == 0
