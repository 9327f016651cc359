"""Which of Gradio's events reach the server, and what goes into them: everything else is nobody's."""

import pytest
from gradio.routes import App

from builder import ui
from runtime.channels import registry as channels

CHATS = ("chat", "chat-1", "chat-2", "chat-3")
EVENTS = {
    ("ask", "submit", ("ask", "play")),
    ("ask", "stop", ()),
    *((chat, event, ("play",)) for chat in CHATS for event in ("retry", "edit", "undo", "like")),
    ("chat", "example_select", ("play",)),
    ("chat", "option_select", ("play",)),
    ("chat", "clear", ()),
    *(("play", event, ("play",)) for event in ("restore", "played", "again", "box", "rewrite")),
    ("", "load", ()),
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


def test_nothing_that_goes_to_the_server_could_hold_a_file(demo):
    inputs = {block for fn in demo.fns.values() for block in fn.inputs}
    assert [block for block in inputs if getattr(block, "data_model", None)] == []


def test_a_line_is_no_state_that_the_next_one_would_overwrite(demo):
    kept = {type(block).__name__ for fn in demo.fns.values() for block in (*fn.inputs, *fn.outputs)}
    assert "State" not in kept


def test_no_event_is_for_programs(demo):
    assert {fn.api_visibility for fn in demo.fns.values()} == {"private"}


def test_drawing_all_pages_makes_one_app_of_gradios(studio, monkeypatch):
    """Each is a hundred routes, and all but the last were dropped at once."""
    made, make = [], App.create_app
    monkeypatch.setattr(
        App, "create_app", lambda *given, **more: made.append(make(*given, **more)) or made[-1]
    )
    demo = ui.drawn(studio)
    assert made == [demo.app]


def test_whoever_opens_the_first_page_does_not_wait_for_the_channels(studio, monkeypatch):
    monkeypatch.setattr(channels, "_found", None)
    ui.drawn(studio)
    assert channels._found
