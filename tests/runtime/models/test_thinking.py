"""Servers that are told apart whether a model thinks before it answers.

https://api-docs.deepseek.com/guides/thinking_mode ,
https://docs.bigmodel.cn/cn/guide/capabilities/thinking-mode
"""

import pytest
from models_world import ADD, HELLO, endpoint, models

from fake_llm import FakeLLM, Say
from runtime.models.completion import Request

pytestmark = [pytest.mark.usefixtures("litellm"), pytest.mark.timeout(150)]

OFF, ON = {"type": "disabled"}, {"type": "enabled"}
SENT = [
    ("deepseek", "deepseek-flash", "", OFF, None),
    ("deepseek", "deepseek-flash", "none", OFF, None),
    ("deepseek", "deepseek-v4-pro", "low", ON, "low"),
    ("deepseek", "deepseek-flash", "high", ON, "high"),
    ("glm", "glm-5.2", "", None, None),
    ("glm", "glm-5.2", "none", OFF, None),
    ("glm", "glm-5.2", "minimal", OFF, None),
    ("glm", "glm-5.2", "high", ON, None),
    ("doubao", "doubao-seed-2-1-pro-260915", "none", OFF, None),
    ("moonshot", "kimi-k2.6", "none", OFF, None),
    ("openai", "gpt-5.4-mini", "none", None, "none"),
    ("openai_compatible", "qwen3", "", None, None),
    ("openai_compatible", "qwen3", "low", None, "low"),
]


async def sent(provider, model, *, refuses="", **more):
    def respond(call):
        return Say(refuses, status=400) if refuses and "thinking" in call.body else Say("好")

    async with FakeLLM(respond) as llm, models(endpoint("own", llm.url, provider=provider)) as them:
        answer = await them.complete(Request(f"own/{model}", HELLO, seconds=30, **more))
        assert answer.text == "好"
    return [call.body for call in llm.calls]


@pytest.mark.parametrize(("provider", "model", "effort", "thinking", "graded"), SENT)
async def test_whether_and_how_much_it_thinks_is_said_as_its_server_reads_it(
    provider, model, effort, thinking, graded
):
    [body] = await sent(provider, model, effort=effort)
    assert (body.get("thinking"), body.get("reasoning_effort")) == (thinking, graded)
    assert "extra_body" not in body


async def test_what_does_not_think_keeps_its_temperature():
    [body] = await sent("deepseek", "deepseek-flash", temperature=0.3, tools=[ADD])
    assert (body["thinking"], body["temperature"]) == (OFF, 0.3)
    assert body["tools"]


REFUSED = [
    "Unrecognized request argument supplied: thinking",
    "[{'type': 'extra_forbidden', 'loc': ('body', 'thinking'), 'msg': 'Extra inputs are not permitted'}]",
    "invalid thinking: only type=enabled is allowed for this model",
    "The parameter `thinking.type` specified in the request are not valid: disabled is not supported by m",
]


@pytest.mark.parametrize("why", REFUSED)
async def test_a_server_behind_the_name_that_is_not_told_so_is_asked_without(why):
    first, second = await sent("deepseek", "deepseek-flash", refuses=why)
    assert "thinking" in first
    assert not {"thinking", "reasoning_effort"} & set(second)
