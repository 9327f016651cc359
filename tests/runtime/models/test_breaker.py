"""Models that fail, and keys of one endpoint that share its load. Clocks are arguments; nobody waits."""

import asyncio

import pytest
from models_world import HELLO, WAYS, SetUp, models
from pydantic import SecretStr

from fake_llm import FakeLLM, Say
from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.models.breaker import COOLDOWN, THRESHOLD, Breaker
from runtime.models.completion import Request
from runtime.models.keyring import DEAD, LIMITED, Keyring
from runtime.models.keys import Key
from runtime.models.providers import Endpoint, MoreKey
from runtime.models.routed import RoutedModels
from set_clock import Clock

DOWN = ModelFailed(Text("坏了", "down"), code="server")
ABOUT_THE_QUESTION = ModelFailed(Text("太长", "too long"), code="context")


def out(name="m"):
    breaker = Breaker()
    for _ in range(THRESHOLD):
        breaker.failed(name, 0, DOWN)
    return breaker


def test_a_model_that_keeps_failing_is_open_then_half_open_and_closed_by_one_answer():
    breaker = Breaker()
    for _ in range(THRESHOLD * 2):
        breaker.failed("m", 0, ABOUT_THE_QUESTION)
    assert breaker.state("m", 0) == "closed"
    breaker = out()
    assert breaker.state("m", COOLDOWN - 1) == "open"
    assert breaker.state("m", COOLDOWN) == "half_open"
    breaker.succeeded("m")
    assert (breaker.state("m", COOLDOWN), breaker.known(COOLDOWN)) == ("closed", {})


async def test_of_many_who_ask_a_model_that_is_out_one_tries_and_all_get_what_that_comes_to():
    for ends, asked in ((DOWN, 1), (None, 20)):
        breaker, tried, gate = out(), [], asyncio.Event()

        async def one(breaker, tried, gate, ends):
            await breaker.turn("m")
            with breaker.tried("m", lambda: False):
                tried.append(1)
                await gate.wait()
                if ends:
                    raise ends
            breaker.succeeded("m")

        asking = [asyncio.create_task(one(breaker, tried, gate, ends)) for _ in range(20)]
        await asyncio.sleep(0)
        assert len(tried) == 1
        assert breaker.order(["m", "other"], COOLDOWN) == ["other", "m"]
        gate.set()
        came = await asyncio.gather(*asking, return_exceptions=True)
        assert len(tried) == asked
        assert [getattr(one, "code", None) for one in came] == [ends and ends.code] * 20


async def test_who_gives_up_while_trying_leaves_the_try_to_one_other():
    breaker, tried = out(), []

    async def one():
        await breaker.turn("m")
        with breaker.tried("m", lambda: False):
            tried.append(1)
            await asyncio.sleep(3600)

    asking = [asyncio.create_task(one()) for _ in range(5)]
    await asyncio.sleep(0)
    asking[0].cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(tried) == 2
    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)


async def test_who_waits_for_a_try_goes_on_as_soon_as_that_is_being_answered():
    breaker = out()
    with breaker.tried("m", lambda: True):
        async with asyncio.timeout(30):
            await breaker.turn("m")


def refused(code):
    return ModelFailed(Text("不行", "no"), code=code)


def test_the_load_is_shared_and_what_a_key_takes_is_kept_also_when_the_clock_steps():
    clock = Clock()
    ring, keys = Keyring(clock), [Key("a", "1", 2), Key("b", "2", tokens_per_minute=100), Key("c", "3")]
    used = []
    for _ in range(6):
        key = ring.best("x", keys)
        with ring.lent("x", key) as spent:
            used.append(key.name)
            spent(60)
        clock.now += 1
    assert used == ["a", "b", "c", "a", "b", "c"]
    assert [ring.best("x", keys).name, round(ring.wait("x", keys[0]))] == ["c", 54]
    assert round(ring.wait("x", keys[1])) == 55
    clock.now += 60
    assert [ring.wait("x", key) for key in keys] == [0, 0, 0]
    clock.now -= 3600
    assert [ring.wait("x", key) for key in keys] == [0, 0, 0]


@pytest.mark.parametrize(("code", "seconds"), [("auth", DEAD), ("quota", DEAD), ("rate_limit", LIMITED)])
def test_a_key_that_is_refused_rests_and_says_why(code, seconds):
    clock = Clock()
    ring, keys = Keyring(clock), [Key("a", "1"), Key("b", "2")]
    with pytest.raises(ModelFailed), ring.lent("x", keys[0]):
        raise refused(code)
    for _ in range(3):
        assert ring.best("x", keys).name == "b"
    assert (ring.rests("x", keys[0])[0], ring.rests("x", keys[0])[1].code) == (seconds, code)
    clock.now += seconds
    with ring.lent("x", ring.best("x", keys[:1])):
        pass
    assert ring.rests("x", keys[0]) == (0, None)


def several(url, *names, provider="openai_compatible", **limits):
    more = tuple(MoreKey(name=name, api_key=SecretStr(f"sk-{name}"), **limits) for name in names[1:])
    return Endpoint(
        name="local",
        provider="openai_compatible",
        api_base=url,
        api_key=SecretStr(f"sk-{names[0]}"),
        keys=more,
    )


async def ask(them, **more):
    return await them.complete(Request("local/m", HELLO, seconds=10, **more))


def by_key(call):
    """`slow` is limited."""
    key = call.headers["authorization"].removeprefix("Bearer sk-")
    return Say(
        {"dead": "bad key", "slow": "slow down"}.get(key, key),
        status={"dead": 401, "slow": 429}.get(key, 200),
    )


@WAYS
async def test_a_key_that_dies_in_the_middle_costs_nobody_an_answer_and_is_told(provider, litellm):
    died = []

    def by_turn(call):
        """The first key is taken once, and never again."""
        key = call.headers["authorization"].removeprefix("Bearer sk-")
        if key == "dies" and not died:
            died.append(key)
            return Say("dies")
        return Say("bad key", status=401) if key == "dies" else by_key(call)

    async with FakeLLM(by_turn) as llm:
        endpoint = several(llm.url, "dies", "slow", "good", provider=provider)
        async with models(endpoint) as them:
            said = [(await ask(them)).text for _ in range(6)]
            assert (sorted(said), len(said)) == (["dies", *["good"] * 5], 6)
            asked = [call.headers["authorization"].rpartition("-")[2] for call in llm.calls]
            assert [asked.count(key) for key in ("dies", "slow", "good")] == [2, 1, 5]
            resting = {one.key: one.failed.code for one in them.resting(endpoint) if one.failed}
            assert resting == {"main": "auth", "slow": "rate_limit"}
            assert them.unwell() == []


async def test_at_its_own_limits_an_endpoint_is_not_asked_and_the_fallback_answers():
    async with FakeLLM() as llm:
        limited = several(llm.url, "one").model_copy(update={"per_minute": 1})
        other = Endpoint(name="other", provider="openai_compatible", api_base=llm.url)
        models = RoutedModels(SetUp(limited, other), {})
        assert [(await ask(models, fallbacks=["other/m"])).model for _ in range(2)] == ["local/m", "other/m"]
        with pytest.raises(ModelFailed) as caught:
            await ask(models)
        assert (caught.value.code, len(llm.calls)) == ("rate_limit", 2)
        await models.close()


async def test_a_server_that_comes_back_is_not_stormed():
    """Twenty ask a server that failed three times: one of them tries it, then all are answered."""
    down = [Say("down", status=500)] * 4
    async with FakeLLM(*down, Say("好")) as llm:

        async def no_wait(seconds):
            await asyncio.sleep(0)

        models = RoutedModels(SetUp(several(llm.url, "one")), {}, sleep=no_wait)
        with pytest.raises(ModelFailed):
            await ask(models)
        assert models.unwell()[0].state == "open"
        asking = [asyncio.create_task(ask(models)) for _ in range(20)]
        came = await asyncio.gather(*asking, return_exceptions=True)
        assert len(llm.calls) == 4
        assert {one.code for one in came} == {"server"}
        assert (await ask(models)).text == "好"
        assert models.unwell() == []
        await models.close()
