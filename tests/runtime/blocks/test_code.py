import pytest

from runtime.errors import BadAgent
from runtime.turn.events import BlockFinished
from script import agent, play, wrote

ADD = {
    "type": "code",
    "id": "bill",
    "values": {
        "lines": "{{ order.fields.lines }}",
        "said": "{{ message.text }}!",
    },
    "code": "result = {'sum': sum(x['n'] for x in lines), 'said': said}",
}
ORDER = {
    "type": "extract", "id": "order", "model": "",
    "fields": [{"name": "lines", "type": "list"}],
}  # fmt: skip
SAY = {"type": "reply", "id": "say", "text": "{{ bill.result.sum }} {{ bill.result.said }}"}
FIRST = {"type": "code", "id": "order", "code": "result = [{'n': 2}, {'n': 3}]"}


async def test_lists_stay_lists_and_text_stays_text():
    values = {"lines": "{{ order.result }}", "said": "{{ message.text }}!"}
    code = "result = {'sum': sum(x['n'] for x in lines), 'said': said}"
    events = await play(agent(FIRST, {**ADD, "values": values, "code": code}, SAY), wrote("好"))
    assert events[-1].text == "5 好!"
    done = [e for e in events if isinstance(e, BlockFinished)]
    assert done[1].output == {"result": {"sum": 5, "said": "好!"}, "printed": ""}


async def test_an_error_names_its_line_and_can_go_another_way():
    broken = {"type": "code", "id": "bill", "code": "x = 1\nresult = x / 0"}
    events = await play(agent(broken, SAY))
    assert (events[-1].code, events[-1].block) == ("code", "bill")
    assert "2" in events[-1].reason.zh
    assert "ZeroDivisionError" in events[-1].reason.en
    other = {**broken, "otherwise": [{"type": "reply", "id": "sorry", "text": "算不了：{{ bill.error }}"}]}
    events = await play(agent(other, SAY))
    assert "第 2 行" in events[-1].text


async def test_what_a_person_writes_is_data_for_the_code():
    code = {
        "type": "code",
        "id": "bill",
        "values": {"said": "{{ message.text }}"},
        "code": "result = {'said': said, 'sum': 0}",
    }
    text = '"; import os; result = os.environ #{{ 7 * 7 }}'
    assert (await play(agent(code, SAY), wrote(text)))[-1].text == f"0 {text}"


@pytest.mark.parametrize("name", ["class", "result", "Aa"])
def test_a_value_has_a_name_that_a_program_can_use(name):
    with pytest.raises(BadAgent):
        agent({**ADD, "values": {name: "1"}})
