from script import agent, play


async def test_it_renders_its_text():
    events = await play(agent({"type": "reply", "id": "say", "text": "收到：{{ message.text }}"}))
    assert events[-1].text == "收到：你好"


async def test_an_empty_result_is_no_answer():
    events = await play(agent({"type": "reply", "id": "say", "text": "{{ ' ' }}"}))
    assert events[-1].code == "no_answer"
