"""OpenAI's Responses API, by OpenAI's own client: gone on from, streamed in order, told again, forgotten."""

import asyncio
import json

import openai
import pytest
from open_world import ANSWERS, opened
from pydantic import BaseModel

from script import DOWN, calls, says

TOOL = {
    "type": "function",
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"town": {"type": "string"}}},
    "strict": False,
}
CALLS = calls(("get_weather", {"town": "北京"}))


def responses(w):
    client = openai.AsyncOpenAI(
        base_url="http://localhost/v1", api_key=w.key, http_client=w.http, max_retries=0
    )
    return client.responses


def roles(messages):
    return [(one["role"], one["content"]) for one in messages if one["role"] != "system"]


async def test_a_response_is_whole_and_the_next_goes_on_from_it_also_in_two_ways(tmp_path):
    async with opened(tmp_path, says("我叫鸿雁"), says("对"), says("不对")) as w:
        first = await responses(w).create(model="shop", input="我是小王", instructions="短")
        told = {"model": "shop", "previous_response_id": first.id}
        second = await responses(w).create(input="我叫什么", **told)
        other = await responses(w).create(input="你叫什么", **told)
    assert (first.output_text, first.status, first.object) == ("我叫鸿雁", "completed", "response")
    assert (first.usage.input_tokens, first.usage.output_tokens, first.usage.total_tokens) == (10, 5, 15)
    assert (second.output_text, second.previous_response_id) == ("对", first.id)
    before = [("user", "我是小王"), ("assistant", "我叫鸿雁")]
    assert roles(w.asked[1]) == [*before, ("user", "我叫什么")]
    assert roles(w.asked[2]) == [*before, ("user", "你叫什么")]
    assert other.id != second.id
    assert {"role": "system", "content": "短"} in w.asked[0]
    assert {"role": "system", "content": "短"} not in w.asked[1]


async def test_a_client_that_keeps_everything_itself_brings_it_along(tmp_path):
    items = [
        {"role": "developer", "content": "用中文"},
        {"role": "user", "content": [{"type": "input_text", "text": "一"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "壹"}]},
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {"role": "user", "content": [{"type": "input_text", "text": "二"}]},
    ]
    async with opened(tmp_path, says("贰")) as w:
        answer = await responses(w).create(model="shop", input=items, store=False)
        with pytest.raises(openai.NotFoundError):
            await responses(w).create(model="shop", input="三", previous_response_id=answer.id)
        with pytest.raises(openai.NotFoundError):
            await responses(w).retrieve(answer.id)
    assert answer.store is False
    assert roles(w.asked[0]) == [("user", "一"), ("assistant", "壹"), ("user", "二")]


async def test_events_come_in_their_order_with_numbers_and_make_the_response(tmp_path):
    async with (
        opened(tmp_path, says("你好呀")) as w,
        responses(w).stream(model="shop", input="在吗") as stream,
    ):
        events = [event async for event in stream]
        final = await stream.get_final_response()
    kinds = [event.type for event in events]
    assert [event.sequence_number for event in events if hasattr(event, "sequence_number")] == list(
        range(len(kinds))
    )
    assert list(dict.fromkeys(kinds)) == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert final.output_text == "你好呀"


@pytest.mark.parametrize("keeps", [False, True], ids=["by its id", "by all of its items"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_a_function_is_called_and_gone_on_with(tmp_path, keeps, stream):
    agent = {**ANSWERS, "flow": [{"type": "model", "id": "first"}, *ANSWERS["flow"]]}
    async with opened(tmp_path, says("想"), CALLS, says("12 度"), agent=agent) as w:
        first = await one(w, stream=stream, input="北京天气？", tools=[TOOL])
        (call,) = [item for item in first.output if item.type == "function_call"]
        assert (call.name, json.loads(call.arguments)) == ("get_weather", {"town": "北京"})
        output = {"type": "function_call_output", "call_id": call.call_id, "output": "12"}
        more = {"previous_response_id": first.id, "input": [output]}
        if keeps:
            asked = {"role": "user", "content": "北京天气？"}
            known = {"type": "function_call", "call_id": call.call_id, "name": call.name}
            more = {"input": [asked, {**known, "arguments": call.arguments}, output]}
        second = await one(w, stream=stream, tools=[TOOL], **more)
        again = await one(w, stream=stream, tools=[TOOL], **more)
    assert (second.output_text, again.output_text) == ("12 度", "12 度")
    assert len(w.asked) == 3
    assert w.asked[-1][-1]["content"] == "12"


async def test_items_that_are_stored_may_be_named_in_place_of_being_sent(tmp_path):
    """As the AI SDK goes on, with its usual settings."""
    asked = [{"role": "user", "content": [{"type": "input_text", "text": "北京天气？"}]}]
    agent = {**ANSWERS, "flow": [{"type": "model", "id": "first"}, *ANSWERS["flow"]]}
    async with opened(
        tmp_path, says("想"), CALLS, says("12 度"), says("想"), says("穿外套"), agent=agent
    ) as w:
        first = await responses(w).create(model="shop", input=asked, tools=[TOOL])
        (call,) = [item for item in first.output if item.type == "function_call"]
        output = {"type": "function_call_output", "call_id": call.call_id, "output": "12"}
        asked += [{"type": "item_reference", "id": call.id}, output]
        second = await responses(w).create(model="shop", input=asked, tools=[TOOL])
        (said,) = second.output
        asked += [{"id": said.id}, {"role": "user", "content": "穿什么"}]
        third = await responses(w).create(model="shop", input=asked, tools=[TOOL])
        for id in (said.id[:-1] + "x", "msg_1", "rs_1"):
            with pytest.raises(openai.NotFoundError) as caught:
                await responses(w).create(
                    model="shop",
                    input=[{"type": "item_reference", "id": id}, {"role": "user", "content": "x"}],
                )
            assert caught.value.param == "input[0]"
    assert (second.output_text, third.output_text) == ("12 度", "穿外套")
    assert ("assistant", "12 度") in roles(w.asked[-1])


async def one(w, *, stream, **asked):
    if not stream:
        return await responses(w).create(model="shop", **asked)
    async with responses(w).stream(model="shop", **asked) as events:
        async for _ in events:
            pass
        return await events.get_final_response()


async def test_results_that_nothing_waits_for_are_told_as_such(tmp_path):
    async with opened(tmp_path, says("好"), says("好")) as w:
        first = await responses(w).create(model="shop", input="在吗", tools=[TOOL])
        output = {"type": "function_call_output", "call_id": "call_1", "output": "12"}
        with pytest.raises(openai.UnprocessableEntityError) as caught:
            await responses(w).create(model="shop", previous_response_id=first.id, input=[output])
    assert caught.value.code == "late"


class Town(BaseModel):
    name: str


async def test_an_answer_has_the_form_that_is_wanted(tmp_path):
    async with opened(tmp_path, says('{"name": "北京"}')) as w:
        answer = await responses(w).parse(model="shop", input="哪里", text_format=Town)
    assert answer.output_parsed == Town(name="北京")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_a_half_answer_and_a_failure_are_told_as_such(tmp_path, stream):
    async with opened(tmp_path, says("半", finish="length"), DOWN) as w:
        asked = {"model": "shop", "input": "x", "stream": stream}
        half = await responses(w).create(**asked)
        if stream:
            half = [event async for event in half][-1].response
        kept = await responses(w).retrieve(half.id)
        assert (kept.status, kept.incomplete_details) == (half.status, half.incomplete_details)
        assert (half.status, half.incomplete_details.reason) == ("incomplete", "max_output_tokens")
        if stream:
            last = [event async for event in await responses(w).create(**asked)][-1]
            assert (last.type, last.response.error.code) == ("response.failed", "down")
        else:
            with pytest.raises(openai.APIStatusError):
                await responses(w).create(**asked)


async def test_a_response_is_told_again_until_it_is_forgotten(tmp_path):
    async with opened(tmp_path, says("好"), CALLS) as w:
        answer = await responses(w).create(model="shop", input="在吗")
        called = await responses(w).create(model="shop", input="天气", tools=[TOOL])
        again = await responses(w).retrieve(answer.id)
        assert (again.output_text, again.status, again.usage.total_tokens) == ("好", "completed", 15)
        assert (await responses(w).retrieve(called.id)).output[0].call_id == called.output[0].call_id
        await responses(w).delete(answer.id)
        for tried in (responses(w).retrieve, responses(w).delete):
            with pytest.raises(openai.NotFoundError):
                await tried(answer.id)
        kept = await w.gateway.messages.database.read(
            lambda db: [row["message"] + row["text"] for row in db.execute("select * from messages")]
        )
    assert "在吗" not in kept[0]


async def test_one_in_the_background_is_looked_after_and_cancelled_once(tmp_path):
    gate = asyncio.Event()
    async with opened(tmp_path, says("好"), gate=gate) as w:
        asked = {"model": "shop", "input": "在吗", "background": True}
        begun = await responses(w).create(**asked)
        assert (begun.status, begun.background) == ("in_progress", True)
        assert (await responses(w).retrieve(begun.id)).status == "in_progress"
        for _ in range(2):
            assert (await responses(w).cancel(begun.id)).status == "cancelled"
        assert (await responses(w).retrieve(begun.id)).status == "cancelled"
        gate.set()
        streamed = [event async for event in await responses(w).create(**asked, stream=True)]
        assert streamed[-1].response.status == "completed"
        other = await responses(w).create(**asked)
        for job in [*w.gateway._worker._live.values()]:
            await job.answered
        assert (await responses(w).retrieve(other.id)).output_text == "好"
        assert (await responses(w).cancel(other.id)).status == "completed"
        with pytest.raises(openai.BadRequestError, match="not streamed again"):
            await responses(w).retrieve(other.id, stream=True)


async def test_it_is_nobody_elses(tmp_path):
    async with opened(tmp_path, says("好")) as w:
        answer = await responses(w).create(model="shop", input="在吗")
        w.other_key()
        with pytest.raises(openai.NotFoundError):
            await responses(w).retrieve(answer.id)
        with pytest.raises(openai.NotFoundError):
            await responses(w).create(model="shop", input="三", previous_response_id=answer.id)


BAD = [
    ("background that cannot be found", {"background": True, "store": False}, "background"),
    ("a tool of OpenAI's", {"tools": [{"type": "web_search"}]}, "tools"),
    ("a conversation of OpenAI's", {"conversation": "conv_1"}, "conversation"),
    ("a prompt of OpenAI's", {"prompt": {"id": "pmpt_1"}}, "prompt"),
    ("another sampling", {"top_p": 0.5}, "top_p"),
    ("an item of another kind", {"input": [{"type": "computer_call"}]}, "input[0]"),
    ("a file", {"input": [{"role": "user", "content": [{"type": "input_file"}]}]}, "input"),
    ("nothing", {"input": ""}, "input"),
    ("no item", {"input": [3]}, "input[0]"),
    ("unheard of", {"top_k": 3}, "top_k"),
    ("a form of no kind", {"text": {"format": {"type": "grammar"}}}, "text.format"),
    ("another agent", {"model": "gpt-5"}, "model"),
]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case[0])
async def test_what_cannot_be_done_is_refused_by_name(tmp_path, case):
    _, more, param = case
    async with opened(tmp_path) as w:
        response = await w.http.post("/v1/responses", json={"model": "shop", "input": "x", **more})
    assert response.status_code in (400, 404)
    assert response.json()["error"]["param"] == param
    assert not w.asked
