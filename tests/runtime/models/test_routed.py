import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from models_world import ADD, KEY, NOWHERE, WAYS, Heard, ask, asking, endpoint, failure, models

from fake_llm import USAGE, FakeLLM, Say
from runtime.errors import ModelFailed
from runtime.models import routed as models_module
from runtime.models.adapters import MAX_BYTES
from runtime.models.completion import Request, ToolCall

pytestmark = pytest.mark.usefixtures("litellm")


@WAYS
async def test_a_whole_answer_carries_text_usage_and_the_model_that_answered(provider):
    async with asking(Say("世界", reasoning="想了想"), provider=provider) as (llm, them):
        answer = await ask(them, temperature=0.3, max_tokens=50)
    assert (answer.text, answer.reasoning, answer.model) == ("世界", "想了想", "local/m")
    assert answer.prompt_tokens == USAGE["prompt_tokens"]
    assert answer.completion_tokens == USAGE["completion_tokens"]
    assert 0 < answer.first_token_ms <= answer.ms
    sent = llm.calls[0].body
    assert (sent["model"], sent["temperature"], sent["max_tokens"]) == ("m", 0.3, 50)
    assert not sent.get("stream")
    assert llm.calls[0].headers["authorization"] == f"Bearer {KEY}"


@WAYS
async def test_a_watched_answer_comes_in_pieces(provider):
    heard = Heard()
    say = Say("鸿雁传书，一字千金", reasoning="想", pieces=3)
    async with asking(say, provider=provider) as (llm, them):
        answer = await ask(them, heard=heard)
    assert "".join(heard.pieces) == answer.text == "鸿雁传书，一字千金"
    assert 1 <= len(heard.pieces) <= 3  # what came together is told as one
    assert answer.reasoning == "想"
    assert answer.prompt_tokens == USAGE["prompt_tokens"]
    assert llm.calls[0].body["stream_options"] == {"include_usage": True}


@WAYS
async def test_a_connection_is_kept_for_the_next_question(provider):
    async with asking(Say("你好"), provider=provider) as (llm, them):
        for heard in (None, Heard(), Heard(), None, Heard()):
            await ask(them, heard=heard)
    assert len(llm.calls) == 5
    assert llm.connections == 1


@pytest.mark.parametrize("heard", [None, Heard()], ids=["whole", "streamed"])
@WAYS
async def test_tool_calls_come_whole_and_in_order(heard, provider):
    say = Say(None, tool_calls=(("add", '{"a": 1}'), ("add", '{"a": 22}')))
    async with asking(say, provider=provider) as (_, them):
        answer = await ask(them, heard=heard, tools=[ADD])
    assert answer.tool_calls == (
        ToolCall("call_0", "add", '{"a": 1}'),
        ToolCall("call_1", "add", '{"a": 22}'),
    )
    assert answer.finish == "tool_calls"


@WAYS
async def test_what_was_asked_is_not_changed(provider):
    before = json.dumps(ADD)
    async with asking(provider=provider) as (_, them):
        await ask(them, tools=[ADD])
    assert json.dumps(ADD) == before


async def test_a_server_without_a_key_is_asked_without_ours():
    async with FakeLLM() as llm, models(endpoint("local", llm.url, key="")) as them:
        assert (await ask(them)).text == "你好"
        assert (await ask(them, tools=[ADD], heard=Heard())).text == "你好"
    assert "authorization" not in llm.calls[0].headers


async def test_the_price_of_a_known_model_is_told_and_of_an_unknown_one_is_none():
    async with FakeLLM() as llm:
        known = endpoint("ds", llm.url, provider="deepseek")
        async with models(known, endpoint("local", llm.url)) as them:
            assert (await ask(them, "ds/deepseek-chat")).cost == pytest.approx(3.08e-05, rel=0.5)
            assert (await ask(them, "local/deepseek-chat")).cost is None


@dataclass(frozen=True)
class Case:
    id: str
    say: Say
    code: str
    calls: int = 1
    says: str = ""


UNUSABLE = Case("", Say(), "malformed", calls=3)
FAILURES = [
    Case("key revoked", Say(f"bad key {KEY}", status=401), "auth", says="「模型」页"),
    Case("not allowed", Say(f"bad key {KEY}", status=403), "auth"),
    Case("no such model", Say(f"no model, {KEY}", status=404), "not_found", says="no model, ***"),
    Case("no money", Say("Insufficient Balance", status=402), "quota", says="充值"),
    Case("no money, as OpenAI says it", Say("You exceeded your current quota", status=429), "quota"),
    Case("no money, as Zhipu says it", Say("余额不足或无可用资源包", status=429), "quota"),
    Case(
        "bad request", Say("temperature must be < 1", status=400), "refused", says="temperature must be < 1"
    ),
    Case(
        "too long", Say("This model's maximum context length is 4096", status=400), "context", says="记忆轮数"
    ),
    Case("filtered question", Say("Input data may contain inappropriate content.", status=400), "policy"),
    Case("filtered, as DeepSeek says it", Say("Content Exists Risk", status=400), "policy"),
    Case("filtered answer", Say("一半", finish="content_filter"), "policy", says="换一种说法"),
    Case("all tokens spent on thoughts", Say("", reasoning="嗯", finish="length"), "length"),
    Case("rate limited", Say("slow down", status=429), "rate_limit", calls=3, says="限流"),
    Case("server error", Say(f"oops {KEY}", status=500), "server", calls=3, says="oops ***"),
    Case("bad gateway", Say("oops", status=502), "server", calls=3),
    Case("overloaded", Say("oops", status=529), "server", calls=3),
    Case("empty text", Say(""), "malformed", calls=3),
    Case("null text", Say(None), "malformed", calls=3),
    Case("tool call without a name", Say(None, tool_calls=(("", "{}"),)), "malformed", calls=3),
    Case("cut before the first byte", Say(cut_after=0), "server", calls=3),
]


@WAYS
@pytest.mark.parametrize("heard", [None, Heard()], ids=["whole", "streamed"])
@pytest.mark.parametrize("case", FAILURES, ids=lambda case: case.id)
async def test_a_failure_says_what_to_do_and_never_the_key(case, heard, provider):
    async with asking(case.say, provider=provider) as (llm, them):
        failed = await failure(them, heard=heard, tools=[ADD])
    assert failed.code == case.code, failed
    assert len(llm.calls) == case.calls
    assert failed.retryable == (case.calls > 1)
    assert case.says in failed.text.zh
    assert KEY not in str(failed)
    assert "Traceback" not in str(failed)


BODIES = {
    "web page": b"<html>hi</html>",
    "no choices": b'{"choices": []}',
    "choices is text": b'{"choices": "x"}',
    "list": b"[1]",
    "number": b"7",
    "error with 200": b'{"error": {"message": "oops", "code": "1"}}',
    "content is a number": b'{"choices": [{"message": {"content": 5}, "finish_reason": "stop"}]}',
    "calls are text": b'{"choices": [{"message": {"tool_calls": "x"}, "finish_reason": "stop"}]}',
    "usage is text": b'{"choices": [{"message": {"content": ""}, "finish_reason": "stop"}], "usage": "x"}',
    "half": b'{"choices": [{"mess',
    "not UTF-8": b'{"choices": "\xff\xfe"}',
    "nothing": b"",
}


@pytest.mark.parametrize("heard", [None, Heard()], ids=["whole", "streamed"])
@pytest.mark.parametrize("raw", BODIES.values(), ids=BODIES)
@WAYS
async def test_a_malformed_response_is_tried_again_and_then_a_failure(raw, heard, provider):
    async with asking(Say(raw=raw), provider=provider) as (llm, them):
        failed = await failure(them, heard=heard)
    assert failed.retryable
    assert len(llm.calls) == 3


async def test_a_huge_response_is_not_read_to_its_end():
    async with asking(Say(raw=b" " * (MAX_BYTES + 100_000)), Say("好")) as (_, them):
        assert (await ask(them)).text == "好"


async def test_two_server_errors_are_survived():
    async with asking(Say(status=500), Say(status=503), Say("好")) as (llm, them):
        assert (await ask(them)).text == "好"
    assert len(llm.calls) == 3
    assert them.slept == [0.3, 1.0]


@pytest.mark.parametrize("heard", [None, Heard()], ids=["whole", "streamed"])
async def test_no_library_tries_again_behind_our_back(heard):
    async with FakeLLM(Say(status=500)) as llm, models(endpoint("gpt", llm.url, provider="openai")) as them:
        assert (await failure(them, "gpt/m", heard=heard)).code == "server"
    assert len(llm.calls) == 3


@WAYS
async def test_the_provider_says_how_long_to_wait(provider):
    limited = Say(status=429, headers={"retry-after": "2"})
    async with asking(limited, Say("好"), provider=provider) as (_, them):
        assert (await ask(them)).text == "好"
    assert them.slept == [2.0]


async def test_nobody_waits_longer_than_the_time_there_is():
    async with asking(Say(status=429, headers={"retry-after": "3600"})) as (llm, them):
        assert (await failure(them)).code == "rate_limit"
    assert (len(llm.calls), them.slept) == (1, [])


@WAYS
async def test_a_refused_connection_names_the_host(provider):
    async with models(endpoint("local", NOWHERE, provider=provider)) as them:
        failed = await failure(them)
    assert (failed.code, failed.retryable) == ("connection", True)
    assert "127.0.0.1:9" in failed.text.zh
    assert len(them.slept) == 2


@pytest.mark.parametrize("hang_after", [0, 300], ids=["before the first byte", "after some pieces"])
@WAYS
async def test_the_time_limit_ends_a_hanging_answer_and_closes_the_connection(hang_after, provider):
    async with asking(Say(hang_after=hang_after), provider=provider) as (llm, them):
        failed = await failure(them, heard=Heard(), seconds=1)
        await asyncio.wait_for(llm.closed_early.wait(), 30)
    assert (failed.code, failed.retryable) == ("timeout", True)


async def test_the_time_limit_ends_an_answer_that_drips():
    async with asking(Say(drip=0.01)) as (_, them):
        assert (await failure(them, seconds=0.3)).code == "timeout"


@WAYS
async def test_cancelling_closes_the_connection_and_leaves_nothing_behind(provider):
    async with asking(Say(hang_after=0), provider=provider) as (llm, them):
        asked = asyncio.ensure_future(ask(them))
        await asyncio.wait_for(llm.called.wait(), 30)
        asked.cancel()
        await asyncio.wait_for(llm.closed_early.wait(), 30)
        with pytest.raises(asyncio.CancelledError):
            await asked


@pytest.mark.parametrize("silent", [True, False], ids=["looks like its end", "is noticed"])
@WAYS
async def test_a_tool_call_whose_stream_was_cut_is_never_handed_out(silent, provider):
    half = Say(None, tool_calls=(("add", '{"a": 1234567890}'),), cut_after=650, silent_cut=silent)
    async with asking(half, provider=provider) as (llm, them):
        failed = await failure(them, heard=Heard(), tools=[ADD])
    assert failed.retryable
    assert len(llm.calls) == 3


async def test_pieces_of_a_try_that_broke_off_are_declared_void():
    heard = Heard()
    half = Say("一二三四五六" * 100, cut_after=1900, silent_cut=True)
    async with asking(Say("好"), half, Say("完整的", pieces=1)) as (_, them):
        # Of a model that is not known yet nothing is shown before all of it is there.
        await ask(them)
        answer = await ask(them, heard=heard)
    assert answer.text == "完整的"
    void = heard.pieces.index(None)
    assert void > 0
    assert heard.pieces[void + 1 :] == ["完整的"]


@asynccontextmanager
async def pair(first, *second, **more):
    """Two servers, "one" and "two"."""
    async with (
        FakeLLM(*first) as one,
        FakeLLM(*second) as two,
        models(endpoint("one", one.url), endpoint("two", two.url), **more) as them,
    ):
        yield one, two, them


@pytest.mark.parametrize(
    ("status", "calls"), [(401, 1), (402, 1), (404, 1), (400, 1), (429, 2), (500, 2)], ids=str
)
async def test_the_fallback_answers_when_the_first_model_fails(status, calls):
    async with pair([Say(status=status)], Say("我来")) as (one, two, them):
        answer = await ask(them, "one/m", fallbacks=["two/m"])
    assert (answer.text, answer.model, answer.failed) == ("我来", "two/m", ("one/m",))
    assert (len(one.calls), len(two.calls)) == (calls, 1)


async def test_nobody_waits_for_a_limited_model_when_another_is_ready():
    async with pair([Say(status=429, headers={"retry-after": "5"})], Say("我来")) as (_, _, them):
        assert (await ask(them, "one/m", fallbacks=["two/m"])).model == "two/m"
    assert them.slept == []


async def test_a_model_that_hangs_leaves_time_for_its_fallback():
    async with pair([Say(hang_after=0)], Say("我来")) as (_, _, them):
        assert (await ask(them, "one/m", fallbacks=["two/m"], seconds=1)).model == "two/m"


async def test_a_model_that_says_nothing_is_given_up_long_before_half_the_turn():
    async with pair([Say(hang_after=0)], Say("我来"), patience=0.3) as (one, two, them):
        async with asyncio.timeout(10):
            assert (await ask(them, "one/m", fallbacks=["two/m"], seconds=60)).model == "two/m"
            # and the next turn does not wait for it at all
            assert (await ask(them, "one/m", fallbacks=["two/m"], seconds=60)).model == "two/m"
    assert (len(one.calls), len(two.calls)) == (1, 2)


PATIENT = [("it says nothing", True, False, True), ("it writes", True, True, False),
           ("it cannot be seen writing", False, False, False)]  # fmt: skip


@pytest.mark.parametrize(
    ("streams", "began", "given_up"), [c[1:] for c in PATIENT], ids=[c[0] for c in PATIENT]
)
async def test_only_a_model_that_could_write_and_does_not_is_given_up(streams, began, given_up):
    unfinished = SimpleNamespace(streams=streams, began=began)
    try:
        async with asyncio.timeout(30) as limit:
            with models_module._impatience(limit, unfinished, 30, patience=0.02):
                await asyncio.sleep(20 if given_up else 0.2)
    except TimeoutError:
        assert given_up
    else:
        assert not given_up


async def test_a_filtered_question_is_not_asked_elsewhere():
    async with pair([Say("Content Exists Risk", status=400)], Say()) as (_, two, them):
        failed = await failure(them, "one/m", fallbacks=["two/m"])
        assert (failed.code, failed.asked) == ("policy", ("one/m",))
    assert two.calls == []


async def test_when_all_fail_the_first_failure_is_told():
    async with pair([Say(status=401)], Say(status=500)) as (_, _, them):
        failed = await failure(them, "one/m", fallbacks=["two/m"])
        assert (failed.code, failed.asked) == ("auth", ("one/m", "two/m"))


async def test_a_model_that_keeps_failing_is_asked_last_for_a_while():
    async with pair([Say(status=500)], Say("我来")) as (one, _, them):
        for _ in range(2):
            await ask(them, "one/m", fallbacks=["two/m"])
        before = len(one.calls)
        assert (await ask(them, "one/m", fallbacks=["two/m"])).model == "two/m"
    assert len(one.calls) == before


async def test_default_means_what_the_owner_chose():
    async with FakeLLM() as llm, models(endpoint("local", llm.url), default="local/qwen") as them:
        assert (await ask(them, "default")).model == "local/qwen"


@pytest.mark.parametrize("heard", [None, Heard()], ids=["whole", "streamed"])
async def test_without_any_set_up_the_demo_model_answers(heard):
    async with models() as them:
        answer = await ask(them, "default", heard=heard)
    assert answer.model == "demo/hongyan"
    assert "> 你好" in answer.text
    assert answer.cost == 0
    assert answer.prompt_tokens > 0
    assert answer.completion_tokens > 0
    assert heard is None or ("".join(heard.pieces) == answer.text and len(heard.pieces) > 2)


@pytest.mark.parametrize("heard", [None, Heard()], ids=["whole", "streamed"])
async def test_the_demo_model_calls_tools(heard):
    calculator = {
        "name": "calculator",
        "parameters": {"properties": {"expression": {}}, "required": ["expression"]},
    }
    async with models() as them:
        request = Request(
            "default",
            [{"role": "user", "content": "3*4 是多少"}],
            tools=[{"type": "function", "function": calculator}],
        )
        answer = await them.complete(request, heard and heard.on_text)
    assert json.loads(answer.tool_calls[0].arguments) == {"expression": "3*4"}


async def test_a_key_that_only_litellm_would_look_for_is_named_when_missing():
    async with models() as them:
        failed = await failure(them, "groq/llama-3.1-8b-instant")
    assert failed.code == "no_key"
    assert "GROQ_API_KEY" in failed.text.zh


async def test_a_provider_that_nobody_knows_is_named():
    async with models() as them:
        failed = await failure(them, "nope/x")
    assert failed.code == "unknown_model"
    assert "nope/x" in failed.text.zh


async def test_the_test_button_says_that_it_works():
    async with FakeLLM(Say("OK")) as llm, models() as them:
        text = await them.check(endpoint("local", llm.url), "qwen")
    assert text.zh.startswith("可以使用：local/qwen 用 ")
    assert len(llm.calls) == 1


async def test_the_test_button_accepts_a_model_that_only_thinks():
    async with FakeLLM(Say("", reasoning="嗯", finish="length")) as llm, models() as them:
        assert "It works" in (await them.check(endpoint("local", llm.url), "qwen")).en


async def test_the_test_button_says_why_not_after_one_try():
    async with FakeLLM(Say(status=500)) as llm, models() as them:
        with pytest.raises(ModelFailed) as caught:
            await them.check(endpoint("local", llm.url), "qwen")
    assert caught.value.code == "server"
    assert len(llm.calls) == 1


OPEN_ENDS = {
    "streamed": (
        b'data: {"choices": [{"delta": {"content": "\xe5\xa5\xbd"}, "finish_reason": "stop"}]}\n\n',
        Heard(),
    ),
    "whole": (b'{"choices": [{"message": {"content": "\xe5\xa5\xbd"}, "finish_reason": "stop"}]}', None),
}


@pytest.mark.parametrize(("raw", "heard"), OPEN_ENDS.values(), ids=OPEN_ENDS)
async def test_a_finished_answer_does_not_wait_for_a_server_that_leaves_the_connection_open(
    raw, heard, monkeypatch
):
    monkeypatch.setattr("runtime.models.adapters.openai_protocol.LINGER", 0.1)
    never = Say(raw=raw, hang_after=len(raw), headers={"content-length": "5000"})
    async with asking(never) as (llm, them):
        assert (await ask(them, heard=heard, seconds=5)).text == "好"
    assert len(llm.calls) == 1
