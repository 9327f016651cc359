import json

import pytest

from runtime.blocks.model import Model
from runtime.message import Exchange
from runtime.turn.events import ModelUsed, TextDelta, ToolReturned
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


UNWRITTEN = {
    "a picture": ("image", {"url": "https://x.example/1"}, "", "[图片]"),
    "a voice that was not understood": ("voice", {}, "", "[语音]"),
    "a video": ("video", {}, "", "[视频]"),
    "a place": ("location", {"latitude": 30.2, "longitude": 120.1}, "西湖", "[位置] 西湖"),
    "a place without a name": ("location", {"latitude": 30.2, "longitude": 120.1}, "", "[位置] 30.2 120.1"),
    "a link": ("link", {}, "标题\nhttps://x.example", "[链接] 标题\nhttps://x.example"),
    "blanks": ("text", {}, " \n ", "[空消息]"),
}


@pytest.mark.parametrize(("kind", "data", "text", "words"), UNWRITTEN.values(), ids=UNWRITTEN)
async def test_no_message_is_sent_empty_and_the_history_says_in_words_what_came(kind, data, text, words):
    now, later = Script(), Script()
    await play(model(), wrote(text, kind=kind, data=data), models=now)
    await play(model(), models=later, history=[Exchange(text, "收到", kind, data)])
    assert text.strip() or now.requests[0].messages[-1]["content"] == words
    assert later.requests[0].messages[1:3] == [
        {"role": "user", "content": words},
        {"role": "assistant", "content": "收到"},
    ]


async def test_a_follow_up_to_a_picture_has_the_picture():
    seeing, blind = Script(), Script()
    history = [Exchange("", "好看", "image", {"url": f"https://x.example/{i}"}) for i in range(4)]
    await play(model(images=True), wrote("它是什么颜色？"), models=seeing, history=history)
    await play(model(), wrote("它是什么颜色？"), models=blind, history=history)
    sent = json.dumps(seeing.requests[0].messages)
    assert [f"https://x.example/{i}" in sent for i in range(4)] == [False, False, True, True]
    assert "https://" not in json.dumps(blind.requests[0].messages)


async def test_messages_without_an_answer_are_told_together():
    models = Script()
    await play(
        model(), models=models, history=[Exchange("一", ""), Exchange("二", " "), Exchange("三", "好")]
    )
    assert models.requests[0].messages[1]["content"] == "一\n二\n三"


async def test_an_empty_prompt_is_not_sent():
    models = Script()
    await play(agent({"type": "model", "id": "answer", "prompt": {"text": " \n"}}), models=models)
    assert [message["role"] for message in models.requests[0].messages] == ["user"]


async def test_half_an_answer_says_that_there_is_more():
    events = await play(model(), models=Script([says("您好，这款茶", finish="length")]), stream=True)
    assert "没有说完" in events[-1].text
    assert events[-1].finish == "length"
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == events[-1].text


async def test_a_calling_program_gets_half_an_answer_as_it_is():
    events = await play(model(), wrote(history=()), models=Script([says("您好，这款茶", finish="length")]))
    assert (events[-1].text, events[-1].finish) == ("您好，这款茶", "length")


async def test_thoughts_are_in_the_trace_and_in_no_answer():
    events = await play(model(), models=Script([says("68 元", thoughts="成本 3 元")]))
    [used] = [event for event in events if isinstance(event, ModelUsed)]
    assert used.thoughts == "成本 3 元"
    assert "成本" not in events[-1].text


async def test_an_answer_of_a_hundred_thousand_characters_is_an_answer():
    long = "茶" * 100_000
    flow = [
        {"type": "model", "id": "answer", "prompt": {"text": "x"}},
        {"type": "reply", "id": "say", "text": "答：{{ answer.text }}"},
    ]
    assert (await play(agent(*flow), models=Script([says(long)])))[-1].text == f"答：{long}"


FIELDS = [{"name": "mood", "type": "choice", "choices": ["good", "bad"]}, {"name": "score", "type": "number"}]
SAY_FIELDS = {"type": "reply", "id": "say", "text": "{{ answer.fields.mood }} {{ answer.fields.score }}"}


async def test_an_answer_in_fields_is_asked_for_by_schema_checked_and_repaired_once():
    composed = agent({**model(fields=FIELDS).to_json()["flow"][0], "type": "model"}, SAY_FIELDS)
    models = Script([says('{"mood": "so so", "score": 7}'), says('{"mood": "bad", "score": "7"}')])
    events = await play(composed, models=models, stream=True)
    assert events[-1].text == "bad 7"
    first, second = models.requests
    assert first.schema["properties"]["mood"]["enum"] == ["good", "bad", None]
    assert "JSON schema" in str(first.messages)
    assert "mood: should be one of" in second.messages[-1]["content"]
    assert not [e for e in events if isinstance(e, TextDelta)]

    events = await play(composed, models=Script([says("not JSON at all")]))
    assert (events[-1].code, events[-1].block) == ("fields", "answer")


async def test_how_much_it_thinks_and_where_it_stops_is_passed_on():
    models = Script()
    await play(model(effort="high", stop=["###"]), models=models)
    assert (models.requests[0].effort, models.requests[0].stop) == ("high", ["###"])
    assert models.requests[0].schema is None
