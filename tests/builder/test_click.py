"""Every click gets an answer that can be shown, and only whoever may do a thing has it done."""

import logging
from pathlib import Path

import pytest

from builder import pages, ui
from builder.actions import Notice, actions_of, agents, bound, click, models, preview
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission, needed, needs
from runtime.errors import Conflict
from runtime.lang import Text

READER = Actor("reader", [Permission.AGENTS_VIEW])


@needs(Permission.AGENTS_VIEW)
def plain(studio, word: str):
    return {"said": word}


@needs(Permission.AGENTS_VIEW)
async def slow(studio):
    return Notice(Text("好", "fine"), 1)


@needs(Permission.AGENTS_VIEW)
def taken(studio):
    raise Conflict(Text("改过了", "changed"), field="name")


@needs(Permission.AGENTS_VIEW)
def bug(studio):
    return 1 // 0


@needs(Permission.AGENTS_EDIT)
def write(studio, who, text="x"):
    studio.append((who.id, text))


ACTIONS = bound(None, plain, slow, taken, bug)


async def test_an_action_gets_its_arguments_and_answers_with_its_value():
    said = await click(ACTIONS, {"action": "plain", "args": {"word": "你好"}}, READER)
    assert said == {"ok": True, "text": None, "field": "", "code": "", "value": {"said": "你好"}}


async def test_an_async_action_may_say_something():
    said = await click(ACTIONS, {"action": "slow"}, READER)
    assert (said["text"], said["value"]) == ({"zh": "好", "en": "fine"}, 1)


async def test_our_errors_become_sentences_with_their_field_and_kind():
    said = await click(ACTIONS, {"action": "taken"}, READER)
    assert (said["ok"], said["text"]["zh"], said["field"], said["code"]) == (
        False,
        "改过了",
        "name",
        "Conflict",
    )


async def test_a_bug_is_logged_under_the_number_that_the_person_sees(caplog):
    with caplog.at_level(logging.ERROR):
        said = await click(ACTIONS, {"action": "bug"}, READER)
    (record,) = caplog.records
    assert record.args[1] in said["text"]["zh"]
    assert "division" not in said["text"]["en"]


@pytest.mark.parametrize("request_", [None, 7, {}, {"action": "__class__"}, {"action": ["plain"]}])
async def test_a_page_that_asks_for_something_else_is_told_to_reload(request_):
    said = await click(ACTIONS, request_, OWNER)
    assert (said["ok"], said["code"]) == (False, "unknown_action")


@pytest.mark.parametrize("args", [{"wrong": 1}, {}, {"word": 7}, {"word": "x", "more": 1}, {"word": None}])
async def test_arguments_that_do_not_fit_are_refused_before_anything_runs(args):
    said = await click(ACTIONS, {"action": "plain", "args": args}, OWNER)
    assert (said["ok"], said["code"]) == (False, "Malformed")


async def test_who_acts_is_told_to_an_action_that_writes_it_down():
    done = []
    await click(bound(done, write), {"action": "write"}, OWNER)
    assert done == [("owner", "x")]


async def test_whoever_may_only_look_changes_nothing_and_reads_what_is_missing():
    done = []
    said = await click(bound(done, write), {"action": "write"}, READER)
    assert (said["ok"], said["code"], done) == (False, "agents.edit", [])
    assert "「新建和修改智能体」（agents.edit）" in said["text"]["zh"]
    assert "You may not make and change agents (agents.edit)" in said["text"]["en"]


@pytest.mark.parametrize("claim", [{"who": "owner"}, {"studio": [], "who": {"id": "owner"}}])
async def test_a_page_cannot_say_who_it_is(claim, caplog):
    done = []
    for who in (READER, OWNER):
        assert not (await click(bound(done, write), {"action": "write", "args": claim}, who))["ok"]
    assert done == []


def test_what_does_not_say_what_it_needs_cannot_be_registered():
    def undeclared(studio):
        """Whatever it does."""

    with pytest.raises(TypeError, match="does not say which permission it needs"):
        bound(None, undeclared)


def test_a_page_has_all_that_its_modules_declare_and_no_two_of_one_name():
    assert actions_of(preview, agents.names) == (preview.preview, agents.names)
    with pytest.raises(TypeError, match="overview"):
        actions_of(agents, models)


def test_every_page_and_every_action_of_a_page_says_what_it_needs():
    assert {file.stem for file in Path(pages.__file__).parent.glob("[!_]*.py")} == ui.PAGES.keys()
    actions = [action for of_page in ui.ACTIONS.values() for action in of_page]
    assert len([needed(function) for function in (*ui.PAGES.values(), *actions)]) > 40


async def test_whoever_may_only_look_can_change_nothing_at_all(studio):
    reader = Actor("reader", [one for one in Permission if one.id.endswith(".view")])
    writing = [f for actions in ui.ACTIONS.values() for f in actions if not reader.may(needed(f))]
    before = sorted(path for path in studio.settings.home.rglob("*"))
    for function in writing:
        name, actions = function.__name__, bound(studio, function)
        said = await click(actions, {"action": name}, reader, uploads=actions[name].takes_file)
        assert said["code"] == needed(function).id, function
    assert sorted(path for path in studio.settings.home.rglob("*")) == before
    names = {function.__name__ for function in writing}
    assert {"save", "delete", "go_live", "create_key", "set_up", "set_secret"} <= names
