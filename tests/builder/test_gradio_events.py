"""Which of Gradio's events reach the server, and what goes into them: everything else is nobody's."""

import pytest

from builder import ui
from builder.inert_chat import InertChat

CHATS = ("chat", "chat-1", "chat-2", "chat-3")
EVENTS = {
    ("ask", "submit", ("ask",)),
    ("ask", "stop", CHATS),
    ("ask", "stop", ()),  # cancels what runs
    ("chat", "retry", ("play", "state")),
    ("chat", "edit", ("play", "state")),
    ("chat", "undo", ("play", "state")),
    ("chat", "like", ("play", "state")),
    ("chat", "example_select", ()),
    ("chat", "option_select", ()),
    ("chat", "clear", ()),
    ("play", "restore", ("play",)),
    ("play", "played", ("play",)),
    ("", "load", ()),
    ("", "success", ()),
    ("", "success", ("state", "state", "state", "state", "play")),
    ("", "then", ()),
}


@pytest.fixture
def demo(studio):
    return ui.drawn(studio)


def test_the_pages_have_these_events(demo):
    found = set()
    for fn in demo.fns.values():
        inputs = tuple(block.elem_id or type(block).__name__.lower() for block in fn.inputs)
        for block, event in fn.targets:
            name = demo.blocks[block].elem_id or "" if block in demo.blocks else ""
            found.add((name, event, inputs))
    assert found == EVENTS


def test_only_the_inert_chat_takes_what_could_hold_a_file(demo):
    inputs = {block for fn in demo.fns.values() for block in fn.inputs}
    assert {type(block) for block in inputs if getattr(block, "data_model", None)} == {InertChat}


def test_no_event_is_for_programs(demo):
    assert {fn.api_visibility for fn in demo.fns.values()} == {"private"}
