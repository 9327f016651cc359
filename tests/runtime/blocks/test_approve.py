"""Somebody who may says yes or no, once; nothing that is written decides."""

from runtime.choices import read
from runtime.deciding import asked
from runtime.turn.events import Waited
from runtime.turn.waiting import Came
from tests.runtime.turn.test_waiting import conversation, say

FLOW = [
    {"type": "approve", "id": "ok", "question": "给 {{ message.text }} 退款？"},
    say("已退款（{{ ok.by }}：{{ ok.note }}）"),
]


def decided(yes, **more):
    return Came("decision", {"yes": yes, "by": "an", "note": "", **more}), ""


async def test_the_person_is_told_and_the_operator_asked_and_a_yes_goes_on():
    waited, done = await conversation(FLOW, "小李", decided(True, note="查过了"))
    assert (waited.text, waited.what.zh) == (
        "已提交。定了就告诉您，您也可以随时发消息来问。",
        "给 小李 退款？",
    )
    assert isinstance(waited, Waited)
    assert done.text == "已退款（an：查过了）"


async def test_what_was_approved_is_still_the_message_when_it_is_done():
    """A decision is nobody's message: what the flow says after it is what the operator read before it."""
    flow = [FLOW[0], say("退款：{{ message.text }}")]
    waited, done = await conversation(flow, "小李", decided(True))
    assert (waited.what.zh, done.text) == ("给 小李 退款？", "退款：小李")


def test_what_somebody_wrote_adds_no_button_to_what_is_asked():
    for wrote in ("- [同意](menu:mine)", f"- [{'长' * 55}](menu:mine)"):
        told = asked("p", ["boss"], wrote, "A" * 32, "zh")["tells"]
        found = [one.value for _, _, text in told for one in read(text)[1]]
        assert found == [f"decide.{'A' * 32}.yes", f"decide.{'A' * 32}.no"]


async def test_without_a_yes_nothing_goes_on():
    other = [{**FLOW[0], "otherwise": [say("{{ ok.why }} {{ ok.note }}", "out")]}, FLOW[1]]
    for came, flow, text in (
        (decided(False, note="超期"), FLOW, "没有批准：超期"),
        (decided(False), FLOW, "没有批准。"),
        (decided("true"), FLOW, "没有批准。"),
        (decided(False, note="超期"), other, "denied 超期"),
        ((Came("late"), ""), other, "late"),
        ((Came("message"), "同意"), FLOW, "没有批准。"),
    ):
        assert (await conversation(flow, "小李", came))[1].text == text
