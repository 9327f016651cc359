import asyncio
from types import SimpleNamespace

import pytest

from runtime.agents.check import check
from runtime.errors import BadAgent
from runtime.gateway.turns import StoredJournal
from runtime.store.control.control import Control
from runtime.store.messages.messages import Messages
from runtime.templating.prompts import GIVEN, Prompts
from runtime.turn.events import BlockFinished, Replied, Waited
from script import DOWN, Script, agent, play, says, wrote
from tests.runtime.turn.test_waiting import conversation

SHOUT = {"type": "set", "id": "shout", "values": {"x": "{{ item | upper }}{{ index }}"}}
EACH = {"type": "repeat", "id": "each", "flow": [SHOUT], "collect": "{{ shout.x }}"}
SAY = {"type": "reply", "id": "say", "text": "{{ each.items | join(',') }} {{ each.count }} {{ each.left }}"}


async def repeated(text="", models=None, **more):
    events = await play(agent({**EACH, **more}, SAY), wrote(text), models)
    done = [e.output for e in events if isinstance(e, BlockFinished) and e.block == "each"]
    return (done or [None])[0], events


ITEMS = [
    ("a\n\n b \nc", {}, "A1,B2,C3 3 0"),
    ("a\nb\nc", {"most": 2}, "A1,B2 2 1"),
    ("", {}, "0 0"),
    ("a\nb\nc", {"at_once": 3}, "A1,B2,C3 3 0"),
    ("x", {"over": "{{ 3 }}", "collect": "{{ index }}"}, "1,2,3 3 0"),
    ("x", {"over": "{{ none }}"}, "0 0"),
]


@pytest.mark.parametrize(("text", "more", "answer"), ITEMS)
async def test_each_item_has_a_round_and_what_it_gives_is_collected(text, more, answer):
    _, events = await repeated(text, **more)
    assert events[-1].text.rstrip() == answer.rstrip()


async def test_a_list_stays_one_and_without_a_template_the_last_blocks_results_are_collected():
    code = {"type": "code", "id": "lines", "code": "result = [{'n': 2}, {'n': 5}]"}
    double = {"type": "code", "id": "double", "values": {"n": "{{ item.n }}"}, "code": "result = n * 2"}
    each = {"type": "repeat", "id": "each", "over": "{{ lines.result }}", "flow": [double]}
    say = {"type": "reply", "id": "say", "text": "{{ each.items | map(attribute='result') | join(',') }}"}
    assert (await play(agent(code, each, say)))[-1].text == "4,10"


async def test_until_a_condition_holds_a_round_sees_the_one_before():
    grow = {"type": "set", "id": "shout", "values": {"x": "{{ shout.x if shout else '' }}a"}}
    more = {"way": "until", "flow": [grow], "collect": "{{ shout.x }}"}
    output, _ = await repeated(**more, until="shout.x | length == 3")
    assert output["items"] == ["a", "aa", "aaa"]
    _, events = await repeated(**more, until="false", most=4)
    assert (events[-1].code, "4" in events[-1].reason.zh) == ("rounds", True)


async def test_a_round_that_fails_stops_all_is_left_out_or_goes_another_way():
    ask = [{"type": "model", "id": "shout", "prompt": {"text": "x"}}]
    more = {"flow": ask, "collect": "{{ shout.text }}"}
    _, events = await repeated("a\nb\nc", Script([says("1"), DOWN, says("3")]), **more)
    assert (events[-1].code, "第 2 轮" in events[-1].reason.zh) == ("down", True)
    output, _ = await repeated("a\nb\nc", Script([says("1"), DOWN, says("3")]), **more, failing="skip")
    assert (output["items"], output["count"], len(output["errors"])) == (["1", "3"], 2, 1)
    other = [{"type": "reply", "id": "sorry", "text": "{{ each.error }}"}]
    _, events = await repeated("a", Script([DOWN]), **more, otherwise=other)
    assert events[-1].text == "第 1 轮：模型没有回应。"


async def test_rounds_run_side_by_side_up_to_the_limit():
    running = most = 0

    class Slow(Script):
        async def complete(self, request, on_text=None, on_reset=None):
            nonlocal running, most
            running += 1
            most = max(most, running)
            for _ in range(20):
                await asyncio.sleep(0)
            running -= 1
            return says("ok")

    flow = [{"type": "model", "id": "shout", "prompt": {"text": "x"}}]
    more = {"flow": flow, "collect": "{{ shout.text }}", "at_once": 3}
    output, _ = await repeated("a\nb\nc\nd\ne\nf\ng", Slow(), **more)
    assert (output["count"], most) == (7, 3)


async def test_every_round_is_done_once_though_the_process_died_in_the_middle(tmp_path):
    tea = {"id": "tea", "name": "t", "flow": [{"type": "model", "id": "answer"}]}
    flow = [{"type": "agent", "id": "shout", "agent": "tea", "input": "{{ item }}"}]
    composed = agent({**EACH, "flow": flow, "collect": "{{ shout.text }}"}, SAY, agents={"tea": tea})
    message = wrote("a\nb\nc", id="a", sender="a")
    before = Messages(tmp_path / "messages.db")
    accepted = await before.accept("p", message, 0.0)
    journal = StoredJournal(before, SimpleNamespace(seq=accepted.seq, resumed=False))
    with pytest.raises(SystemError):
        await play(composed, message, Script([says("1"), says("2"), SystemError("dies")]), journal=journal)
    after = Messages(tmp_path / "messages.db")
    resumed = StoredJournal(after, SimpleNamespace(seq=accepted.seq, resumed=True))
    again = Script([says("3")])
    events = await play(composed, message, again, journal=resumed)
    assert events[-1].text == "1,2,3 3 0"
    assert [request.messages[-1]["content"] for request in again.requests] == ["c"]
    before.close()
    after.close()


async def test_the_check_knows_what_rounds_see_and_that_nobody_sees_into_them(tmp_path):
    control = Control.in_folder(tmp_path)
    assert not [one for one in check(agent(EACH, SAY), Prompts([GIVEN]), control) if one.level == "error"]
    inside = {"type": "reply", "id": "say", "text": "{{ shout.x }}{{ item }}"}
    told = [one.text.en for one in check(agent(EACH, inside), Prompts([GIVEN]), control)]
    assert any("each.items" in text for text in told)
    assert any("no 'item'" in text for text in told)
    with pytest.raises(BadAgent, match="until"):
        agent({**EACH, "way": "until"})


async def test_a_round_may_ask_also_inside_of_another_agent_and_nothing_before_is_done_again():
    """Between two messages there is only what a row could hold."""
    named = {"type": "ask", "id": "name", "heard": False, "fields": [{"name": "x", "title": "名字"}]}
    inner = {"id": "inner", "name": "i", "flow": [named, {**SAY, "text": "{{ name.fields.x }}"}]}
    flow = [
        {
            "type": "classify", "id": "wish",
            "intents": [
                {
                    "title": "登记",
                    "flow": [
                        {
                            "type": "repeat", "id": "each", "over": "{{ 2 }}", "collect": "{{ ask.text }}",
                            "flow": [{"type": "agent", "id": "ask", "agent": "inner"}],
                        }
                    ],
                }
            ],
        },
        {"type": "reply", "id": "say", "text": "{{ wish.intent }} {{ each.items | join(',') }}"},
    ]  # fmt: skip
    models = Script([says('{"intent": 1, "confidence": 1}')])
    ends = await conversation(flow, "我要登记", "张三", "李四", models=models, agents={"inner": inner})
    assert [type(end) for end in ends] == [Waited, Waited, Replied]
    assert ends[-1].text == "登记 张三,李四"
    assert len(models.requests) == 1
