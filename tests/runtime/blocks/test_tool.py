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


async def test_an_argument_that_is_who_somebody_is_asks_nothing_about_nobody():
    """The person of a script is bound to no customer."""
    for argument, answer in (("{{ person.customer }}", "person.customer"), ("1{{ person.customer }}", "1")):
        events = await play(agent({**RUN, "arguments": {"expression": argument}}, SAY))
        assert answer in events[-1].text
