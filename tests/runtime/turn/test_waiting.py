"""A turn ends at a place and goes on there; what was finished is neither done nor decided again."""

import json
from typing import ClassVar, Literal

import pytest

from pausing import ABOUT, DONE, Act, Pause
from runtime.blocks import Block, Flow
from runtime.engine import run
from runtime.lang import Text
from runtime.schema import About, setting
from runtime.turn.events import Failed, Replied, Waited
from runtime.turn.waiting import MOST_CARRIED, Came, Past
from script import Script, agent, says, services, wrote


class Rounds(Block):
    """Runs its flow twice."""

    about: ClassVar[About] = ABOUT
    type: Literal["rounds"] = "rounds"
    flow: Flow = setting([], title=Text("试", "Steps"), widget="flow")

    def flows(self):
        yield "flow", self.flow

    async def run(self, turn):
        found = []
        for n in range(2):
            with turn.within(f"{self.id}.{n}", {"index": n}, more=True) as inner:
                await inner.walk(self.flow)
                found.append(inner.values["ask"]["text"])
        return {"items": found}


class Other(Block):
    """Lets another agent answer."""

    about: ClassVar[About] = ABOUT
    type: Literal["other"] = "other"
    agent: object = None

    async def run(self, turn):
        return {"text": (await turn.inner(self.id, self.agent, turn.message.text)).text}


def say(text, id="say", **more):
    return {"type": "reply", "id": id, "text": text, **more}


async def conversation(flow, *messages, models=None, **more):
    """What each message is answered with; between two of them there is only what a row could hold."""
    made, ends, past = agent(*flow, **more), [], None
    for message in messages:
        came, text = message if isinstance(message, tuple) else (Came("message"), message)
        if past is not None:
            last = ends[-1]
            past = Past.from_json(last.carried)
            past.steps[last.step] = json.loads(json.dumps(came.to_json()))
        # What came besides messages is brought by a message of nobody's, as the gateway does.
        kind = "text" if came.kind in ("message", "cancelled") else "start"
        events = [e async for e in run(made, wrote(text, kind=kind), [], services(models), past=past)]
        ends.append(events[-1])
        past = Past() if isinstance(ends[-1], Waited) else None
    return ends


async def test_what_was_finished_is_neither_done_nor_decided_again_and_the_message_is_the_newest():
    DONE.clear()
    models = Script([says("查到了"), says("再见")])
    inside = [Act(id="first", type="act"), {"type": "model", "id": "found"}, Pause(id="ask", type="pause")]
    case = {"title": "订座", "when": "message.text == '订座'", "flow": inside}
    flow = [
        {"type": "set", "id": "then", "values": {"said": "{{ message.text }}"}},
        {"type": "branch", "id": "way", "cases": [case], "otherwise": [say("走错了", "wrong")]},
        say(
            "{{ then.said }} {{ way.case }} {{ first.text }} {{ found.text }} {{ ask.text }}"
            " {{ message.text }}"
        ),
    ]
    waited, answered = await conversation(flow, "订座", "三位", models=models)
    assert (waited.text, waited.wait, waited.block) == ("几位？", "message", "ask")
    assert answered.text == "订座 订座 订座 查到了 三位 三位"
    assert (DONE["first"], len(models.requests)) == (1, 1)


async def test_rounds_and_inner_agents_wait_at_places_of_their_own():
    DONE.clear()
    flow = [Rounds(id="each", type="rounds", flow=[Act(id="act", type="act"), Pause(id="ask", type="pause")])]
    inner = agent(*flow, say("里面 {{ each['items'] | join('、') }}"), id="inner")
    ends = await conversation(
        [Other(id="other", type="other", agent=inner), say("{{ other.text }}")], *"一二三"
    )
    assert [type(end).__name__ for end in ends] == ["Waited", "Waited", "Replied"]
    assert ends[-1].text == "里面 二、三"
    assert DONE == {"other/each.0/act": 1, "other/each.1/act": 1}


async def test_an_agent_in_itself_fails_and_says_so():
    circle = agent(say("好"), id="a")
    [end] = await conversation([Other(id="other", type="other", agent=circle), say("好")], "一")
    assert (end.code, end.block) == ("too_deep", "other")


@pytest.mark.parametrize(
    ("came", "otherwise", "text"),
    [
        ("late", [say("{{ ask.why }}：{{ ask.error }}", "out")], "late：等得太久"),
        ("cancelled", [say("{{ ask.why }}", "out")], "cancelled"),
        ("late", [], "等得太久"),
        ("cancelled", [], "已取消"),
    ],
)
async def test_what_does_not_come_takes_the_other_way_or_ends_well(came, otherwise, text):
    flow = [Pause(id="ask", type="pause", otherwise=otherwise), say("来了")]
    _, end = await conversation(flow, "订座", (Came(came), ""))
    assert isinstance(end, Replied)
    assert text in end.text


async def test_any_block_that_fails_may_have_another_way_but_not_for_what_is_inside_it():
    broken = {"type": "set", "id": "bad", "values": {"x": "{{ message.text.nothing.more }}"}}
    [end] = await conversation([{**broken, "otherwise": [say("没成：{{ bad.error }}", "out")]}], "一")
    assert end.text.startswith("没成：")
    case = {"title": "", "when": "true", "flow": [broken]}
    [end] = await conversation(
        [{"type": "branch", "id": "way", "cases": [case], "otherwise": [say("不该")]}], "一"
    )
    assert isinstance(end, Failed)
    assert end.block == "bad"


async def test_what_is_too_much_to_keep_is_said():
    values = {f"x{n}": "{{ message.text }}" for n in range(50)}
    flow = [{"type": "set", "id": "big", "values": values}, Pause(id="ask", type="pause")]
    [end] = await conversation(flow, "长" * (MOST_CARRIED // 45))
    assert end.code == "too_long"
