"""The edit history is gone through step by step, back and on, also by who opens the page anew."""

import time

import pytest
from builder_world import SAY, add

from builder.actions import build, history, steps
from cost import cpu_seconds
from runtime.access.actor import OWNER


@pytest.fixture
def texts(studio):
    """Five states, each a step of its own."""
    add(studio)
    opened = build.open_agent(studio, "shop")
    revision = opened["revision"]
    for text in "一二三四":
        history.history(studio).seal("shop")
        data = {**opened["data"], "flow": [{**SAY, "text": text}]}
        revision = build.save(studio, OWNER, "shop", data, revision).value["revision"]
    return ["好", *"一二三四"]


def test_a_step_in_a_long_history_of_a_large_flow_is_quick(studio, texts):
    opened = build.open_agent(studio, "shop")
    large = {**opened["data"], "flow": [{**SAY, "id": f"b{n}", "text": f"第{n}块"} for n in range(100)]}
    build.save(studio, OWNER, "shop", large, opened["revision"])
    kept = history.history(studio)
    for n in range(150):
        kept.keep("shop", {**large, "description": f"{n}"}, 2e9 + n * 1000)
    newest = {**large, "description": "149"}
    assert cpu_seconds(steps.step, studio, OWNER, "shop", newest, "undo", enough=1.5) < 1.5
    newest = {**large, "description": "new"}
    assert cpu_seconds(steps.step, studio, OWNER, "shop", newest, "undo", enough=1.5) < 1.5


class Page:
    """What the page does with it."""

    def __init__(self, studio):
        self.studio, self.key = studio, ""

    @property
    def data(self):
        return self.studio.library.open("shop").data

    def go(self, way):
        found = steps.step(self.studio, OWNER, "shop", self.data, way, self.key)
        if found is None:
            return None
        self.key = found["key"]
        self.save(found["data"], stepped=True)
        return self.text

    def save(self, data, **more):
        revision = build.open_agent(self.studio, "shop")["revision"]
        build.save(self.studio, OWNER, "shop", data, revision, **more)

    def write(self, text):
        self.save({**self.data, "flow": [{**SAY, "text": text}]})

    @property
    def text(self):
        return self.data["flow"][0]["text"]


def test_all_the_way_back_and_on_again(studio, texts):
    page = Page(studio)
    assert [page.go("undo") for _ in range(5)] == ["三", "二", "一", "好", None]
    assert [page.go("redo") for _ in range(5)] == [*"一二三四", None]
    assert len(history.versions(studio, "shop")) == len(texts)  # steps are no states of their own


def test_each_reload_in_between_goes_on_from_there(studio, texts):
    assert [Page(studio).go("undo") for _ in range(4)] == ["三", "二", "一", "好"]
    assert [Page(studio).go("redo") for _ in range(4)] == [*"一二三四"]


def test_what_differs_is_told(studio, texts):
    found = steps.step(studio, OWNER, "shop", studio.library.open("shop").data, "undo")
    assert [(one["id"], one["fields"]) for one in found["held"]["changed"]] == [("say", [["text"]])]
    assert found["by"] == OWNER.id


def test_who_goes_on_from_an_earlier_step_loses_nothing_that_was_ahead(studio, texts):
    page = Page(studio)
    page.go("undo")
    page.go("undo")
    page.write("五")
    page.key = ""
    seen = [page.go("undo") for _ in range(5)]
    assert seen == ["四", "三", "二", "一", "好"]


def test_a_state_that_was_there_twice_is_no_circle(studio, texts):
    page = Page(studio)
    history.history(studio).seal("shop")
    page.write("二")
    assert [page.go("undo") for _ in range(6)] == ["四", "三", "二", "一", "好", None]


def test_what_is_not_kept_yet_is_kept_before_the_step(studio, texts):
    unsaved = {**studio.library.open("shop").data, "name": ""}
    found = steps.step(studio, OWNER, "shop", unsaved, "undo")
    assert found["data"]["flow"][0]["text"] == "四"
    again = steps.step(studio, OWNER, "shop", found["data"], "redo", found["key"])
    assert again["data"]["name"] == ""
    assert steps.step(studio, OWNER, "shop", {**unsaved, "name": "别的"}, "redo") is None


def test_a_note_of_what_is_there_already_is_no_step(studio, texts):
    history.history(studio).keep("shop", studio.library.open("shop").data, time.time(), "春节版")
    page = Page(studio)
    assert [page.go("undo"), page.go("redo"), page.go("redo")] == ["三", "四", None]
