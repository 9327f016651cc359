"""A thousand deliveries of a hundred messages, to a real gateway in a child process."""

from dataclasses import replace

import pytest

from bench.chaos.plans import REPEATED
from bench.chaos.play import run

pytestmark = pytest.mark.timeout(60)


async def test_a_message_that_comes_ten_times_is_one_turn_and_one_answer(tmp_path):
    plan = replace(REPEATED, rate=80, copies=6, latency=lambda dice: dice.uniform(0.1, 0.4))
    outcome = await run(plan, tmp_path, seed=1)
    assert outcome.broken == ()
    assert (outcome.verdict.answered, outcome.failed) == (100, 0)
    assert outcome.repeats >= 900
