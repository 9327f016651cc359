"""Budgets of models and prices of the owner's."""

import asyncio
from datetime import UTC, datetime

import pytest
from models_world import SetUp

from fake_llm import FakeLLM, Say
from runtime.errors import ModelFailed
from runtime.models.budgets import OURS, Budget, Budgets, Purse, Spent, day_of
from runtime.models.completion import Request
from runtime.models.policy import NoPolicy
from runtime.models.prices import Price
from runtime.models.providers import Endpoint
from runtime.models.routed import RoutedModels

NOON = datetime(2026, 11, 29, 4, tzinfo=UTC).timestamp()
"""In Shanghai."""


def spent(model, tokens=0, cost=0.0, day=None):
    return Spent("model", model, day or day_of(NOON), tokens, cost, 0)


def test_a_budget_is_of_a_model_of_an_endpoint_or_of_all_and_begins_anew_at_midnight():
    kept = [
        Budget(id="ds/chat", tokens=100),
        Budget(id="ds", money=7.1, currency="CNY"),
        Budget(id="all", tokens=1000),
    ]
    now = [NOON]
    budgets = Budgets(lambda: kept, lambda: now[0])
    budgets.load(
        [
            spent("ds/chat", 40),
            spent("ds/other", 100, 0.5),
            spent("x/y", 400),
            spent("ds/chat", 999, day="2026-11-28"),
        ]
    )
    assert (round(budgets.left(), 2), budgets.check("ds/chat")) == (0.46, None)
    budgets.add([spent("ds/chat", 60)])
    assert (budgets.check("ds/chat").code, budgets.check("ds/other")) == ("budget", None)
    budgets.add([spent("ds/other", 0, 0.5)])
    assert [budgets.check(model) is None for model in ("ds/other", "x/y")] == [False, True]
    budgets.add([spent("x/y", 400)])
    assert "all models" in budgets.check("x/y").text.en
    now[0] += 12 * 3600
    assert budgets.check("x/y") is None
    now[0] -= 24 * 3600
    assert budgets.check("ds/chat").code == "budget"


async def test_a_model_whose_budget_is_used_up_is_passed_over_and_prices_of_the_owner_count_from_now_on():
    class Decided(NoPolicy):
        def route(self, name):
            return None

        def price(self, model):
            return {"one/m": Price(id="one/m", input=1000, output=2000, currency="USD")}.get(model)

        def budgets(self):
            return [Budget(id="one", tokens=1)]

    async with FakeLLM() as llm:
        both = [
            Endpoint(name=name, provider="openai_compatible", api_base=llm.url) for name in ("one", "two")
        ]
        models = RoutedModels(SetUp(*both), {}, policy=Decided(), wall=lambda: NOON)
        question = Request("one/m", [{"role": "user", "content": "你好"}], ("two/m",), seconds=10)
        first = await models.complete(question)
        assert (first.model, first.cost) == ("one/m", pytest.approx(0.05 + 0.08))
        models.budgets.add([spent("one/m", 90)])
        second = await models.complete(question)
        assert (second.model, second.cost) == ("two/m", None)
        with pytest.raises(ModelFailed) as caught:
            await models.complete(Request("one/m", question.messages, seconds=10))
        assert (caught.value.code, len(llm.calls)) == ("budget", 2)
        await models.close()


async def test_an_answer_that_somebody_cuts_off_counts_for_them_about_as_far_as_it_came():
    async with FakeLLM(Say(wait=30)) as llm:
        endpoint = Endpoint(name="one", provider="openai_compatible", api_base=llm.url)
        models = RoutedModels(SetUp(endpoint), {})
        question = Request("one/m", [{"role": "user", "content": "你好" * 50}], seconds=20)
        for purse in (Purse(origin=1), Purse()):  # the second is nobody's
            OURS.set(purse)
            llm.called.clear()
            asking = asyncio.ensure_future(models.complete(question, lambda _: None))
            await llm.called.wait()
            asking.cancel()
            await asyncio.wait([asking])
            cuts = [(one.model, one.prompt_tokens >= 100, one.cost) for one in purse.cut]
            assert cuts == ([("one/m", True, None)] if purse.origin else [])
        await models.close()


def test_what_is_counted_while_sums_are_read_again_is_not_lost():
    """Several instances count there: what is read is older than what was added meanwhile."""
    day = "2026-11-29"
    budgets = Budgets(list, lambda: 0.0)
    budgets.add([Spent("user", "lin", day, 10, 0.0, 0, 1)])
    begun = budgets.counted
    read = [Spent("user", "lin", day, 30, 0.0, 0, 3)]  # with two of another instance
    assert budgets.load(read, begun)
    assert budgets.spent("user", "lin", day).messages == 3
    budgets.add([Spent("user", "lin", day, 10, 0.0, 0, 1), Spent("user", "ben", day, 10, 0.0, 0, 1)])
    assert not budgets.load(read, begun)  # it began before that was kept
    assert (budgets.spent("user", "lin", day).messages, budgets.spent("user", "ben", day).messages) == (4, 1)
    assert budgets.load([Spent("user", "lin", day, 40, 0.0, 0, 4)], budgets.counted)
    assert budgets.spent("user", "lin", day).messages == 4
