"""A place is one person's alone through the whole gateway, and a death neither loses nor doubles it."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from world import ANSWERS, Account, world

from runtime.store.messages.shared_list import SharedList
from script import says

ROOT = Path(__file__).parents[3]
BOOKS = {
    **ANSWERS,
    "shared": [{"name": "slots"}],
    "flow": [
        {
            "type": "tool", "id": "take", "tool": {"type": "claim", "of": "slots", "does": "claim"},
            "arguments": {"key": "{{ message.text }}"},
            "otherwise": [{"type": "reply", "id": "no", "text": "{{ '没了' if '没有名额' in take.error }}"}],
        },
        {"type": "reply", "id": "say", "text": "第{{ take.result.number }}号"},
    ],
}  # fmt: skip


def answers(w):
    return {to: text for to, text in w.account.sent}


async def test_of_fifty_people_who_want_one_slot_at_once_one_has_it_and_all_are_told(tmp_path):
    async with world(tmp_path, says(), agent=BOOKS, account=Account()) as w:
        people = [f"u{n}" for n in range(50)]
        bodies = await asyncio.gather(*(w.push("15:00", id=f"m{who}", **{"from": who}) for who in people))
        told = [body.removeprefix("reply:") for body in bodies if body.startswith("reply:")]
        await w.until(lambda: len(told) + len(answers(w)) >= 50, 20)
        told += answers(w).values()
        assert sorted(told) == ["没了"] * 49 + ["第1号"]
        [claim] = SharedList(tmp_path / "messages.db").claims(BOOKS["id"], "slots")
        assert claim.key == "15:00"


KILLED = """
import asyncio, sys
sys.path[:0] = [{tests!r}, {gateway!r}]
from test_places import BOOKS, Account, says
from world import world
from runtime.simulator.fast_loop import FastLoop
from pathlib import Path
async def main():
    async with world(Path({home!r}), says(), agent=BOOKS, account=Account()) as w:
        await w.push("15:00", id="m1", **{{"from": "u1"}})
        await asyncio.sleep(9)
asyncio.Runner(loop_factory=FastLoop).run(main())
"""


@pytest.mark.parametrize("point", ["before_place", "after_place"])
async def test_a_kill_beside_the_claim_neither_loses_nor_repeats_it(tmp_path, point):
    code = KILLED.format(tests=str(ROOT / "tests"), gateway=str(Path(__file__).parent), home=str(tmp_path))
    environment = {**os.environ, "HONGYAN_CRASH_AT": point, "PYTHONPATH": str(ROOT)}
    run = [sys.executable, "-c", code]
    done = await asyncio.to_thread(subprocess.run, run, env=environment, cwd=ROOT, check=False)
    assert done.returncode == -9
    async with world(tmp_path, says(), agent=BOOKS, account=Account()) as w:
        await w.until(lambda: answers(w), 20)
        assert answers(w) == {"u1": "第1号"}
        [claim] = SharedList(tmp_path / "messages.db").claims(BOOKS["id"], "slots")
        assert (claim.sender, claim.number) == ("u1", 1)
