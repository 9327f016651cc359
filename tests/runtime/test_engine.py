import asyncio

import pytest

from runtime.engine import run
from runtime.errors import ModelFailed
from runtime.message import Exchange
from runtime.turn.events import BlockFinished, BlockStarted, Failed, ModelUsed, Replied, TextDelta, Unanswered
from script import DOWN, Script, agent, play, says, services, wrote

MODEL = {"type": "model", "id": "answer", "prompt": {"text": "你是客服"}}
SAY = {"type": "reply", "id": "say", "text": "答：{{ answer.text }}"}


class Kept(dict):
    """A journal in memory. `settled` is what was asked to be on the disk, each time."""

    def __init__(self, *steps):
        super().__init__(*steps)
        self.settled = []

    async def settle(self):
        self.settled.append(set(self))

    async def recall(self, step):
        return self.get(step)

    def record(self, step, result):
        self[step] = result

    async def begin(self, step):
        is_first = step not in self
        self[step] = True
        return is_first


def kinds(events):
    return [type(e).__name__ for e in events]


async def test_a_turn_emits_its_blocks_and_ends_with_the_reply():
    events = await play(agent(MODEL, SAY), models=Script([says("龙井")]))
    assert kinds(events) == [
        "BlockStarted", "ModelUsed", "BlockFinished", "BlockStarted", "BlockFinished", "Replied",
    ]  # fmt: skip
    assert events[-1].text == "答：龙井"


async def test_a_flow_without_a_reply_answers_with_its_last_model():
    events = await play(agent(MODEL), models=Script([says("龙井")]))
    assert events[-1].text == "龙井"


async def test_what_is_switched_off_is_passed_over_with_all_in_it_and_leaves_nothing():
    models = Script([says("龙井")])
    off = {**MODEL, "id": "other", "disabled": True}
    case = {"title": "", "when": "true", "flow": [{**SAY, "id": "inner"}]}
    way = {"type": "branch", "id": "way", "cases": [case], "disabled": True}
    say = {**SAY, "text": "答：{{ answer.text }}{{ other.text }}{{ way.case }}"}
    events = await play(agent(MODEL, off, way, say, {**off, "id": "last"}), models=models)
    assert [event.block for event in events if isinstance(event, BlockStarted)] == ["answer", "say"]
    assert events[-1].text == "答：龙井"
    assert len(models.requests) == 1
    # The reply before it is the last one that runs, and the model before it writes the answer.
    assert (await play(agent(MODEL, off), models=Script([says("龙井")])))[-1].text == "龙井"


async def test_a_reply_ends_the_turn_where_it_is_the_last_of_its_way():
    models = Script([says("龙井")])
    case = {"title": "", "when": "true", "flow": [{**SAY, "text": "你好"}]}
    events = await play(agent({"type": "branch", "id": "way", "cases": [case]}, MODEL), models=models)
    assert events[-1].text == "你好"
    assert models.requests == []


async def test_a_reply_in_the_middle_stands_before_the_answer_or_is_sent_at_once():
    async def send(name, text):
        sent.append((name, text))
        return True

    flow = agent({**SAY, "id": "first", "text": "请稍等"}, MODEL)
    joined = await play(flow, models=Script([says("龙井")]))
    assert joined[-1].text == "请稍等\n\n龙井"
    sent = []
    apart = await play(flow, models=Script([says("龙井")]), speak=send)
    assert (sent, apart[-1].text) == ([("first", "请稍等")], "龙井")


async def test_text_is_told_at_once_unless_a_check_looks_at_it_first():
    for checks, at_once in (((), ["龙", "井"]), (("in",), ["龙", "井"]), (("in", "out"), [])):
        told = []
        check = {"type": "words", "words": ["铁观音"], "places": list(checks)}
        one = agent(MODEL, safety={"checks": [check] if checks else []})
        events = await play(one, models=Script([says("龙井")]), stream=True, tell=told.append)
        yielded = [event.text for event in events if isinstance(event, TextDelta)]
        assert [event.text for event in told] == at_once
        assert "".join([*at_once, *yielded]) == "龙井"
        assert isinstance(events[-1], Replied)


async def test_text_is_streamed_only_when_somebody_watches():
    watched = await play(agent(MODEL), models=Script([says("龙井")]), stream=True)
    alone = await play(agent(MODEL), models=Script([says("龙井")]))
    assert [e.text for e in watched if isinstance(e, TextDelta)] == ["龙", "井"]
    assert not [e for e in alone if isinstance(e, TextDelta)]


async def test_an_empty_flow_fails_and_says_what_to_add():
    [failed] = await play(agent())
    assert isinstance(failed, Failed)
    assert failed.code == "no_answer"
    assert "回复" in failed.reason.zh


async def test_a_failing_model_ends_the_turn_and_names_the_block():
    events = await play(agent(MODEL), models=Script([DOWN]))
    assert events[-1] == Failed("down", DOWN.text, "answer")


async def test_which_models_were_asked_in_vain_is_told():
    failed = ModelFailed(DOWN.text, code="down").after(["a/b", "c/d"])
    events = await play(agent(MODEL), models=Script([failed]))
    assert events[-2] == Unanswered("answer", ("a/b", "c/d"))


async def test_a_turn_is_bounded_in_time():
    slow = agent(MODEL, limits={"seconds": 5})
    object.__setattr__(slow.limits, "seconds", 0.05)
    events = await play(slow, models=Script(gate=asyncio.Event()))
    assert events[-1].code == "timeout"


async def test_a_turn_is_bounded_in_tokens():
    twice = agent(MODEL, {**MODEL, "id": "again"}, limits={"tokens": 100})
    events = await play(twice, models=Script([says(finish="stop")]))
    assert isinstance(events[-1], Replied)
    thrifty = agent(*({**MODEL, "id": f"m{i}"} for i in range(9)), limits={"tokens": 100})
    assert (await play(thrifty))[-1].code == "tokens"


async def test_closing_the_iterator_cancels_the_model():
    models = Script(gate=asyncio.Event())
    before = asyncio.all_tasks()
    events = run(agent(MODEL), wrote(), (), services(models))
    assert isinstance(await anext(events), BlockStarted)
    assert asyncio.all_tasks() > before
    await events.aclose()
    assert asyncio.all_tasks() == before


async def test_a_bug_in_a_block_is_raised_and_not_swallowed():
    class Broken(Script):
        async def complete(self, *_):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await play(agent(MODEL), models=Broken())


async def test_a_continued_turn_does_not_pay_for_a_finished_round_again():
    journal, models = Kept(), Script([says("龙井")])
    await play(agent(MODEL, SAY), models=models, journal=journal)
    again = await play(agent(MODEL, SAY), models=models, journal=journal)
    assert again[-1].text == "答：龙井"
    assert len(models.requests) == 1


async def test_a_finished_round_is_on_the_disk_before_a_tool_or_another_block_runs():
    journal = Kept()
    run_sum = {
        "type": "tool",
        "id": "sum",
        "tool": {"type": "calculator"},
        "arguments": {"expression": "6*7"},
    }
    await play(agent(MODEL, run_sum, SAY), models=Script([says("龙井")]), journal=journal)
    before_the_model, before_the_block, before_the_tool = journal.settled
    assert before_the_model == set()
    assert before_the_block == before_the_tool == {"answer.0"}


ORDER = {"type": "http_request", "method": "POST", "url": "https://example.com/orders"}


async def test_a_tool_with_side_effects_that_was_cut_off_is_not_repeated():
    cut_off = Kept({"tool.order.begun": True})
    say = {"type": "reply", "id": "say", "text": "{{ order.error }}"}
    events = await play(agent({"type": "tool", "id": "order", "tool": ORDER}, say), journal=cut_off)
    assert events[-1].doubt
    assert "结果未知" in events[-1].text


async def test_a_tool_without_side_effects_is_simply_run_again():
    cut_off = Kept({"tool.sum.begun": True})
    run_sum = {
        "type": "tool",
        "id": "sum",
        "tool": {"type": "calculator"},
        "arguments": {"expression": "6*7"},
    }
    say = {"type": "reply", "id": "say", "text": "{{ sum.result }}"}
    assert (await play(agent(run_sum, say), journal=cut_off))[-1].text == "42"


async def test_templates_see_variables_the_message_and_earlier_blocks():
    shop = {"name": "shop", "default": "一叶茶铺"}
    say = {"type": "reply", "id": "say", "text": "{{ shop }}|{{ message.text }}|{{ agent.name }}"}
    assert (await play(agent(say, variables=[shop])))[-1].text == "一叶茶铺|你好|A"
    other = await play(agent(say, variables=[shop]), variables={"shop": "别家"})
    assert other[-1].text == "别家|你好|A"


async def test_what_a_person_writes_is_never_template_source():
    say = {"type": "reply", "id": "say", "text": "{{ message.text }}"}
    events = await play(agent(say), wrote("{{ 7*7 }}{% raw %}"))
    assert events[-1].text == "{{ 7*7 }}{% raw %}"


async def test_memory_shows_the_last_exchanges_only():
    models = Script()
    history = [Exchange(f"问{i}", f"答{i}") for i in range(5)]
    await play(agent(MODEL, memory={"turns": 2}), models=models, history=history)
    contents = [m["content"] for m in models.requests[0].messages]
    assert contents == ["你是客服", "问3", "答3", "问4", "答4", "你好"]


async def test_usage_says_the_model_tokens_and_cost():
    events = await play(agent(MODEL), models=Script([says(cost=0.001)]))
    [used] = [e for e in events if isinstance(e, ModelUsed)]
    assert (used.model, used.prompt_tokens, used.completion_tokens, used.cost) == ("script/one", 10, 5, 0.001)


async def test_a_block_output_can_be_seen_in_its_event():
    events = await play(agent(MODEL), models=Script([says("龙井")]))
    [finished] = [e for e in events if isinstance(e, BlockFinished)]
    assert finished.output == {"text": "龙井"}


def block(id, **more):
    return {"type": "set", "id": id, **more}


WAYS = {
    "type": "branch",
    "id": "way",
    "cases": [{"when": "message.text == '吃'", "flow": [block("food", values={"name": "面"})]}],
    "otherwise": [block("drink", values={"name": "茶"})],
}

EMPTY = [
    ("[{{ food.name }}]", "[]"),
    ("[{{ food }}]", "[]"),
    ("{{ 'a' if food else 'b' }}", "b"),
    ("{{ food.name or drink.name }}", "茶"),
    ("{{ food.name | default('无') }}", "无"),
    ("[{{ food.name | upper }}{{ food.name | trim }}{{ food.name ~ '!' }}]", "[!]"),
    ("{{ food.name.startswith('面') or food.name == '面' or '面' in food.name }}", "False"),
    ("[{% for x in food.list %}{{ x }}{% endfor %}]", "[]"),
    ("{{ food.name | length }}{{ food.price | float }}", "00.0"),
    ("{{ food.name | tojson }}", "null"),
    ("{{ drink.name }}", "茶"),
]


@pytest.mark.parametrize(("text", "reply"), EMPTY)
async def test_a_block_that_did_not_run_is_empty_so_ways_join(text, reply):
    events = await play(agent(WAYS, {**SAY, "text": text}), wrote("喝"))
    assert events[-1].text == reply


async def test_a_condition_over_a_block_that_did_not_run_does_not_hold():
    asks = {"type": "branch", "id": "ask", "cases": [{"when": "food.price | float > 3", "flow": [MODEL]}]}
    events = await play(agent(WAYS, asks, {**SAY, "text": "好"}), wrote("喝"))
    assert events[-1].text == "好"


async def test_the_last_answer_is_at_hand_and_empty_at_first():
    say = {**SAY, "text": "[{{ message.last_reply }}]"}
    assert (await play(agent(say)))[-1].text == "[]"
    assert (await play(agent(say), history=[Exchange("a", "b")]))[-1].text == "[b]"


WRONG = [
    ({**SAY, "title": "回复顾客", "text": "好\n{{ docs.text }}"}, "「回复顾客」的「回复内容」", "第 2 行"),
    ({**SAY, "text": "{{ 1/0 }}"}, "「回复」的「回复内容」", "第 1 行"),
    (
        {"type": "branch", "id": "b", "cases": [{"title": "找人", "when": "nobody", "flow": []}]},
        "「分支」的「分支 › 找人 › 条件」",
        "nobody",
    ),
    ({**MODEL, "prompt": {"text": "{{ x }}"}}, "「大模型」的「提示词」", "「x」"),
    ({**MODEL, "prompt": {"template": "gone"}}, "「大模型」", "gone"),
    (block("s", values={"a": "{{ y }}"}), "「设置变量」的「变量 › a」", "「y」"),
]


@pytest.mark.parametrize(("wrong", "place", "detail"), WRONG)
async def test_an_error_at_run_time_names_block_and_field(wrong, place, detail):
    reason = (await play(agent(wrong)))[-1].reason
    assert reason.zh.startswith(place)
    assert detail in reason.zh


async def test_blocks_of_one_kind_are_told_apart():
    two = [{**MODEL, "id": "a"}, {**MODEL, "id": "b", "prompt": {"text": "{{ x }}"}}]
    assert (await play(agent(*two)))[-1].reason.en.startswith("“Model 2”, Prompt")


HEAVY = "{% for a in range(9000) %}{{ loop.index }}{% endfor %}"


async def test_a_turn_of_many_heavy_templates_is_stopped_and_holds_nobody_up(stall):
    blocks = [{"type": "set", "id": f"s{i}", "values": {"a": HEAVY + f"{{# {i} #}}"}} for i in range(100)]
    async with stall() as longest:
        events = await play(agent(*blocks, {"type": "reply", "id": "say", "text": "好"}))
    assert events[-1].code == "BadTemplate"
    assert "too much work" in events[-1].reason.en
    assert longest() < 0.2


async def test_one_turn_takes_nothing_from_the_next():
    flow = agent({"type": "reply", "id": "say", "text": HEAVY})
    assert [(await play(flow))[-1].type for _ in range(20)] == ["replied"] * 20


ANEW = ["重新开始", "/new", " 重新开始。", "/NEW", "“重新开始”"]


@pytest.mark.parametrize("word", ANEW)
@pytest.mark.parametrize("kind", ["text", "voice"])
async def test_a_person_can_start_anew_by_a_word(word, kind):
    models = Script()
    events = await play(agent(MODEL), wrote(word, kind=kind), models=models)
    assert events == [Replied("好的，我们重新开始。", 0)]
    assert models.requests == []
    history = [Exchange("秘密", "好"), Exchange(word, "好的，我们重新开始。"), Exchange("新的", "好")]
    await play(agent(MODEL), models=models, history=history)
    assert [message["content"] for message in models.requests[0].messages] == [
        "你是客服",
        "新的",
        "好",
        "你好",
    ]


async def test_a_sentence_with_that_word_is_a_question():
    models = Script()
    await play(agent(MODEL), wrote("怎么重新开始？"), models=models)
    assert len(models.requests) == 1


async def test_the_words_to_start_anew_are_the_agent_s():
    models = Script()
    ours = agent(MODEL, memory={"restart": ["清空"]})
    assert (await play(ours, wrote("清空"), models=models))[-1].text == "好的，我们重新开始。"
    await play(ours, wrote("重新开始"), models=models)
    await play(agent(MODEL, memory={"restart": []}), wrote("/new"), models=models)
    assert len(models.requests) == 2
