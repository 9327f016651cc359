"""Every click gets an answer that can be shown."""

import logging

import pytest

from builder.actions import Notice, bound, click
from runtime.errors import Conflict
from runtime.lang import Text


def plain(studio, word):
    return {"said": word}


async def slow(studio):
    return Notice(Text("好", "fine"), 1)


def taken(studio):
    raise Conflict(Text("改过了", "changed"), field="name")


def bug(studio):
    return 1 // 0


ACTIONS = bound(None, plain, slow, taken, bug)


async def test_an_action_gets_its_arguments_and_answers_with_its_value():
    said = await click(ACTIONS, {"action": "plain", "args": {"word": "你好"}})
    assert said == {"ok": True, "text": None, "field": "", "code": "", "value": {"said": "你好"}}


async def test_an_async_action_may_say_something():
    said = await click(ACTIONS, {"action": "slow"})
    assert (said["text"], said["value"]) == ({"zh": "好", "en": "fine"}, 1)


async def test_our_errors_become_sentences_with_their_field_and_kind():
    said = await click(ACTIONS, {"action": "taken"})
    assert (said["ok"], said["text"]["zh"], said["field"], said["code"]) == (
        False,
        "改过了",
        "name",
        "Conflict",
    )


async def test_a_bug_is_logged_under_the_number_that_the_person_sees(caplog):
    with caplog.at_level(logging.ERROR):
        said = await click(ACTIONS, {"action": "bug"})
    (record,) = caplog.records
    assert record.args[1] in said["text"]["zh"]
    assert "division" not in said["text"]["en"]


@pytest.mark.parametrize("request_", [None, 7, {}, {"action": "__class__"}, {"action": ["plain"]}])
async def test_a_page_that_asks_for_something_else_is_told_to_reload(request_):
    said = await click(ACTIONS, request_)
    assert (said["ok"], said["code"]) == (False, "unknown_action")


async def test_arguments_that_do_not_fit_are_a_bug_and_not_a_crash(caplog):
    said = await click(ACTIONS, {"action": "plain", "args": {"wrong": 1}})
    assert said["code"] == "bug"
