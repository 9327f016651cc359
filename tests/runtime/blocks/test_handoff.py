import pytest

from runtime.blocks.handoff import NOTED
from script import agent, play


async def test_it_answers_and_marks_the_turn_for_a_person():
    events = await play(agent({"type": "handoff", "id": "human", "text": "请稍等"}))
    assert (events[-1].text, events[-1].handoff) == ("请稍等", True)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_without_a_text_it_speaks_the_agents_language_and_promises_nobody(lang):
    events = await play(agent({"type": "handoff", "id": "human"}, language=lang))
    assert events[-1].text == NOTED.to(lang)
