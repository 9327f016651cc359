"""A real gateway in a child process dies at a named point and is started again: nothing is lost."""

from dataclasses import dataclass, field, replace

import pytest

from bench.chaos.agents import ORDERING, PATIENT, WITH_TOOL
from bench.chaos.kills import second_gateway
from bench.chaos.plans import AGAIN_AND_AGAIN
from bench.chaos.play import run
from bench.chaos.trial import Plan
from runtime.crash import VARIABLE

MARK = "{{ message.text | replace('Q', 'A') | replace('E', 'A') }}"
SECOND = "{{ message.text | replace('Q', ' A') | replace('E', 'p2A ') }}"
ECHO = {
    **PATIENT,
    "flow": [{"type": "reply", "id": "say", "text": f"{MARK}\n\n{'很长。' * 220}\n\n{SECOND}"}],
}
"""Answers `Q7E` without a model, so that a start takes no seconds; in two parts, so that one is pushed."""

pytestmark = pytest.mark.timeout(120)


@dataclass(frozen=True)
class Case:
    id: str
    agent: dict = field(default_factory=lambda: ECHO)
    tool: str = ""
    parts: int = 2
    uncertain: int = 0
    """Answers of which nobody can know whether they arrived."""


CASES = [
    Case("after_persist"),
    Case("before_send"),
    Case("after_send", uncertain=1),
    Case("after_tool", agent=WITH_TOOL, tool="clock", parts=1),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_a_gateway_that_dies_anywhere_loses_and_doubles_nothing(case, tmp_path):
    async def trouble(trial):
        assert await trial.died(20), f"it never passed {case.id}"
        await trial.start()

    plan = Plan(
        case.id, trouble, messages=1, rate=4, people=1, agent=case.agent, tool=case.tool,
        latency=lambda dice: 0.1, parts=case.parts, environment=lambda home: {VARIABLE: case.id},
    )  # fmt: skip
    outcome = await run(plan, tmp_path, seed=1)
    assert outcome.broken == ()
    assert outcome.verdict.answered == 1
    assert (outcome.kills, len(outcome.verdict.uncertain)) == (1, case.uncertain)
    assert outcome.failed == 0


async def test_a_stop_that_was_asked_for_cuts_nothing_off(tmp_path):
    async def trouble(trial):
        await trial.pause(0.3, 0.3)
        assert await trial.stop() == 0
        await trial.start()

    plan = Plan("SIGTERM", trouble, messages=6, rate=20, people=3, agent=ECHO, parts=2)
    outcome = await run(plan, tmp_path, seed=1)
    assert (outcome.broken, outcome.verdict.answered) == ((), 6)


async def test_killed_again_and_again_under_load_it_loses_nothing_and_orders_nothing_twice(tmp_path):
    plan = replace(AGAIN_AND_AGAIN, messages=24, people=8, agent=ORDERING, tool="order")
    outcome = await run(plan, tmp_path, seed=2)
    assert outcome.broken == ()
    assert outcome.kills > 0


async def test_a_second_gateway_on_the_same_home_is_refused_and_the_first_goes_on(tmp_path):
    plan = Plan("second", second_gateway, messages=8, rate=8, agent=ECHO, parts=2)
    outcome = await run(plan, tmp_path, seed=1)
    assert (outcome.broken, outcome.verdict.answered) == ((), 8)
