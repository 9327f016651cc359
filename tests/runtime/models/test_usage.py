"""Tokens are counted for every model, also where its provider does not say how many."""

import pytest
from models_world import WAYS, Heard, ask, asking

from fake_llm import Say
from runtime.models.completion import Answer, Request, ToolCall
from runtime.models.context_window import size
from runtime.models.usage import counted
from runtime.turn.events import ModelUsed
from script import agent, play

ASKED = Request("m", [{"role": "user", "content": "四个汉字"}])
CALL = ToolCall("c1", "get_order", '{"id": "20240101"}')

COUNTED = [
    ("what the provider says", Answer("好", "m", prompt_tokens=10, completion_tokens=5), (10, 5, False)),
    ("nothing at all", Answer("两字", "m"), (4, 2, True)),
    ("only what was asked", Answer("两字", "m", prompt_tokens=10), (10, 2, True)),
    ("only what was written", Answer("两字", "m", completion_tokens=5), (4, 5, True)),
    ("thoughts", Answer("两字", "m", thoughts="想了四字"), (4, 6, True)),
    ("a tool call", Answer("", "m", tool_calls=(CALL,)), (4, 12, True)),
]


@pytest.mark.parametrize(("id", "answer", "used"), COUNTED, ids=[id for id, *_ in COUNTED])
def test_what_an_answer_used(id, answer, used):
    found = counted(answer, ASKED)
    assert (found.prompt_tokens, found.completion_tokens, found.estimated) == used


def test_tools_count_as_asked():
    tools = [{"type": "function", "function": {"name": "f", "parameters": {}}}]
    asked = Request("m", ASKED.messages, tools=tools)
    assert counted(Answer("好", "m"), asked).prompt_tokens == 4 + size(tools) > 4


@WAYS
@pytest.mark.parametrize("heard", [None, Heard()], ids=["whole", "watched"])
@pytest.mark.usefixtures("litellm")
async def test_a_server_that_does_not_count_spends_all_the_same(provider, heard):
    async with asking(Say("鸿雁传书", counts=False), provider=provider) as (_, them):
        answer = await ask(them, heard=heard)
    assert (answer.prompt_tokens, answer.completion_tokens, answer.estimated) == (2, 4, True)


async def test_a_turn_is_bounded_in_tokens_that_nobody_counted_and_its_trace_says_so():
    flow = [{"type": "model", "id": f"m{i}", "model": "local/m"} for i in range(9)]
    async with asking(Say("字" * 60, counts=False)) as (_, them):
        *events, last = await play(agent(*flow, limits={"tokens": 100}), models=them)
    used = [event for event in events if isinstance(event, ModelUsed)]
    assert (last.code, len(used)) == ("tokens", 2)
    assert all(event.estimated for event in used)
