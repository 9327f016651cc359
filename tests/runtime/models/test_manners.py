"""What a server refuses is left out, asked once more and remembered; second rounds are in words it takes."""

import json

import pytest
from models_world import ADD, HELLO, WAYS, Heard, endpoint, models

from fake_llm import FakeLLM, Say
from runtime.blocks.model import Model
from runtime.errors import ModelFailed
from runtime.models.completion import Request
from runtime.models.manners import REMEMBERED, Manner, Manners
from runtime.models.targets import Target
from runtime.turn.events import ToolReturned
from script import agent, play

pytestmark = pytest.mark.usefixtures("litellm")

LONG = [{"role": "user", "content": "长" * 900}, {"role": "assistant", "content": "答" * 900}]


def strict(refuses):
    """A server that answers what `refuses(body)` has no objection to."""

    def respond(call):
        why = refuses(call.body)
        return Say(why, status=400) if why else Say("好")

    return respond


async def asked(server, provider, times=1, heard=None, **more):
    """The answers, and the bodies of all calls."""
    request = Request(**{"model": "local/m", "messages": HELLO, "seconds": 10, **more})
    watch = (heard.on_text, heard.on_reset) if heard else ()
    async with FakeLLM(server) as llm, models(endpoint("local", llm.url, provider=provider)) as them:
        answers = [(await them.complete(request, *watch)).text for _ in range(times)]
    return answers, [call.body for call in llm.calls]


REFUSALS = {
    "temperature": (
        "Unsupported value: 'temperature' does not support 0.3 with this model.",
        lambda body: "temperature" in body,
        {"temperature": 0.3},
    ),
    "max_tokens": (
        "Unsupported parameter: 'max_tokens' is not supported with this model. "
        "Use 'max_completion_tokens' instead.",
        lambda body: "max_tokens" in body,
        {"max_tokens": 50},
    ),
    "a limit that is too large": (
        "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
        lambda body: body.get("max_tokens", 0) > 8192,
        {"max_tokens": 50_000},
    ),
    "tools": ("This model does not support tools", lambda body: "tools" in body, {"tools": [ADD]}),
    "tools of vLLM": (
        '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
        lambda body: "tools" in body,
        {"tools": [ADD]},
    ),
    "pictures": (
        "Failed to deserialize the JSON body into the target type: messages[0]: unknown variant `image_url`",
        lambda body: isinstance(body["messages"][0]["content"], list),
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "这是什么"},
                        {"type": "image_url", "image_url": {"url": "https://x.example/1.png"}},
                    ],
                }
            ]
        },
    ),
    "json schema": (
        "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
        lambda body: body.get("response_format", {}).get("type") == "json_schema",
        {"schema": {"type": "object", "properties": {}}},
    ),
    "reasoning effort": (
        "Unrecognized request argument supplied: reasoning_effort",
        lambda body: "reasoning_effort" in body,
        {"effort": "low"},
    ),
    "thinking of Ollama": (
        '"llama3.1:8b" does not support thinking',
        lambda body: "reasoning_effort" in body,
        {"effort": "low"},
    ),
    "a value of Ollama": (
        'think value "medium" is not supported for this model',
        lambda body: "reasoning_effort" in body,
        {"effort": "medium"},
    ),
    "a choice while thinking": (
        "<400> InternalError.Algo.InvalidParameter: The tool_choice parameter does not support being set to "
        "required or object in thinking mode",
        lambda body: "tool_choice" in body or "tools" not in body,
        {"tools": [ADD], "choice": "required"},
    ),
    "a choice of Kimi": (
        "tool_choice 'specified' is incompatible with thinking enabled",
        lambda body: "tool_choice" in body or "tools" not in body,
        {"tools": [ADD], "choice": "add"},
    ),
    "stop": (
        "Unsupported parameter: 'stop' is not supported with this model.",
        lambda body: "stop" in body,
        {"stop": ["###"]},
    ),
    "streaming only": (
        "This model only support stream mode, please enable the stream parameter to access the model.",
        lambda body: not body.get("stream"),
        {},
    ),
    "thinking": (
        "parameter.enable_thinking must be set to false for non-streaming calls",
        lambda body: not body.get("stream"),
        {},
    ),
}


@WAYS
@pytest.mark.parametrize(("why", "is_wrong", "more"), REFUSALS.values(), ids=REFUSALS)
async def test_what_a_server_refuses_is_left_out_and_remembered(why, is_wrong, more, provider):
    answers, bodies = await asked(
        strict(lambda body: why if is_wrong(body) else ""), provider, times=2, **more
    )
    assert answers == ["好", "好"]
    # litellm may know of some before the server says so.
    assert [is_wrong(body) for body in bodies] in ([True, False, False], [False, False])


STREAMED = {
    "stream_options": (
        "Unrecognized request argument supplied: stream_options",
        lambda body: "stream_options" in body,
    ),
    "no streaming": (
        "Your organization must be verified to stream this model.",
        lambda body: body.get("stream"),
    ),
}


@WAYS
@pytest.mark.parametrize(("why", "is_wrong"), STREAMED.values(), ids=STREAMED)
async def test_a_watched_answer_comes_from_servers_that_cannot_stream_as_we_do(why, is_wrong, provider):
    heard = Heard()
    answers, bodies = await asked(strict(lambda body: why if is_wrong(body) else ""), provider, 2, heard)
    assert answers == ["好", "好"]
    assert "".join(heard.pieces) == "好好"
    assert [bool(is_wrong(body)) for body in bodies] == [True, False, False]


BESIDE = "Function tools with reasoning_effort are not supported for gpt-5.6-luna in /v1/chat/completions. "


@pytest.mark.parametrize("effort", ["", "high"])
@pytest.mark.parametrize("says", ["set reasoning_effort to 'none'.", "Please use /v1/responses instead."])
@pytest.mark.parametrize("provider", ["openai_compatible", "openai"])
async def test_a_model_that_cannot_think_beside_tools_keeps_its_tools(provider, says, effort):
    def refuses(body):
        return BESIDE + says if "tools" in body and body.get("reasoning_effort") != "none" else ""

    more = {"model": "local/gpt-5.6-luna", "effort": effort}
    answers, bodies = await asked(strict(refuses), provider, 2, tools=[ADD], **more)
    assert answers == ["好", "好"]
    assert all("tools" in body for body in bodies)


BADLY_WRITTEN = [
    "Invalid schema for function 'add': In context=(), object schema missing properties.",
    "Invalid 'tools[0].function.name': string does not match pattern '^[a-zA-Z0-9_-]+$'.",
    "Unknown name \"$schema\" at 'tools[0].function_declarations[0].parameters': Cannot find field.",
    "tools.0.custom.input_schema.type: Field required; unknown tool",
]


@pytest.mark.parametrize("says", BADLY_WRITTEN)
async def test_a_tool_that_is_written_wrongly_is_told_and_no_model_goes_on_without_its_tools(says):
    async with FakeLLM(Say(says, status=400)) as llm, models(endpoint("local", llm.url)) as them:
        with pytest.raises(ModelFailed) as caught:
            await them.complete(Request("local/m", HELLO, tools=[ADD], seconds=10))
    assert caught.value.code == "refused"
    assert all("tools" in call.body for call in llm.calls)


async def test_several_refusals_one_after_another_are_all_heeded():
    def refuses(body):
        wrong = [
            name for name in ("temperature", "max_tokens", "max_completion_tokens", "tools") if name in body
        ]
        return f"{wrong[0]} is not supported" if wrong else ""

    answers, bodies = await asked(
        strict(refuses), "openai_compatible", 2, temperature=1, max_tokens=5, tools=[ADD]
    )
    assert answers == ["好", "好"]
    assert len(bodies) < 7


async def test_a_server_that_refuses_everything_is_not_asked_for_ever():
    async with (
        FakeLLM(Say("temperature, max_tokens, tools and stream are not supported", status=400)) as llm,
        models(endpoint("local", llm.url)) as them,
    ):
        with pytest.raises(ModelFailed):
            await them.complete(
                Request("local/m", HELLO, temperature=1, max_tokens=5, tools=[ADD], seconds=10)
            )
    assert len(llm.calls) < 8


def test_manners_are_forgotten_after_a_while():
    now = 0.0
    manners, target = Manners(lambda: now), Target("a/m", "m", "http://x")
    manners.keep(target, Manner(streams=True))
    assert manners.of(target).streams
    assert not manners.of(Target("a/n", "n", "http://x")).streams
    now = REMEMBERED + 1
    assert not manners.of(target).streams


# A conversation that outgrew the window


def too_long(limit, says):
    def refuses(body):
        used = sum(len(str(message.get("content") or "")) for message in body["messages"])
        return says.format(limit=limit, used=used) if used > limit else ""

    return strict(refuses)


WINDOWS = [
    "This model's maximum context length is {limit} tokens. However, your messages have {used} tokens.",
    "Range of input length should be [1, {limit}]",
    "prompt is too long: {used} tokens > {limit} maximum",
    "Input is too long for requested model.",
    "输入内容超出最大长度限制",
]


@WAYS
@pytest.mark.parametrize("says", WINDOWS)
async def test_a_conversation_that_outgrew_the_window_goes_on_without_its_oldest_part(says, provider):
    messages = [{"role": "system", "content": "你是助手"}, *LONG * 3, *HELLO]
    answers, bodies = await asked(too_long(3000, says), provider, 2, messages=messages)
    assert answers == ["好", "好"]
    assert bodies[-1]["messages"][0]["content"] == "你是助手"
    assert bodies[-1]["messages"][-1]["content"] == "你好"
    assert bodies[-1]["messages"][1]["role"] == "user"
    # What was learnt holds for the next question.
    assert len(bodies) < 5


async def test_a_single_message_that_is_too_long_is_sent_in_part_and_the_answer_says_so():
    request = Request("local/m", LONG[:1], seconds=10)
    async with FakeLLM(too_long(300, WINDOWS[0])) as llm, models(endpoint("local", llm.url)) as them:
        answer = await them.complete(request)
    sent = llm.calls[-1].body["messages"][0]["content"]
    assert (answer.text, answer.left_out, answer.cut) == ("好", 0, 1)
    assert sent.startswith("长")
    assert "省略" in sent
    assert sent.endswith("长")
    assert len(sent) < 300


# Second rounds


def rounds(first, refuses=lambda body: ""):
    """A server that calls a tool first, then answers if it has no objection."""

    def respond(call):
        if any(message["role"] == "tool" for message in call.body["messages"]):
            why = refuses(call.body)
            return Say(why, status=400) if why else Say("是 2")
        return first

    return respond


def raw_call(message_more=None, **call_more):
    call = {
        "id": "c1",
        "type": "function",
        "function": {"name": "calculator", "arguments": '{"expression": "1+1"}'},
    }
    message = {
        "role": "assistant",
        "content": None,
        **(message_more or {}),
        "tool_calls": [{**call, **call_more}],
    }
    return Say(raw=json.dumps({"choices": [{"message": message, "finish_reason": "tool_calls"}]}).encode())


async def second_round(server, fallback=None, provider="openai_compatible"):
    """The turn's last event, and the messages of the last call."""
    flow = {
        "type": "model",
        "id": "a",
        "model": "local/m",
        "prompt": {"text": "算"},
        "tools": [{"type": "calculator"}],
    }
    async with FakeLLM(server) as llm, FakeLLM(fallback or Say()) as other:
        if fallback:
            flow["fallbacks"] = ["other/m"]
        async with models(endpoint("local", llm.url, provider), endpoint("other", other.url)) as them:
            events = await play(agent(flow), models=them)
    assert [event.result for event in events if isinstance(event, ToolReturned)] == ["2"]
    return events[-1], [call.body["messages"] for call in (other if fallback else llm).calls]


@pytest.mark.parametrize("thoughts", ["", "要算一下"])
@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
async def test_thoughts_are_given_back_as_they_came(thoughts, name):
    last, bodies = await second_round(rounds(raw_call({name: thoughts})))
    assert last.text == "是 2"
    assert bodies[-1][-2][name] == thoughts


async def test_thoughts_that_never_came_are_not_given_back():
    _, bodies = await second_round(rounds(raw_call()))
    assert not {"reasoning_content", "reasoning"} & set(bodies[-1][-2])


async def test_what_else_came_with_a_call_or_its_message_is_given_back_word_for_word():
    signed = {"extra_content": {"google": {"thought_signature": "SIG123"}}}
    details = [{"type": "reasoning.encrypted", "data": "abc", "index": 0}]
    _, bodies = await second_round(rounds(raw_call({"reasoning_details": details}, **signed)))
    said = bodies[-1][-2]
    assert said["tool_calls"][0]["extra_content"] == signed["extra_content"]
    assert said["reasoning_details"] == details


async def test_nothing_null_and_no_name_is_sent_with_a_tool_s_result():
    _, bodies = await second_round(rounds(raw_call()))
    said, result = bodies[-1][-2:]
    assert said["content"] == ""
    assert set(result) == {"role", "tool_call_id", "content"}
    assert "said_by" not in said


async def test_a_server_that_refuses_empty_content_gets_none():
    def refuses(body):
        return "messages: text content must be non-empty" if body["messages"][-2].get("content") == "" else ""

    last, bodies = await second_round(rounds(raw_call(), refuses))
    assert last.text == "是 2"
    assert "content" not in bodies[-1][-2]


@WAYS
@pytest.mark.parametrize(
    "says",
    [
        "The `reasoning_content` in the thinking mode must be passed back to the API.",
        "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2",
    ],
)
async def test_a_server_that_wants_thoughts_with_every_call_gets_empty_ones(says, provider):
    """https://github.com/QwenLM/qwen-code/issues/3724"""

    def refuses(body):
        return "" if "reasoning_content" in body["messages"][-2] else says

    last, bodies = await second_round(rounds(raw_call(), refuses), provider=provider)
    assert last.text == "是 2"
    assert bodies[-1][-2]["reasoning_content"] == ""


@WAYS
async def test_a_server_that_takes_ids_of_nine_signs_only_gets_those(provider):
    """https://github.com/editor-code-assistant/eca/issues/233"""

    def refuses(body):
        id = body["messages"][-1]["tool_call_id"]
        says = f"Tool call id was {id} but must be a-z, A-Z, 0-9, with a length of 9."
        return "" if len(id) == 9 else says

    last, bodies = await second_round(rounds(raw_call(), refuses), provider=provider)
    assert last.text == "是 2"
    assert bodies[-1][-1]["tool_call_id"] == bodies[-1][-2]["tool_calls"][0]["id"]


async def test_a_server_that_refuses_thoughts_gets_none():
    def refuses(body):
        said = body["messages"][-2]
        return "property 'reasoning_content' is unsupported" if "reasoning_content" in said else ""

    last, _ = await second_round(rounds(raw_call({"reasoning_content": "想"}), refuses))
    assert last.text == "是 2"


@pytest.mark.parametrize(
    "says",
    [
        "messages.1.content.0: Invalid `signature` in `thinking` block",
        "Unable to submit request because Thought signature is not valid.",
        "The encrypted content gAAA could not be verified.",
    ],
)
async def test_thoughts_that_another_account_had_signed_are_left_out(says):
    """The keys of an endpoint may be of several accounts."""
    signed = {"extra_content": {"google": {"thought_signature": "SIG"}}}
    details = {"reasoning_details": [{"type": "reasoning.text", "text": "想", "signature": "SIG"}]}
    last, bodies = await second_round(
        rounds(raw_call(details, **signed), lambda body: says if "SIG" in json.dumps(body) else "")
    )
    assert last.text == "是 2"
    assert bodies[-1][-2]["tool_calls"][0]["function"]["name"] == "calculator"


async def test_a_fallback_gets_nothing_that_is_another_model_s_alone():
    server = rounds(raw_call({"reasoning_content": "想"}, extra_content={"x": 1}), lambda body: "down")
    last, bodies = await second_round(server, fallback=Say("是 2"))
    assert last.text == "是 2"
    said = bodies[-1][-2]
    assert "reasoning_content" not in said
    assert "extra_content" not in said["tool_calls"][0]


def test_the_window_is_a_setting_of_the_block():
    assert Model(type="model", id="a", window=8000).window == 8000
