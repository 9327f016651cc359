from script import agent, play, wrote

RUN = {
    "type": "tool",
    "id": "sum",
    "tool": {"type": "calculator"},
    "arguments": {"expression": "{{ message.text }}"},
}
SAY = {
    "type": "reply",
    "id": "say",
    "text": "{% if sum.failed %}失败：{{ sum.error }}{% else %}{{ sum.result }}{% endif %}",
}


async def test_its_result_is_there_for_later_blocks():
    assert (await play(agent(RUN, SAY), wrote("6*7")))[-1].text == "42"


async def test_a_failure_does_not_end_the_turn():
    assert (await play(agent(RUN, SAY), wrote("1/0")))[-1].text.startswith("失败：")
