"""Which model or tool saw what of a person: as traces say, each once, and nobody who saw nothing."""

import pytest

from runtime.message import Message
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import PeopleList
from runtime.store.messages.seen_by import seen_by

SEEN = [
    ({"type": "model_used", "model": "a/b"}, ("model", "a", "a/b", ["conversation"])),
    ({"type": "model_used", "model": "a/b", "cached": "answers"}, None),
    ({"type": "sensed", "sense": "seeing", "model": "v/w"}, ("model", "v", "v/w", ["picture"])),
    ({"type": "sensed", "sense": "hearing", "model": "v/w"}, ("model", "v", "v/w", ["sound"])),
    ({"type": "sensed", "sense": "hearing", "model": "v/w", "kept": True}, None),
    ({"type": "compared", "model": "e/f"}, ("model", "e", "e/f", ["question"])),
    ({"type": "drawn", "model": "d/e"}, ("model", "d", "d/e", ["description"])),
    ({"type": "tool_called", "name": "weather"}, ("tool", "", "weather", ["arguments"])),
    ({"type": "unanswered", "models": ["a/b"]}, ("model", "a", "a/b", ["conversation"])),
    ({"type": "model_used", "model": "a/b", "cached": "exact", "failed": ["x/y"]}, None),
    ({"type": "block_started", "block": "a"}, None),
]


@pytest.mark.parametrize(("event", "seen"), SEEN)
def test_each_event_says_who_saw_what(event, seen):
    found = [(one["to"], one["provider"], one["model"], one["what"]) for one in seen_by([event], 1.0)]
    assert found == ([seen] if seen else [])


def test_whoever_was_asked_in_vain_saw_it_too():
    found = seen_by([{"type": "model_used", "model": "a/b", "failed": ["x/y", "u/v"]}], 1.0)
    assert [one["model"] for one in found] == ["x/y", "u/v", "a/b"]


async def test_of_a_person_each_is_named_once_with_the_last_time(tmp_path):
    messages = Messages(tmp_path / "messages.db")
    for at, trace in ((1.0, [SEEN[0][0], SEEN[2][0]]), (2.0, [SEEN[0][0]]), (3.0, [SEEN[7][0]])):
        seq = (await messages.accept("p", Message(f"m{at}", "ann", "问"), at)).seq
        await messages.finish(seq, Outcome("答", 1, trace=trace), [], at, "silent")
    messages.close()
    found = PeopleList(tmp_path / "messages.db").seen_by(Face("p", "ann"))
    assert [(one["model"], one["at"]) for one in found] == [("weather", 3.0), ("a/b", 2.0), ("v/w", 1.0)]
    exported = PeopleList(tmp_path / "messages.db").export(Face("p", "ann"))["surfaces"][0]["messages"]
    assert [one["model"] for one in exported[0]["seen_by"]] == ["a/b", "v/w"]
