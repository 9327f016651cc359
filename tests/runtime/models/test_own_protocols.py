"""Ollama, Gemini, Anthropic, through litellm: servers with a protocol of their own.

And a conversation that is longer than any of them, or one that speaks OpenAI's protocol, can read.

https://docs.ollama.com/api/chat , https://ai.google.dev/api/generate-content ,
https://docs.anthropic.com/en/api/messages
"""

import json

import pytest
from models_world import HELLO, Heard, endpoint, models

from fake_llm import FakeLLM, Say
from runtime.errors import ModelFailed
from runtime.message import Exchange
from runtime.models.completion import Request
from runtime.turn.tool_calls import said as told_back
from script import agent, play, wrote

pytestmark = [pytest.mark.usefixtures("litellm"), pytest.mark.timeout(150)]

TEXT = "您好，这款茶 68 元。"
THOUGHTS = "成本 3 元，别说。"
TOOL = {
    "type": "function",
    "function": {
        "name": "calculator",
        "description": "Sums.",
        "parameters": {"type": "object", "properties": {"expression": {"type": "string"}}},
    },
}
SUM = {"expression": "1+1"}


def dumped(*values, end="\n", begin=""):
    return "".join(f"{begin}{json.dumps(value, ensure_ascii=False)}{end}" for value in values).encode()


def cut(text, size):
    return [text[i : i + size] for i in range(0, len(text), size)]


def ollama(*messages, reason="stop"):
    said = [{"model": "m", "done": False, "message": {"role": "assistant", **one}} for one in messages]
    last = {"model": "m", "done": True, "done_reason": reason, "prompt_eval_count": 5, "eval_count": 5}
    return dumped(*said, *([{**last, "message": {"role": "assistant", "content": ""}}] if reason else []))


def words(text, size):
    return ollama(*({"content": piece} for piece in cut(text, size)))


def gemini(*parts, reason="STOP"):
    """One event a part."""
    events = [{"candidates": [{"content": {"role": "model", "parts": [part]}, "index": 0}]} for part in parts]
    if reason:
        events[-1]["candidates"][0]["finishReason"] = reason
    return dumped(*events, begin="data: ", end="\r\n\r\n")


def claude(*blocks, reason="end_turn"):
    usage = {"input_tokens": 5, "output_tokens": 5}
    start = {"id": "m1", "type": "message", "role": "assistant", "content": [], "model": "m", "usage": usage}
    events = [{"type": "message_start", "message": start}]
    for i, (block, *deltas) in enumerate(blocks):
        events.append({"type": "content_block_start", "index": i, "content_block": block})
        events += [{"type": "content_block_delta", "index": i, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": i})
    if reason:
        events.append({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage})
        events.append({"type": "message_stop"})
    return b"".join(
        f"event: {one['type']}\n".encode() + dumped(one, begin="data: ", end="\n\n") for one in events
    )


def said(text, size=4):
    return ({"type": "text", "text": ""}, *({"type": "text_delta", "text": one} for one in cut(text, size)))


TAGS = f"<think>\n{THOUGHTS}\n</think>\n\n{TEXT}"
CASES = {
    **{f"ollama: tags in pieces of {n}": ("ollama", words(TAGS, n), TEXT) for n in (1, 2, 3, 7, 9, 20, 99)},
    "ollama: no first tag": ("ollama", words(f"{THOUGHTS}\n</think>\n\n{TEXT}", 5), TEXT),
    "ollama: thoughts in a field": (
        "ollama",
        ollama({"content": "", "thinking": THOUGHTS}, {"content": TEXT}),
        TEXT,
    ),
    "ollama: both ways of thinking": (
        "ollama",
        ollama({"content": "", "thinking": THOUGHTS}, {"content": TAGS}),
        TEXT,
    ),
    "ollama: a call": (
        "ollama",
        ollama({"content": "", "tool_calls": [{"function": {"name": "calculator", "arguments": SUM}}]}),
        [SUM],
    ),
    "ollama: two calls": (
        "ollama",
        ollama(
            *[{"content": "", "tool_calls": [{"function": {"name": "calculator", "arguments": SUM}}]}] * 2
        ),
        [SUM, SUM],
    ),
    "ollama: a call as text": (
        "ollama",
        words('<tool_call>\n{"name": "calculator", "arguments": {"expression": "1+1"}}\n</tool_call>', 3),
        [SUM],
    ),
    "ollama: too long": ("ollama", ollama({"content": TEXT}, reason="length"), (TEXT, "length")),
    "ollama: cut": ("ollama", ollama({"content": TEXT}, reason=""), "malformed!"),
    "ollama: an error in the middle": (
        "ollama",
        ollama({"content": TEXT[:3]}, reason="")
        + dumped({"error": "an error was encountered while running the model"}),
        "server!",
    ),
    "gemini: pieces": ("gemini", gemini(*({"text": one} for one in cut(TEXT, 3))), TEXT),
    "gemini: thoughts": ("gemini", gemini({"text": THOUGHTS, "thought": True}, {"text": TEXT}), TEXT),
    "gemini: a call": (
        "gemini",
        gemini({"functionCall": {"name": "calculator", "args": SUM}, "thoughtSignature": "U0lH"}),
        [SUM],
    ),
    "gemini: a call of a tool that takes nothing": (
        "gemini",
        gemini({"functionCall": {"name": "calculator"}}),
        [{}],
    ),
    "gemini: nobody knows why": ("gemini", gemini({"text": TEXT[:3]}, reason="OTHER"), "malformed!"),
    "gemini: two calls": (
        "gemini",
        gemini(*[{"functionCall": {"name": "calculator", "args": SUM}}] * 2),
        [SUM, SUM],
    ),
    "gemini: too long": ("gemini", gemini({"text": TEXT}, reason="MAX_TOKENS"), (TEXT, "length")),
    "gemini: unsafe": ("gemini", gemini({"text": TEXT[:3]}, reason="SAFETY"), "policy!"),
    "gemini: recited": ("gemini", gemini({"text": TEXT[:3]}, reason="RECITATION"), "policy!"),
    "gemini: a call it could not write": (
        "gemini",
        gemini({"text": ""}, reason="MALFORMED_FUNCTION_CALL"),
        "malformed!",
    ),
    "gemini: a signature is missing": (
        "gemini",
        gemini({"text": TEXT[:3]}, reason="MISSING_THOUGHT_SIGNATURE"),
        "malformed!",
    ),
    "gemini: too many calls": (
        "gemini",
        gemini({"text": TEXT[:3]}, reason="TOO_MANY_TOOL_CALLS"),
        "malformed!",
    ),
    "gemini: the question is unsafe": (
        "gemini",
        dumped({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}, begin="data: ", end="\n\n"),
        "policy!",
    ),
    "gemini: cut after a call": (
        "gemini",
        gemini({"functionCall": {"name": "calculator", "args": SUM}}, {"text": ""}, reason=""),
        "malformed!",
    ),
    "gemini: tokens behind the end": (
        "gemini",
        gemini({"text": TEXT})
        + dumped({"usageMetadata": {"totalTokenCount": 9}}, begin="data: ", end="\n\n"),
        TEXT,
    ),
    "gemini: the end alone": (
        "gemini",
        gemini({"text": TEXT}, reason="")
        + dumped({"candidates": [{"finishReason": "STOP", "index": 0}]}, begin="data: ", end="\n\n"),
        TEXT,
    ),
    "gemini: cut": ("gemini", gemini({"text": TEXT[:3]}, reason=""), "malformed!"),
    "claude: pieces": ("anthropic", claude(said(TEXT)), TEXT),
    "claude: thoughts": (
        "anthropic",
        claude(
            (
                {"type": "thinking", "thinking": "", "signature": ""},
                {"type": "thinking_delta", "thinking": THOUGHTS},
                {"type": "signature_delta", "signature": "SIG"},
            ),
            said(TEXT),
        ),
        TEXT,
    ),
    "claude: a call": (
        "anthropic",
        claude(
            said("我算一下"),
            (
                {"type": "tool_use", "id": "t1", "name": "calculator", "input": {}},
                {"type": "input_json_delta", "partial_json": '{"express'},
                {"type": "input_json_delta", "partial_json": 'ion": "1+1"}'},
            ),
            reason="tool_use",
        ),
        [SUM],
    ),
    "claude: too long": ("anthropic", claude(said(TEXT), reason="max_tokens"), (TEXT, "length")),
    "claude: the window is full": (
        "anthropic",
        claude(said(TEXT), reason="model_context_window_exceeded"),
        (TEXT, "length"),
    ),
    "claude: it refuses": ("anthropic", claude(said(TEXT[:3]), reason="refusal"), "policy!"),
    "claude: cut": ("anthropic", claude(said(TEXT[:3]), reason=""), "malformed!"),
    "claude: overloaded in the middle": (
        "anthropic",
        claude(said(TEXT[:3]), reason="")
        + b"event: error\n"
        + dumped(
            {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
            begin="data: ",
            end="\n\n",
        ),
        "server!",
    ),
}


@pytest.mark.parametrize(("provider", "body", "expected"), CASES.values(), ids=CASES)
async def test_a_streamed_answer_in_its_own_protocol_is_read(provider, body, expected):
    heard = Heard()
    kind = "application/x-ndjson" if provider == "ollama" else "text/event-stream"
    async with (
        FakeLLM(Say(raw=body, headers={"content-type": kind})) as llm,
        models(endpoint("own", llm.url.removesuffix("/v1"), provider=provider)) as them,
    ):
        request = Request("own/m", HELLO, tools=[TOOL], seconds=20)
        try:
            answer = await them.complete(request, heard.on_text, heard.on_reset)
        except ModelFailed as e:
            outcome = f"{e.code}!"
        else:
            calls = [json.loads(call.arguments) for call in answer.tool_calls]
            outcome = calls or (answer.text if answer.finish == "stop" else (answer.text, answer.finish))
    shown = "".join(piece or "" for piece in heard.pieces)
    assert THOUGHTS not in shown
    assert "calculator" not in shown
    assert outcome == expected


SIGNED = {
    "anthropic": claude(
        (
            {"type": "thinking", "thinking": "", "signature": ""},
            {"type": "signature_delta", "signature": "U0lH"},
        ),
        ({"type": "tool_use", "id": "t1", "name": "calculator", "input": SUM},),
        ({"type": "tool_use", "id": "t2", "name": "calculator", "input": SUM},),
        reason="tool_use",
    ),
    "gemini": gemini(
        {"functionCall": {"name": "calculator", "args": SUM}, "thoughtSignature": "U0lH"},
        {"functionCall": {"name": "calculator", "args": SUM}},
    ),
    "ollama": CASES["ollama: two calls"][1],
}


@pytest.mark.parametrize("provider", SIGNED)
async def test_in_the_second_round_nothing_is_put_into_the_model_s_mouth_and_its_signature_comes_back(
    provider,
):
    kind = "application/x-ndjson" if provider == "ollama" else "text/event-stream"
    async with (
        FakeLLM(Say(raw=SIGNED[provider], headers={"content-type": kind})) as llm,
        models(endpoint("own", llm.url.removesuffix("/v1"), provider=provider)) as them,
    ):
        first = await them.complete(Request("own/m", HELLO, tools=[TOOL], seconds=20), lambda _: None)
        results = [{"role": "tool", "tool_call_id": one.id, "content": "2"} for one in first.tool_calls]
        again = [*HELLO, told_back(first), *results]
        await them.complete(Request("own/m", again, tools=[TOOL], seconds=20), lambda _: None)
    body = llm.calls[-1].body
    _, said, *_ = body.get("messages") or body["contents"]
    parts = said.get("parts") or said["content"] or []
    assert not any(part.get("text") for part in parts)
    assert len(results) == 2
    assert ("U0lH" in json.dumps(said)) == (provider != "ollama")


WINDOW = 2000
SHAPES = {
    "openai_compatible": Say(TEXT),
    "deepseek": Say(TEXT),
    "ollama": Say(raw=words(TEXT, 9), headers={"content-type": "application/x-ndjson"}),
    "gemini": Say(raw=gemini({"text": TEXT}), headers={"content-type": "text/event-stream"}),
    "anthropic": Say(raw=claude(said(TEXT)), headers={"content-type": "text/event-stream"}),
}


@pytest.mark.parametrize("provider", SHAPES)
async def test_a_conversation_longer_than_the_window_is_never_sent_whole(provider):
    """Chinese, code, emoji, keys, and one message that alone is too long; counted here by bytes."""
    pieces = ["茶的问题", "{'a': [1, 2]} ", "🙂", "aGVsbG8gd29ybGQ="]
    history = [Exchange(f"<问{i}>" + pieces[i % 4] * (10 + i), f"<答{i}>" + "好" * i) for i in range(60)]
    flow = {"type": "model", "id": "a", "model": "own/m", "window": WINDOW, "prompt": {"text": "你是茶店"}}
    composed = agent(flow, memory={"type": "window", "turns": 100})
    for asked in ("多少钱？", "<头>" + "很长" * 3000 + "<尾>"):
        async with (
            FakeLLM(SHAPES[provider]) as llm,
            models(endpoint("own", llm.url.removesuffix("/v1"), provider=provider)) as them,
        ):
            run = play(composed, wrote(asked), them, history=history, stream=provider != "deepseek")
            *_, used, _, replied = await run
        call = next(one for one in llm.calls if one.path != "/api/show")  # Ollama is asked about the model
        body = json.dumps(call.body, ensure_ascii=False)
        assert len(body.encode()) / 3 < WINDOW + 200  # a Chinese character has three bytes, and is a token
        assert (replied.text, "你是茶店" in body, used.left_out > 90) == (TEXT, True, True)
        assert used.cut == (len(asked) > 100)
        # Whole exchanges from the oldest on are left out, so that the newest ones stand there without a gap.
        there = [i for i in range(60) if f"<问{i}>" in body]
        assert there == [i for i in range(60) if f"<答{i}>" in body] == list(range(60))[60 - len(there) :]
        assert (asked in body) if len(asked) < 100 else ("<头>" in body and "<尾>" in body and "省略" in body)
