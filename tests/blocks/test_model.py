import json

import pytest

from runtime.blocks.model import Model
from runtime.events import ToolReturned
from script import Script, agent, calls, play, says, wrote

CLOCK = {"type": "clock"}
SUM = {"type": "calculator"}


def model(*tools, **more):
    return agent(
        {"type": "model", "id": "answer", "prompt": {"text": "你是助手"}, "tools": list(tools), **more}
    )


def returned(events):
    return [e for e in events if isinstance(e, ToolReturned)]


async def test_a_tool_call_is_run_and_its_result_goes_back():
    models = Script([calls(("calculator", {"expression": "6*7"})), says("四十二")])
    events = await play(model(SUM), models=models)
    assert events[-1].text == "四十二"
    assert returned(events)[0].result == "42"
    *_, said, result = models.requests[1].messages
    assert said["tool_calls"][0]["function"]["name"] == "calculator"
    assert (result["role"], result["content"]) == ("tool", "42")


async def test_several_tools_of_one_round_are_all_answered_in_order():
    models = Script(
        [calls(("calculator", {"expression": "1+1"}), ("calculator", {"expression": "2+2"})), says()]
    )
    await play(model(SUM), models=models)
    assert [m["content"] for m in models.requests[1].messages[-2:]] == ["2", "4"]


async def test_a_tool_that_was_not_granted_is_never_run():
    models = Script([calls(("calculator", {"expression": "6*7"})), says()])
    events = await play(model(CLOCK), models=models)
    assert returned(events) == []
    assert "There is no tool 'calculator'" in models.requests[1].messages[-1]["content"]


async def test_broken_arguments_are_told_to_the_model_and_not_run():
    models = Script([calls(("calculator", '{"expression": "6*')), says()])
    events = await play(model(SUM), models=models)
    assert returned(events) == []
    assert "not valid JSON" in models.requests[1].messages[-1]["content"]


@pytest.mark.parametrize(
    "arguments",
    [
        '{"expression": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"a": ' * 30 + "1" + "}" * 30,
        '{"expression": [' + "[]," * 300_000 + "1]}",
        '{"expression": ' + "9" * 900_000 + "}",
    ],
    ids=["too deep for Python", "too deep", "a bomb", "a long number"],
)
async def test_hostile_arguments_are_told_to_the_model_and_not_run(arguments, stall):
    models = Script([calls(("calculator", arguments)), says("好")])
    async with stall() as longest:
        events = await play(model(SUM), models=models)
    assert returned(events) == []
    assert "not valid JSON" in models.requests[1].messages[-1]["content"]
    assert events[-1].text == "好"
    assert longest() < 0.2


async def test_half_a_character_in_arguments_and_results_can_be_stored():
    models = Script([calls(("calculator", '{"expression": "\\ud83d"}')), says("好")])
    [failed] = returned(await play(model(SUM), models=models))
    assert failed.failed
    assert failed.result.encode()


async def test_a_model_that_keeps_calling_wrongly_is_stopped():
    events = await play(model(SUM), models=Script([calls(("nothing", {}))]))
    assert events[-1].code == "tool_mistakes"


async def test_a_model_that_never_answers_is_stopped_after_its_rounds():
    models = Script([calls(("calculator", {"expression": "1"}))])
    events = await play(model(SUM, rounds=3), models=models)
    assert events[-1].code == "rounds"
    assert len(models.requests) == 3


async def test_a_hundred_calls_at_once_are_cut():
    models = Script([calls(*[("calculator", {"expression": "1"})] * 100), says()])
    events = await play(model(SUM), models=models)
    assert len(returned(events)) == 8
    assert events[-1].code == "tool_mistakes"


async def test_a_failing_tool_is_a_result_and_the_turn_goes_on():
    models = Script([calls(("calculator", {"expression": "1/0"})), says("不能除以零")])
    events = await play(model(SUM), models=models)
    assert returned(events)[0].failed
    assert events[-1].text == "不能除以零"


async def test_reasoning_is_sent_back_with_the_tool_turn():
    thinking = Script([calls(("calculator", {"expression": "1"})), says()])
    object.__setattr__(thinking.answers[0], "reasoning", "想一想")
    await play(model(SUM), models=thinking)
    assert thinking.requests[1].messages[-2]["reasoning_content"] == "想一想"


async def test_fallbacks_and_bounds_are_passed_on():
    models = Script()
    await play(model(model="a/b", fallbacks=["c/d"], temperature=0.2, max_tokens=50), models=models)
    [request] = models.requests
    assert (request.model, request.fallbacks) == ("a/b", ["c/d"])
    assert (request.temperature, request.max_tokens) == (0.2, 50)
    assert 100 < request.seconds <= 120


async def test_a_picture_is_shown_only_to_a_model_that_sees():
    picture = wrote("", kind="image", data={"url": "https://mmbiz.qpic.cn/1"})
    seeing, blind = Script(), Script()
    await play(model(images=True), picture, models=seeing)
    await play(model(), picture, models=blind)
    assert "https://mmbiz.qpic.cn/1" in json.dumps(seeing.requests[0].messages[-1]["content"])
    assert isinstance(blind.requests[0].messages[-1]["content"], str)


def test_its_output_is_named():
    assert set(Model(type="model", id="a").outputs()) == {"text"}


WISHES = {"instructions": "用英文", "max_tokens": 50, "temperature": 0.5}


async def test_a_caller_may_narrow_the_answer_and_adds_to_the_prompt():
    models = Script()
    await play(model(max_tokens=200, temperature=1), models=models, message=wrote("在吗", wishes=WISHES))
    (request,) = models.requests
    assert [m["content"] for m in request.messages] == ["你是助手", "用英文", "在吗"]
    assert (request.max_tokens, request.temperature) == (50, 0.5)


async def test_a_callers_wish_never_widens_what_the_owner_set():
    models = Script()
    await play(model(max_tokens=20), models=models, message=wrote("在吗", wishes=WISHES))
    assert models.requests[0].max_tokens == 20


async def test_blocks_that_do_not_answer_have_their_own_work():
    think = {"type": "model", "id": "think", "prompt": {"text": "分类"}}
    answer = {"type": "model", "id": "answer", "prompt": {"text": "回答"}}
    models = Script()
    await play(agent(think, answer), models=models, message=wrote("在吗", wishes=WISHES))
    first, second = models.requests
    assert first.max_tokens is None
    assert "用英文" not in [m["content"] for m in first.messages]
    assert second.max_tokens == 50
