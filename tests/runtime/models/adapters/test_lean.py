"""litellm does for an answer only what somebody reads, and what is read is the same."""

import json

import pytest

from fake_llm import FakeLLM, Say
from runtime.models.completion import Request
from runtime.models.reading.unfinished import Unfinished
from runtime.models.targets import Target

KEY = "sk-1"
CHAT = {"id": "c", "created": 1, "model": "deepseek-chat"}
USED = {
    "plain": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    "mostly read before": {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "total_tokens": 1100,
        "prompt_tokens_details": {"cached_tokens": 900},
        "prompt_cache_hit_tokens": 900,
        "prompt_cache_miss_tokens": 100,
    },
    "thought about": {
        "prompt_tokens": 10,
        "completion_tokens": 500,
        "total_tokens": 510,
        "completion_tokens_details": {"reasoning_tokens": 450},
    },
}


def ask(litellm, llm, heard=None):
    target = Target("deepseek/deepseek-chat", "deepseek/deepseek-chat", llm.url, KEY)
    request = Request("deepseek/deepseek-chat", [{"role": "user", "content": "你好"}])
    return litellm.ask(target, request, Unfinished(heard), 50.0)


def whole(usage):
    choice = {"index": 0, "message": {"role": "assistant", "content": "好"}, "finish_reason": "stop"}
    return Say(
        raw=json.dumps({**CHAT, "object": "chat.completion", "choices": [choice], "usage": usage}).encode()
    )


def streamed(usage):
    def event(**more):
        return b"data: " + json.dumps({**CHAT, "object": "chat.completion.chunk", **more}).encode() + b"\n\n"

    said = event(
        choices=[{"index": 0, "delta": {"role": "assistant", "content": "好"}, "finish_reason": None}]
    )
    end = event(choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}])
    body = said + end + event(choices=[], usage=usage) + b"data: [DONE]\n\n"
    return Say(raw=body, headers={"content-type": "text/event-stream"})


@pytest.mark.parametrize("usage", USED.values(), ids=USED)
async def test_a_stream_is_counted_and_priced_as_the_whole_answer_is(litellm, usage):
    async with FakeLLM(whole(usage), streamed(usage)) as llm:
        at_once, in_pieces = await ask(litellm, llm), await ask(litellm, llm, [].append)
    assert in_pieces.text == at_once.text == "好"
    assert in_pieces.prompt_tokens == at_once.prompt_tokens == usage["prompt_tokens"]
    assert in_pieces.completion_tokens == at_once.completion_tokens == usage["completion_tokens"]
    assert in_pieces.cost == pytest.approx(at_once.cost)
    assert in_pieces.cost > 0


async def test_what_was_read_before_costs_less(litellm):
    async with FakeLLM(streamed(USED["plain"]), streamed(USED["mostly read before"])) as llm:
        plain, again = await ask(litellm, llm, [].append), await ask(litellm, llm, [].append)
    assert again.cost < plain.cost
