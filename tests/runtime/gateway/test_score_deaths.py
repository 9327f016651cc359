"""A death around the question for a rating asks nobody twice and loses no points."""

import asyncio

import pytest
from test_scores import MINUTES, Taps, asking, passes, questions, scored_book, scores, wrote
from world import Account, now, world

from dying import Death, alive
from runtime.gateway.lease import DEAD
from runtime.message import Message
from script import says


@pytest.fixture(autouse=True)
def lives():
    yield
    alive()


def heard(it):
    """What arrived until the death."""
    return Account(sent=list(it.account.sent))


@pytest.mark.parametrize(
    ("point", "asked", "doubts"),
    [
        ("after_begun", 1, False),
        ("before_send", 1, False),
        ("after_claim", 0, True),
        ("after_send", 1, True),
        ("after_record", 1, False),
    ],
)
async def test_a_question_is_asked_once_wherever_the_program_died(
    tmp_path, monkeypatch, point, asked, doubts
):
    arrived = []
    async with asking(tmp_path) as it:
        await wrote(it)
        await passes(5)
        await wrote(it, who="later")
        death = Death(point, tmp_path, monkeypatch, lambda: arrived.append(heard(it)))
        asyncio.get_running_loop().ahead += (MINUTES - 4) * 60
        await asyncio.wait_for(death.came.wait(), 60)
    async with world(death.left, says("九点"), kind=Taps, account=arrived[0], book=scored_book) as it:
        await asyncio.sleep(DEAD + 5)
        for _ in range(3):
            await passes(10)
        assert sorted(to for to, _ in questions(it)) == ["later", *["u1"] * asked]
        assert ("可能没有送达" in str(it.account.sent)) == doubts
        await wrote(it, "4")
        assert scores(death.left) == [(1, 4, "", "")]


async def test_points_that_were_stored_count_once_though_the_program_died_before_it_said_so(
    tmp_path, monkeypatch
):
    arrived = []
    async with asking(tmp_path) as it:
        await wrote(it)
        await passes(MINUTES + 1)
        death = Death("after_persist", tmp_path, monkeypatch, lambda: arrived.append(heard(it)))
        four = Message("four", "u1", "4", at=now())
        await it.gateway._intake.take(it.gateway.surfaces.find("p"), [four])
        assert death.came.is_set()
    async with world(death.left, says("九点"), kind=Taps, account=arrived[0], book=scored_book) as it:
        await it.gateway._intake.take(it.gateway.surfaces.find("p"), [four])  # as a platform does it
        await asyncio.sleep(DEAD + 5)
        await passes(MINUTES + 1)
        assert (scores(death.left), len(questions(it))) == ([(1, 4, "", "")], 1)
        assert await it.states() == ["delivered", "delivered", "silent"]
        await wrote(it, "2：慢")
        assert scores(death.left) == [(1, 2, "慢", "")]
