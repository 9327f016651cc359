"""OpenAI's chat API, asked by OpenAI's own client."""

from dataclasses import dataclass

import openai
import pytest

import visitors
from runtime.agents.agent import Agent
from runtime.agents.answering import answering_blocks
from runtime.errors import TurnFailed
from runtime.lang import Text
from runtime.message import Exchange
from runtime.server.api.answer_stream import AnswerStream
from runtime.turn.events import Failed, ModelUsed, Replied, TextDelta, TextReset


@pytest.fixture
def house(tmp_path):
    return visitors.build(tmp_path)


@pytest.fixture
async def client(house):
    async with house.visitor() as http:
        yield openai.AsyncOpenAI(
            base_url="http://localhost/v1", api_key=house.key(), http_client=http, max_retries=0
        )


PICTURE = {"type": "image_url", "image_url": {"url": "https://x/y.png"}}
NEUTRAL = {
    "n": 1,
    "top_p": 1,
    "presence_penalty": 0,
    "frequency_penalty": 0,
    "logprobs": False,
    "tool_choice": "auto",
    "response_format": {"type": "text"},
    "store": False,
    "stream": None,
    "stop": None,
    "max_tokens": None,
    "user": "u1",
}


def user(text):
    return {"role": "user", "content": text}


async def test_what_changes_nothing_may_be_sent(house):
    async with house.visitor(authorization=f"Bearer {house.key()}") as client:
        asked = {"model": "shop", "messages": [user("在吗")], **NEUTRAL}
        assert (await client.post("/v1/chat/completions", json=asked)).status_code == 200


async def test_thoughts_may_be_wished_for_since_none_are_ever_told(client):
    """As clients do that keep the conversation themselves (the AI SDK)."""
    wishes = {"include": ["reasoning.encrypted_content"], "store": False}
    said = await client.responses.create(model="shop", input="在吗", **wishes)
    assert [one.type for one in said.output] == ["message"]
    with pytest.raises(openai.BadRequestError) as caught:
        await client.responses.create(model="shop", input="在吗", include=["file_search_call.results"])
    assert caught.value.param == "include"


async def test_the_agent_is_the_only_model(client):
    assert [model.id async for model in client.models.list()] == ["shop"]
    assert (await client.models.retrieve("shop")).owned_by == "hongyan"


async def test_a_completion_has_the_reply_and_what_it_used(client):
    answer = await client.chat.completions.create(model="shop", messages=[user("在吗")])
    assert answer.choices[0].message.content == "你好"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.model == "shop"
    usage = answer.usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (10, 6, 16)


async def test_the_messages_before_the_last_are_the_history_and_instructions_are_wishes(house, client):
    messages = [
        {"role": "system", "content": "be brief"},
        user("一"),
        {"role": "assistant", "content": "壹"},
        user([{"type": "text", "text": "看"}, PICTURE]),
        {"role": "assistant", "content": [{"type": "text", "text": "看到了"}]},
        {"role": "assistant", "content": None},
        user("二"),
        {"role": "assistant", "content": ""},
        user([{"type": "text", "text": "三"}, {"type": "text", "text": "四"}]),
    ]
    await client.chat.completions.create(
        model="shop", messages=messages, temperature=0.1, max_tokens=50, tools=[], user="u1"
    )
    (_, message) = house.gateway.asked[0]
    assert message.text == "二\n三\n四"
    assert message.history == (Exchange("一", "壹"), Exchange("看\n[图片]", "看到了"))
    assert message.wishes == {"instructions": "be brief", "max_tokens": 50, "temperature": 0.1}


async def test_a_picture_is_seen(house, client):
    await client.chat.completions.create(
        model="shop", messages=[user([{"type": "text", "text": "这是什么"}, PICTURE])]
    )
    (_, message) = house.gateway.asked[0]
    assert (message.kind, message.text) == ("image", "这是什么")
    assert message.data == {"url": "https://x/y.png", "way": "/v1/chat/completions"}


@pytest.mark.parametrize("stream", [True, False])
async def test_an_answer_ends_before_a_stop(house, client, stream):
    house.gateway.events = (
        TextDelta("answer", "好的，"),
        TextDelta("answer", "ST"),
        Replied("好的，STOP多余", 1),
    )
    asked = {"model": "shop", "messages": [user("x")], "stop": ["STOP", "没有"]}
    answer = await client.chat.completions.create(**asked, stream=stream)
    if stream:
        chunks = [chunk.choices[0] async for chunk in answer]
        said, finish = "".join(choice.delta.content or "" for choice in chunks), chunks[-1].finish_reason
    else:
        said, finish = answer.choices[0].message.content, answer.choices[0].finish_reason
    assert (said, finish) == ("好的，", "stop")


@pytest.mark.parametrize("stream", [True, False])
async def test_an_answer_that_is_not_whole_says_so(house, client, stream):
    house.gateway.events = (Replied("好的，一共", 1, finish="length"),)
    answer = await client.chat.completions.create(model="shop", messages=[user("x")], stream=stream)
    last = [chunk async for chunk in answer][-1] if stream else answer
    assert last.choices[0].finish_reason == "length"


WRONG = [
    ("POST", "/chat/completions", 404, "unknown_url"),
    ("POST", "/v1/completions", 404, "unknown_url"),
    ("DELETE", "/v1/files/x", 404, "unknown_url"),
    ("GET", "/v1/chat/completions", 405, "method"),
    ("PUT", "/v1/responses", 405, "method"),
    ("POST", "/v1/models", 405, "method"),
]


@pytest.mark.parametrize(("method", "path", "status", "code"), WRONG)
async def test_another_address_or_method_says_so_as_openai_does(house, method, path, status, code):
    async with house.visitor(authorization=f"Bearer {house.key()}") as client:
        response = await client.request(method, path, json={})
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (status, code)
    assert error["type"] == "invalid_request_error"
    assert ("/v1/chat/completions" in error["message"]) != ("allow" in response.headers)


BROKEN = [
    ({"content": b"{", "headers": {"content-type": "application/json"}}, 400, "malformed"),
    ({"content": b"[]", "headers": {"content-type": "application/json"}}, 400, "malformed"),
    ({"content": b"{}", "headers": {"content-type": "text/plain"}}, 415, "media_type"),
    ({"content": b"x" * 21_000_000, "headers": {"content-type": "application/json"}}, 413, "too_large"),
    (
        {"content": b'{"model":"a","model":"b"}', "headers": {"content-type": "application/json"}},
        400,
        "malformed",
    ),
    (
        {
            "content": b'{"model":"a","stream":true,"metadata":{"a":%d}}' % 10**30,
            "headers": {"content-type": "application/json"},
        },
        400,
        "malformed",
    ),
]


@pytest.mark.parametrize(
    ("sent", "status", "code"), BROKEN, ids=["cut", "list", "kind", "large", "twice", "number"]
)
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses"])
async def test_a_body_that_is_none_is_an_error_of_openais_shape(house, path, sent, status, code):
    async with house.visitor(authorization=f"Bearer {house.key()}") as client:
        response = await client.post(path, **sent)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses", "/v1/responses/resp_1"])
async def test_a_page_of_an_allowed_site_may_ask_and_no_other(house, path):
    asks = {"access-control-request-method": "POST", "access-control-request-headers": "x-stainless-os"}
    async with house.visitor() as client:
        mine = await client.options(path, headers={"origin": "https://shop.example", **asks})
        other = await client.options(path, headers={"origin": "https://evil.example", **asks})
    assert mine.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-origin" not in other.headers
    assert (mine.status_code, other.status_code) == (200, 400)


async def test_a_stream_grows_to_the_reply_and_hides_what_is_not_the_answer(client):
    chunks = [
        chunk
        async for chunk in await client.chat.completions.create(
            model="shop", messages=[user("在吗")], stream=True, stream_options={"include_usage": True}
        )
    ]
    pieces = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]
    assert pieces == ["", "你", "好", None]
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage.total_tokens == 16
    assert len({chunk.id for chunk in chunks}) == 1


async def test_a_stream_without_usage_sends_none(client):
    stream = await client.chat.completions.create(model="shop", messages=[user("在吗")], stream=True)
    assert all(chunk.choices for chunk in [chunk async for chunk in stream])


@pytest.mark.parametrize("stream", [True, False])
async def test_the_model_streams_only_for_a_streamed_answer(house, client, stream):
    await client.chat.completions.create(model="shop", messages=[user("在吗")], stream=stream)
    assert house.gateway.pieces is stream


@dataclass(frozen=True)
class Case:
    id: str
    error: type
    request: dict
    param: str | None = None


def picture(url):
    return {"type": "image_url", "image_url": {"url": url}}


SOUND = [{"type": "input_audio", "input_audio": {"data": "x", "format": "wav"}}]
ONE = {"model": "shop", "messages": [user("x")]}
BAD = [
    Case("another model", openai.NotFoundError, {"model": "gpt-4o", "messages": [user("x")]}, "model"),
    Case("no messages", openai.BadRequestError, {"model": "shop", "messages": []}, "messages"),
    Case(
        "only instructions",
        openai.BadRequestError,
        {"model": "shop", "messages": [{"role": "system", "content": "x"}]},
    ),
    Case(
        "last is ours",
        openai.BadRequestError,
        {"model": "shop", "messages": [{"role": "assistant", "content": "x"}]},
    ),
    Case(
        "instructions that are too long",
        openai.BadRequestError,
        {"model": "shop", "messages": [{"role": "system", "content": "x" * 100_001}, user("x")]},
        "messages",
    ),
    Case("blank", openai.BadRequestError, {"model": "shop", "messages": [user("  ")]}, "messages"),
    Case("a sound", openai.BadRequestError, {"model": "shop", "messages": [user(SOUND)]}, "messages"),
    Case(
        "a file as a picture",
        openai.BadRequestError,
        {"model": "shop", "messages": [user([picture("file:///etc/passwd")])]},
        "messages",
    ),
    Case(
        "nine pictures",
        openai.BadRequestError,
        {"model": "shop", "messages": [user(9 * [PICTURE])]},
        "messages",
    ),
    Case("three answers", openai.BadRequestError, {**ONE, "n": 3}, "n"),
    Case("another sampling", openai.BadRequestError, {**ONE, "top_p": 0.2}, "top_p"),
    Case("log probabilities", openai.BadRequestError, {**ONE, "logprobs": True}, "logprobs"),
    Case("unheard of", openai.BadRequestError, {**ONE, "extra_body": {"top_k": 1}}, "top_k"),
    Case("no tokens", openai.BadRequestError, {**ONE, "max_tokens": 0}, "max_tokens"),
    *(
        Case(f"{name} is {value!r}", openai.BadRequestError, {**ONE, "extra_body": {name: value}}, name)
        for name, value in [
            ("stream", "yes"),
            ("stream", 1),
            ("stream", "true"),
            ("max_tokens", "5"),
            ("max_tokens", True),
            ("max_completion_tokens", 5.5),
            ("temperature", "0.5"),
            ("temperature", True),
            ("stop", 3),
            ("stop", ["a", 1]),
            ("stop", list("abcde")),
            ("stop", {"a": 1}),
            ("messages", "x"),
        ]
    ),
    Case(
        "usage is a word",
        openai.BadRequestError,
        {**ONE, "extra_body": {"stream": True, "stream_options": {"include_usage": "yes"}}},
        "stream_options.include_usage",
    ),
    Case(
        "unknown role",
        openai.BadRequestError,
        {"model": "shop", "messages": [{"role": "king", "content": "x"}]},
    ),
]


@pytest.mark.parametrize("case", BAD, ids=lambda c: c.id)
async def test_a_bad_request_is_an_error_that_the_client_knows(house, client, case):
    with pytest.raises(case.error) as caught:
        await client.chat.completions.create(**case.request)
    assert caught.value.body["message"]
    assert caught.value.type == "invalid_request_error"
    assert case.param in (None, caught.value.param)
    assert not house.gateway.asked


async def test_a_wrong_key_is_told_as_such(client):
    with pytest.raises(openai.AuthenticationError) as caught:
        await client.with_options(api_key="hy-wrong").models.list()
    assert caught.value.code == "invalid_api_key"


async def test_a_failed_turn_is_not_asked_again_by_the_client(house):
    house.gateway.events = (Failed("connection", Text("坏了。", "It broke.")),)
    async with house.visitor() as http:
        client = openai.AsyncOpenAI(
            base_url="http://localhost/v1", api_key=house.key(), http_client=http, max_retries=3
        )
        with pytest.raises(openai.InternalServerError, match="connection"):
            await client.chat.completions.create(model="shop", messages=[user("x")])
    assert len(house.gateway.asked) == 1


async def test_a_failed_stream_is_an_error_in_the_stream(house, client):
    house.gateway.events = (Failed("policy", Text("坏了。", "It broke.")),)
    stream = await client.chat.completions.create(model="shop", messages=[user("x")], stream=True)
    with pytest.raises(openai.APIError, match="rephrase"):
        [chunk async for chunk in stream]


def agent(*flow):
    return Agent.load({"id": "a", "name": "a", "flow": list(flow)})


def model(id):
    return {"type": "model", "id": id, "prompt": {"text": "x"}}


def reply(text):
    return {"type": "reply", "id": "say", "text": text}


@dataclass(frozen=True)
class Flow:
    id: str
    blocks: tuple
    answering: set


FLOWS = [
    Flow("the last model answers", (model("a"), model("b")), {"b"}),
    Flow("a reply passes a model's text on", (model("a"), model("b"), reply("{{a.text}}")), {"a"}),
    Flow("a reply that adds something", (model("a"), reply("答：{{ a.text }}")), set()),
    Flow("a reply of its own", (model("a"), reply("好")), set()),
    Flow(
        "each branch has its own",
        (
            {
                "type": "branch",
                "id": "br",
                "cases": [{"title": "t", "when": "true", "flow": [model("a"), reply("{{ a.text }}")]}],
                "otherwise": [model("b"), {**reply("{{ b.text }}"), "id": "say2"}],
            },
        ),
        {"a", "b"},
    ),
]


@pytest.mark.parametrize("case", FLOWS, ids=lambda c: c.id)
def test_which_models_text_is_the_answer(case):
    assert set(answering_blocks(agent(*case.blocks))) == case.answering


@dataclass(frozen=True)
class Growth:
    id: str
    events: tuple
    shown: str


GROWTHS = [
    Growth("streamed", (TextDelta("a", "你"), TextDelta("a", "好"), Replied("你好", 1)), "你好"),
    Growth("not streamed", (Replied("你好", 1),), "你好"),
    Growth("cut short", (TextDelta("a", "你"), Replied("你好", 1)), "你好"),
    Growth("another block", (TextDelta("x", "想"), Replied("好", 1)), "好"),
    Growth(
        "tried again",
        (TextDelta("a", "坏"), TextReset("a"), TextDelta("a", "好"), Replied("好", 1)),
        "坏\n\n好",
    ),
    Growth("changed at the end", (TextDelta("a", "坏"), Replied("好", 1)), "坏\n\n好"),
    Growth("blanks at the end", (TextDelta("a", "好\n"), Replied("好", 1)), "好\n"),
    Growth("nothing to say", (ModelUsed("a", "m", 1, 1, None, 1, 1), Replied("", 1)), ""),
]


@pytest.mark.parametrize("case", GROWTHS, ids=lambda c: c.id)
def test_the_shown_text_grows_to_the_reply(case):
    stream = AnswerStream(agent(model("a")).to_json())
    assert "".join(map(stream.take, case.events)) == case.shown


def test_a_failed_turn_ends_the_stream():
    with pytest.raises(TurnFailed):
        AnswerStream(agent(model("a")).to_json()).take(Failed("down", Text("坏", "bad")))
