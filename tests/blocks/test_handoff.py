from script import agent, play


async def test_it_answers_and_marks_the_turn_for_a_person():
    events = await play(agent({"type": "handoff", "id": "human", "text": "请稍等"}))
    assert (events[-1].text, events[-1].handoff) == ("请稍等", True)
