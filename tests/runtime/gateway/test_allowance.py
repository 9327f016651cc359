"""One person cannot spend everybody's money: told once, politely, and what is refused is not kept."""

import asyncio
import logging
from dataclasses import replace

import pytest
from world import ANSWERS, Account, world

from runtime.errors import Refused
from runtime.gateway.allowance import BEYOND, LONGEST, Allowance
from runtime.gateway.failure_log import FailureLog
from runtime.message import Exchange
from runtime.store.vanishing.memory import InMemory
from script import DOWN, says, wrote

LIMITED = {**ANSWERS, "limits": {"messages_per_minute": 3, "messages_per_day": 5}}


async def stored(w):
    return len(await w.states())


async def test_who_writes_too_much_is_told_once_and_nothing_of_it_is_kept(tmp_path):
    async with world(tmp_path, agent=LIMITED, account=Account(can_push=False)) as w:
        said = [await w.push(id=f"m{i}") for i in range(8)]
        assert said[:3] == ["reply:好的"] * 3
        assert "发得太多" in said[3]
        assert said[4:] == ["success"] * 4
        assert await stored(w) == 3
        assert await w.push(id="m0", **{"from": "u2"}) == "reply:好的"


async def test_the_platforms_repeats_spend_nothing_and_get_the_same(tmp_path):
    async with world(tmp_path, agent=LIMITED, account=Account(can_push=False)) as w:
        assert [await w.push(id="m0") for _ in range(6)] == ["reply:好的"] * 6
        for i in range(1, 3):
            await w.push(id=f"m{i}")
        assert {await w.push(id="m3") for _ in range(3)} == {
            "reply:您发得太多了，我来不及看，请过一会儿再发。"
        }


async def test_an_agent_says_it_in_its_own_words(tmp_path):
    texts = {**ANSWERS["texts"], "slower": "慢一点"}
    agent = {**LIMITED, "texts": texts}
    async with world(tmp_path, agent=agent, account=Account(can_push=False)) as w:
        for i in range(3):
            await w.push(id=f"m{i}")
        assert await w.push(id="m3") == "reply:慢一点"


@pytest.mark.parametrize(
    ("at", "verdicts"),
    [
        ([0, 0, 0, 0, 0], "taken taken taken told quiet"),
        ([0, 0, 0, 1, 61, 61], "taken taken taken told taken taken"),
        ([30 * n for n in range(5 + BEYOND + 4)], "taken " * (5 + BEYOND + 3) + "told"),
        ([0, 0, 0, 0, 61, 61, 61, 62], "taken taken taken told taken taken taken told"),
    ],
    ids=["minute", "a minute later", "day", "told again after one was taken"],
)
async def test_verdicts(at, verdicts, tmp_path):
    async with world(tmp_path, agent=LIMITED) as w:
        [surface] = w.gateway.surfaces.all()
    now = [0.0]
    allowance, found = Allowance(InMemory(lambda: now[0])), []
    for i, now[0] in enumerate(at):
        found.append(await allowance.judge(surface, wrote(id=str(i))))
    assert found == verdicts.split()


async def test_what_one_process_took_another_counts_too_and_judges_a_repeat_alike(tmp_path):
    async with world(tmp_path, agent=LIMITED) as w:
        [surface] = w.gateway.surfaces.all()
    shared = InMemory()
    one, other = Allowance(shared), Allowance(shared)
    at = [(one, "a"), (other, "b"), (other, "a"), (one, "b"), (one, "c"), (other, "d"), (one, "d")]
    found = [await each.judge(surface, wrote(id=id)) for each, id in at]
    assert found == ["taken"] * 5 + ["told"] * 2


async def test_a_message_without_end_is_refused_and_not_kept(tmp_path):
    long = "长" * LONGEST
    async with world(tmp_path, account=Account(can_push=False)) as w:
        assert "发得太多" in await w.push(long)
        with pytest.raises(Refused, match="KB"):
            [event async for event in w.gateway.stream("p", wrote(long))]
        assert await stored(w) == 0


async def test_of_a_history_that_a_caller_brings_the_newest_is_kept(tmp_path):
    history = tuple(Exchange(f"{i} " + "a" * 9000, "b" * 9000) for i in range(100))
    async with world(tmp_path, says("好")) as w:
        message = replace(wrote("问"), history=history)
        [event async for event in w.gateway.stream("p", message)]
        assert "99 a" in str(w.models.requests[0].messages)
        kept = await w.gateway.messages.database.read(
            lambda db: db.execute("select seq, message from messages").fetchone()["message"]
        )
        assert len(kept) < 120_000
        assert "99 a" in kept


async def test_a_model_that_is_down_leaves_a_line_and_not_one_for_each_message(tmp_path, caplog):
    async with world(tmp_path, DOWN, account=Account(can_push=False)) as w:
        with caplog.at_level(logging.WARNING, "runtime.gateway.failure_log"):
            for i in range(20):
                assert await w.push(id=f"m{i}", **{"from": f"u{i}"}) == "reply:出错了"
        [line] = caplog.messages
        assert "down" in line
        assert "did not answer" in line


async def test_how_many_were_not_logged_is_told_a_minute_later(tmp_path, caplog):
    now = [0.0]
    failures = FailureLog(print, lambda: now[0])
    async with world(tmp_path, DOWN, account=Account(can_push=False)) as w:
        w.gateway._worker._turns._failures = failures
        for i in range(5):
            now[0] = 61.0 if i == 4 else 0.0
            await w.push(id=f"m{i}", **{"from": f"u{i}"})
            await asyncio.sleep(0)
    assert [line for line in caplog.messages if "(3 more" in line]
