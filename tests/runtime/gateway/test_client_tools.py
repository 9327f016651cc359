"""Tools that a client of OpenAI's chat API gives of its own: called, run there, and gone on with."""

import asyncio
import json

import openai
import pytest
from open_world import ANSWERS, opened
from pydantic import BaseModel

from script import DOWN, calls, says

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a town.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"town": {"type": "string"}},
            "required": ["town"],
            "additionalProperties": False,
        },
    },
}
ASKED = {"role": "user", "content": "北京天气？"}
CALLS = calls(("get_weather", {"town": "北京"}))


def with_calls(*more, **block):
    """An agent whose model has a tool of its own, and a block before it that costs a question."""
    tools = [{"type": "clock"}]
    return {
        **ANSWERS,
        "flow": [
            {"type": "model", "id": "first", "prompt": {"text": "想"}},
            {"type": "model", "id": "answer", "prompt": {"text": "答"}, "tools": tools, **block},
            *more,
        ],
    }


def client(w, **more):
    return openai.AsyncOpenAI(
        base_url="http://localhost/v1", api_key=w.key, http_client=w.http, max_retries=0, **more
    )


async def ask(w, messages, *, stream=False, tools=(WEATHER,), **more):
    """What OpenAI's client makes of the answer: the message, and why it ended."""
    chat = client(w).chat.completions
    if not stream:
        one = (await chat.create(model="shop", messages=messages, tools=list(tools), **more)).choices[0]
        return one.message, one.finish_reason
    async with chat.stream(model="shop", messages=messages, tools=list(tools), **more) as events:
        async for _ in events:
            pass
        one = (await events.get_final_completion()).choices[0]
    return one.message, one.finish_reason


def given(message, *results):
    """The client's next messages."""
    said = message.model_dump(exclude_none=True, include={"role", "content", "tool_calls"})
    for call in said["tool_calls"]:
        call["function"] = {name: call["function"][name] for name in ("name", "arguments")}
        call.pop("index", None)
    answers = [
        {"role": "tool", "tool_call_id": call.id, "content": text}
        for call, text in zip(message.tool_calls, results, strict=True)
    ]
    return [said, *answers]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_a_call_goes_to_the_client_and_the_turn_goes_on_at_its_place(tmp_path, stream):
    async with opened(tmp_path, says("想好了"), CALLS, says("12 度"), agent=with_calls()) as w:
        message, finish = await ask(w, [ASKED], stream=stream)
        assert finish == "tool_calls"
        (call,) = message.tool_calls
        assert (call.function.name, json.loads(call.function.arguments)) == ("get_weather", {"town": "北京"})
        told, finish = await ask(w, [ASKED, *given(message, "12")], stream=stream)
    assert (told.content, finish) == ("12 度", "stop")
    _first, second, third = w.asked
    assert third[: len(second)] == second  # the first block was not asked again
    assert [one["role"] for one in third[len(second) :]] == ["assistant", "tool"]
    assert third[-1]["content"] == "12"
    names = {spec["function"]["name"] for spec in w.models.requests[-1].tools}
    assert names == {"clock", "get_weather"}


async def test_own_tools_of_the_same_round_run_once_and_their_results_stay(tmp_path):
    both = calls(("clock", {}), ("get_weather", {"town": "北京"}))
    async with opened(tmp_path, says("想"), both, says("好"), agent=with_calls()) as w:
        message, _ = await ask(w, [ASKED])
        assert [call.function.name for call in message.tool_calls] == ["get_weather"]
        await ask(w, [ASKED, *given(message, "12")])
    clock, weather = w.asked[-1][-2:]
    assert weather["content"] == "12"
    assert "20" in clock["content"]  # the time, as it was when it was asked for


async def test_several_rounds_and_several_calls_at_once(tmp_path):
    two = calls(("get_weather", {"town": "北京"}), ("get_weather", {"town": "上海"}))
    answers = (two, CALLS, says("都好"))
    async with opened(tmp_path, *answers) as w:
        first, _ = await ask(w, [ASKED])
        so_far = [ASKED, *given(first, "12", "20")]
        second, _ = await ask(w, so_far)
        assert not {one.id for one in first.tool_calls} & {one.id for one in second.tool_calls}
        told, _ = await ask(w, [*so_far, *given(second, "13")])
    assert told.content == "都好"
    assert [one["content"] for one in w.asked[-1] if one["role"] == "tool"] == ["12", "20", "13"]


async def test_results_that_come_twice_are_answered_once_and_at_once_or_later(tmp_path):
    async with opened(tmp_path, CALLS, says("12 度"), says("又一次")) as w:
        message, _ = await ask(w, [ASKED])
        then = [ASKED, *given(message, "12")]
        at_once = await asyncio.gather(ask(w, then), ask(w, then))
        later = await ask(w, then)
    assert [told.content for told, _ in (*at_once, later)] == ["12 度"] * 3
    assert len(w.asked) == 2


async def test_a_try_that_failed_may_be_made_again_and_still_goes_on_at_its_place(tmp_path):
    async with opened(tmp_path, says("想"), CALLS, DOWN, says("12 度"), agent=with_calls()) as w:
        message, _ = await ask(w, [ASKED])
        then = [ASKED, *given(message, "12")]
        with pytest.raises(openai.APIStatusError):
            await ask(w, then)
        told, _ = await ask(w, then)
    assert told.content == "12 度"
    assert len(w.asked) == 4


async def test_other_results_of_the_same_call_and_calls_of_others_begin_anew_with_what_they_say(tmp_path):
    async with opened(tmp_path, CALLS, says("12 度"), says("热"), says("别处")) as w:
        message, _ = await ask(w, [ASKED])
        await ask(w, [ASKED, *given(message, "12")])
        other, _ = await ask(w, [ASKED, *given(message, "40")])
        foreign = [
            {"role": "assistant", "tool_calls": [{"id": "call_xyz", "type": "function", "function": F}]},
            {"role": "tool", "tool_call_id": "call_xyz", "content": "多云"},
        ]
        elsewhere, _ = await ask(w, [ASKED, *foreign])
    assert (other.content, elsewhere.content) == ("热", "别处")
    assert [one["content"] for one in w.asked[-2] if one["role"] == "tool"] == ["40"]
    assert w.asked[-1][-1]["content"] == "多云"


F = {"name": "get_weather", "arguments": "{}"}


async def test_what_nobody_comes_back_with_goes_after_a_day_and_nobody_is_told(tmp_path):
    async with opened(tmp_path, CALLS) as w:
        await ask(w, [ASKED])
        assert len(await w.gateway.messages.waits.open()) == 1
        await w.gateway.waits.run_due(asyncio.get_running_loop().wall() + 25 * 3600)
        assert await w.gateway.messages.waits.open() == []
        count = "select count(*) from messages"
        assert await w.gateway.messages.database.read(lambda db: db.execute(count).fetchone()[0]) == 1


async def test_another_key_cannot_go_on_with_it(tmp_path):
    async with opened(tmp_path, says("想"), CALLS, says("自己的"), agent=with_calls()) as w:
        message, _ = await ask(w, [ASKED])
        w.other_key()
        await ask(w, [ASKED, *given(message, "12")])
    assert len(w.asked) == 4  # it began anew, with the first block


async def test_wrong_arguments_are_told_to_the_model_and_not_to_the_client(tmp_path):
    async with opened(tmp_path, calls(("get_weather", "{nonsense")), CALLS, says("好")) as w:
        message, _ = await ask(w, [ASKED])
    assert len(message.tool_calls) == 1
    assert "not valid JSON" in w.asked[1][-1]["content"]


@pytest.mark.parametrize(
    ("more", "tools", "choice"),
    [
        ({"tool_choice": "required"}, {"get_weather"}, "required"),
        (
            {"tool_choice": {"type": "function", "function": {"name": "get_weather"}}},
            {"get_weather"},
            "get_weather",
        ),
        ({"tool_choice": "none"}, {"clock"}, ""),
        ({}, {"clock", "get_weather"}, ""),
    ],
    ids=["any", "one", "none", "as it likes"],
)
async def test_the_choice_is_kept(tmp_path, more, tools, choice):
    answer = CALLS if choice else says("好")
    async with opened(tmp_path, says("想"), answer, agent=with_calls()) as w:
        await ask(w, [ASKED], **more)
    assert {spec["function"]["name"] for spec in w.models.requests[-1].tools} == tools
    assert w.models.requests[-1].choice == choice


async def test_a_tool_that_was_to_be_called_and_was_not_is_told(tmp_path):
    async with opened(tmp_path, says("不")) as w:
        with pytest.raises(openai.UnprocessableEntityError) as caught:
            await ask(w, [ASKED], tool_choice="required")
    assert caught.value.code == "fields"


async def test_one_call_at_a_time(tmp_path):
    two = calls(("get_weather", {"town": "北京"}), ("get_weather", {"town": "上海"}))
    async with opened(tmp_path, two, says("好")) as w:
        message, _ = await ask(w, [ASKED], parallel_tool_calls=False)
        await ask(w, [ASKED, *given(message, "12")], parallel_tool_calls=False)
    assert len(message.tool_calls) == 1
    assert len(w.asked[-1][-2]["tool_calls"]) == 1


class Town(BaseModel):
    name: str
    degrees: int


FORM = {"type": "json_object"}


async def test_an_answer_in_the_clients_form_is_checked_and_asked_for_once_more(tmp_path):
    async with opened(tmp_path, says("12 度"), says('```json\n{"name": "北京", "degrees": 12}\n```')) as w:
        one = await client(w).chat.completions.parse(model="shop", messages=[ASKED], response_format=Town)
    assert one.choices[0].message.parsed == Town(name="北京", degrees=12)
    assert w.models.requests[0].schema["properties"]["degrees"]["type"] == "integer"
    assert "no JSON" in w.asked[1][-1]["content"]


async def answered(w, *, stream):
    form = {"type": "json_schema", "json_schema": SCHEMA}
    asked = {"model": "shop", "messages": [ASKED], "response_format": form, "stream": stream}
    answer = await client(w).chat.completions.create(**asked)
    return [one async for one in answer] if stream else answer


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_an_answer_that_never_has_the_form_is_an_error(tmp_path, stream):
    async with opened(tmp_path, says('{"name": 1}'), says("[]")) as w:
        with pytest.raises(openai.APIError) as caught:
            await answered(w, stream=stream)
    assert caught.value.code == "fields"


SCHEMA = {"name": "town", "strict": True, "schema": Town.model_json_schema()}
REPLIES = {**ANSWERS, "flow": [{"type": "reply", "id": "say", "text": "好"}]}
OWN_FIELDS = {
    **ANSWERS,
    "flow": [
        {
            "type": "model",
            "id": "answer",
            "prompt": {"text": "答"},
            "fields": [{"name": "town", "type": "text"}],
        }
    ],
}


def tool(name="f", **function):
    return {"type": "function", "function": {"name": name, **function}}


REFUSED = [
    ("no model answers: tools", REPLIES, {"tools": [WEATHER]}, "tools"),
    ("no model answers: a form", REPLIES, {"response_format": FORM}, "response_format"),
    ("a form of its own", OWN_FIELDS, {"response_format": FORM}, "response_format"),
    ("the same name", with_calls(), {"tools": [tool("clock")]}, "tools"),
    ("a name twice", ANSWERS, {"tools": [tool(), tool()]}, "tools[1]"),
    ("a bad name", ANSWERS, {"tools": [tool("取天气")]}, "tools[0].function.name"),
    ("another kind", ANSWERS, {"tools": [{"type": "custom", "custom": {"name": "f"}}]}, "tools[0].type"),
    ("too many", ANSWERS, {"tools": [tool(f"f{n}") for n in range(129)]}, "tools"),
    ("too large", ANSWERS, {"tools": [tool(parameters={"x": "y" * 200_000})]}, "tools"),
    ("a choice of none", ANSWERS, {"tools": [tool()], "tool_choice": "any"}, "tool_choice"),
    ("required without tools", ANSWERS, {"tool_choice": "required"}, "tool_choice"),
    (
        "a choice that is not there",
        ANSWERS,
        {"tools": [tool()], "tool_choice": {"type": "function", "function": {"name": "g"}}},
        "tool_choice",
    ),
    ("a form of no kind", ANSWERS, {"response_format": {"type": "xml"}}, "response_format"),
    (
        "a schema of the network",
        ANSWERS,
        {"response_format": {"type": "json_schema", "json_schema": {"schema": {"$ref": "http://x/y"}}}},
        "response_format",
    ),
    ("functions of before", ANSWERS, {"functions": [{"name": "f"}]}, "functions"),
    ("an effort of others", ANSWERS, {"reasoning_effort": "ultra"}, "reasoning_effort"),
]


@pytest.mark.parametrize(
    ("agent", "more", "param"), [one[1:] for one in REFUSED], ids=[r[0] for r in REFUSED]
)
async def test_what_cannot_be_done_is_refused_by_name(tmp_path, agent, more, param):
    async with opened(tmp_path, says("好"), agent=agent) as w:
        response = await w.http.post(
            "/v1/chat/completions", json={"model": "shop", "messages": [ASKED], **more}
        )
    assert response.status_code == 400, response.text
    assert response.json()["error"]["param"] == param
    assert not w.asked


CALLED = {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": F}]}
UNFIT = {
    "a result of nothing": [ASKED, {"role": "tool", "tool_call_id": "c1", "content": "x"}],
    "a call without a result": [
        ASKED,
        {**CALLED, "tool_calls": [*CALLED["tool_calls"], {"id": "c2", "function": F}]},
        {"role": "tool", "tool_call_id": "c1", "content": "x"},
    ],
    "a result twice": [ASKED, CALLED, *2 * [{"role": "tool", "tool_call_id": "c1", "content": "x"}]],
    "nothing but a call": [ASKED, CALLED],
    "far too much": [ASKED, CALLED, {"role": "tool", "tool_call_id": "c1", "content": "x" * 400_001}],
}


@pytest.mark.parametrize("messages", UNFIT.values(), ids=UNFIT)
async def test_calls_and_results_that_do_not_fit_together_are_refused(tmp_path, messages):
    async with opened(tmp_path) as w:
        response = await w.http.post("/v1/chat/completions", json={"model": "shop", "messages": messages})
    assert response.status_code == 400, response.text
    assert response.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("wished", "given"), [("none", "none"), ("low", "low"), ("xhigh", "high"), ("max", "high")]
)
async def test_every_effort_that_clients_know_is_honoured(wished, given, tmp_path):
    async with opened(tmp_path, says("好"), says("好")) as w:
        await ask(w, [ASKED], tools=(), reasoning_effort=wished)
        body = {"model": "shop", "input": "好", "reasoning": {"effort": wished}}
        assert (await w.http.post("/v1/responses", json=body)).status_code == 200
    assert [request.effort for request in w.models.requests] == [given, given]


async def test_seed_and_effort_reach_the_model_and_widen_nothing(tmp_path):
    async with opened(tmp_path, says("想"), says("好"), agent=with_calls(effort="low")) as w:
        await ask(w, [ASKED], tools=(), seed=7, reasoning_effort="high")
    first, second = w.models.requests
    assert (first.seed, second.seed, second.effort) == (None, 7, "low")


async def test_several_pictures_are_seen(tmp_path):
    parts = [{"type": "image_url", "image_url": {"url": f"https://x/{n}.png"}} for n in range(3)]
    block = {**ANSWERS["flow"][0], "images": True}
    async with opened(tmp_path, says("三张"), agent={**ANSWERS, "flow": [block]}) as w:
        asked = [{"role": "user", "content": [{"type": "text", "text": "看"}, *parts]}]
        await client(w).chat.completions.create(model="shop", messages=asked)
    assert [part["type"] for part in w.asked[0][-1]["content"]] == ["text"] + 3 * ["image_url"]


async def test_a_check_that_puts_another_answer_in_its_place_is_told_as_such(tmp_path):
    checks = [{"type": "words", "words": ["炸弹"]}]
    agent = {**ANSWERS, "safety": {"checks": checks, "says": "换个话题吧"}}
    async with opened(tmp_path, says("炸弹"), agent=agent) as w:
        one = await client(w).chat.completions.create(model="shop", messages=[ASKED])
    assert (one.choices[0].message.content, one.choices[0].finish_reason) == ("换个话题吧", "content_filter")
