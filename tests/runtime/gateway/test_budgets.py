"""What may be spent in a day, by person and agent: counted once, also over a crash, and told in words."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from world import ANSWERS, Account, now, world

from runtime.caps import Cap, Sum
from runtime.gateway.abreast import Abreast, Bound
from runtime.gateway.job import Job
from runtime.models.budgets import OURS, Cut
from runtime.store.messages.messages import Messages
from runtime.turn.events import ModelUsed
from script import says, wrote

NOON = datetime(2026, 11, 29, 4, tzinfo=UTC).timestamp()
"""In Shanghai."""
TURN = 100
"""Tokens of one…"""
COST = 0.25
"""…and dollars."""
PRICED = replace(says("好的"), prompt_tokens=95, cost=COST)


async def sums(w):
    rows = await w.gateway.spending._store.since("2000-01-01", ("model", "agent", "person"))
    return {kind: (tokens, cost, unpriced) for kind, _, _, tokens, cost, unpriced, _ in rows}


async def test_who_has_spent_the_days_tokens_is_told_and_no_model_is_asked_until_midnight(tmp_path):
    agent = {**ANSWERS, "limits": {"tokens_per_day": 2 * TURN}, "timezone": "Asia/Shanghai"}
    async with world(tmp_path, PRICED, agent=agent, account=Account(can_push=False)) as w:
        said = [await w.push(id=f"m{i}") for i in range(4)]
        assert [one if one == "reply:好的" else one[:14] for one in said] == [
            *["reply:好的"] * 2, "reply:今天的额度用完了", "success"
        ]  # fmt: skip
        assert len(w.models.requests) == 2
        assert await w.push(id="n0", **{"from": "u2"}) == "reply:好的"
        [surface] = w.gateway.surfaces.all()
        job, at = Job(1, surface, wrote(sender="u1")), [NOON]
        job.paid = [ModelUsed.of("say", PRICED)] * 2
        w.gateway.spending._clock = lambda: at[0]
        w.gateway.spending.count(job, w.gateway.spending.rows(job))
        left = []
        for later in (0, 12 * 3600 - 1, 12 * 3600):
            at[0] = NOON + later
            left.append(w.gateway.spending.purse(job).left)
        assert left == [0, 0, 1]


LIMITS = [
    ({"all_tokens_per_day": 100}, says("好的", cost=0.4), [True] * 7),
    ({"all_money_per_day": 1}, says("好的", cost=0.4), [True, True, True, False, False]),
    ({"money_per_day": 0.8}, says("好的", cost=0.4), [True, True, True, True, False]),
    ({"money_per_day": 0.8}, says("好的"), [True] * 5),
    ({"all_money_per_day": 0}, says("好的", cost=0.4), [False]),
]


@pytest.mark.parametrize(("limits", "answer", "answered"), LIMITS)
async def test_everybody_together_and_money_are_bounded_too(tmp_path, limits, answer, answered):
    texts = {**ANSWERS["texts"], "used_up": "明天见"}
    agent = {**ANSWERS, "limits": limits, "texts": texts}
    async with world(tmp_path, answer, agent=agent, account=Account(can_push=False)) as w:
        said = [await w.push(id=f"m{i}", **{"from": f"u{i % 2}"}) for i in range(len(answered))]
        assert said == ["reply:好的" if one else "reply:明天见" for one in answered]


async def test_what_a_turn_took_is_kept_with_its_end_and_known_again_after_a_restart(tmp_path):
    agent = {**ANSWERS, "limits": {"tokens_per_day": 2 * TURN}}
    for _ in range(2):
        async with world(tmp_path, PRICED, agent=agent, account=Account(can_push=False)) as w:
            await w.push(id=f"m{len(await w.states())}")
            kept = await sums(w)
    assert kept == {kind: (2 * TURN, 2 * COST, 0) for kind in ("model", "agent", "person")}
    async with world(tmp_path, agent=agent, account=Account(can_push=False)) as w:
        assert "用完了" in await w.push(id="m9")
        assert await sums(w) == kept


async def test_a_round_that_was_paid_before_a_death_counts_once_when_the_turn_goes_on(tmp_path):
    messages = Messages(tmp_path / "messages.db")
    accepted = await messages.accept("p", wrote(sender="u1"), now())
    await messages.steps.record(accepted.seq, {"answer.0": PRICED.to_json()})
    messages.close()
    for start in range(2):
        async with world(tmp_path) as w:
            if not start:
                await w.until(lambda w=w: w.account.sent == [("u1", "好的")])
            assert w.models.requests == []
            assert await sums(w) == {kind: (TURN, COST, 0) for kind in ("model", "agent", "person")}


@pytest.mark.parametrize("whose", ["all_tokens_per_day", "tokens_per_day"])
async def test_turns_that_begin_at_once_do_not_all_find_the_same_budget_unspent(tmp_path, whose):
    """Of everybody, or of one whom a program names in many conversations; one other is not held up."""
    agent = {**ANSWERS, "limits": {whose: 2 * TURN}}
    async with world(tmp_path, PRICED, agent=agent) as w:
        one = {"who": {"id": "ann"}} if whose == "tokens_per_day" else {}

        async def ask(i, **more):
            message = wrote(id=f"m{i}", sender=f"key:c{i}", **more)
            return [event async for event in w.gateway.stream("p", message, pieces=False)][-1]

        ends = await asyncio.gather(*(ask(i, **one) for i in range(20)))
        assert [getattr(end, "code", "") for end in ends].count("") == len(w.models.requests) == 2
        if one:
            assert await ask(20, who={"id": "bea"})
            assert len(w.models.requests) == 3


async def test_while_nobody_knows_what_a_turn_takes_a_budget_of_many_holds_nobody_up():
    budget = Bound("agent", "shop", "shop", Cap(tokens=1_000_000), Sum)
    abreast = Abreast()
    async with AsyncExitStack() as running, asyncio.timeout(5):
        for _ in range(40):
            await running.enter_async_context(abreast.turn([budget]))


async def test_what_was_cut_off_counts_too(tmp_path):
    async with world(tmp_path) as w:
        [surface] = w.gateway.surfaces.all()
        job = Job(1, surface, wrote(sender="u1"))
        async with w.gateway.spending.open(job):
            OURS.get().cut.append(Cut("script/one", 30, 12, None))
            rows = w.gateway.spending.rows(job)
        assert [(row.kind, row.tokens, row.unpriced) for row in rows] == [
            (kind, 42, 42) for kind in ("model", "agent", "all", "person")
        ]
