"""One deletes in a tab what another edits in theirs: nothing that either wrote is lost, and it is said."""

import pytest
from builder_world import add

from builder.actions import agents, bases, bases_deleted, build, deleted, model_rules, prompts, suites
from deno_script import told
from runtime.access.actor import OWNER
from runtime.errors import Conflict, HongyanError, NotFound
from runtime.trash import DeletedElsewhere
from runtime.trying.kept_chat import new_turn
from runtime.trying.kept_chats import KeptChats

BROKEN = {"id": "shop", "name": "", "flow": []}


@pytest.mark.parametrize("edit", ["that can be saved", "that is a draft"])
@pytest.mark.parametrize("had_draft", [False, True])
def test_an_agent_that_was_deleted_is_not_saved_and_comes_back_as_it_was(studio, edit, had_draft):
    add(studio)
    if had_draft:
        opened = studio.library.open("shop")
        studio.library.keep_draft("shop", {**BROKEN, "name": "草稿" * 40}, opened.revision)
    opened = build.open_agent(studio, "shop")
    undo = agents.delete(studio, OWNER, "shop").undo
    data = {**opened["data"], "name": "改了"} if edit == "that can be saved" else BROKEN
    with pytest.raises(Conflict) as told:
        build.save(studio, OWNER, "shop", data, opened["revision"])
    assert "deleted elsewhere" in told.value.text.en
    assert studio.library.list() == ([], [])
    agents.restore(studio, **undo)
    again = build.open_agent(studio, "shop")
    assert (again["data"], again["revision"]) == (opened["data"], opened["revision"])
    if edit == "that can be saved":
        build.save(studio, OWNER, "shop", data, again["revision"])
        assert studio.library.get("shop").agent.name == "改了"


def test_a_template_that_was_deleted_is_not_saved_until_it_is_back(studio):
    id = prompts.create(studio, OWNER, "zh", "问好")["id"]
    opened = prompts.template(studio, OWNER, id)
    undo = prompts.delete(studio, OWNER, id).undo
    mine = {"zh": {"title": "问好", "text": "你好"}}
    with pytest.raises(Conflict) as told:
        prompts.save(studio, OWNER, id, mine, opened["revision"])
    assert "Recently deleted" in told.value.text.en
    prompts.restore(studio, **undo)
    prompts.save(studio, OWNER, id, mine, opened["revision"])
    assert prompts.template(studio, OWNER, id)["languages"]["zh"]["text"] == "你好"
    prompts.delete(studio, OWNER, id)
    copy = prompts.keep_copy(studio, OWNER, id, mine).value["id"]
    assert copy != id
    assert prompts.template(studio, OWNER, copy)["languages"]["zh"]["text"] == "你好"
    deleted.bring_back(studio, OWNER, "prompt", id)
    assert prompts.template(studio, OWNER, id)["languages"]["zh"]["text"] == "你好"
    with pytest.raises(NotFound):
        deleted.bring_back(studio, OWNER, "prompt", id)


def test_the_page_of_a_deleted_agent_has_it_back_and_saves_what_it_began_from(studio):
    add(studio)
    opened = build.open_agent(studio, "shop")
    agents.delete(studio, OWNER, "shop")
    data = {**opened["data"], "name": "改了"}
    with pytest.raises(DeletedElsewhere):  # by its name the page tells it from another change
        build.save(studio, OWNER, "shop", data, opened["revision"])
    deleted.bring_back(studio, OWNER, "agent", "shop")
    build.save(studio, OWNER, "shop", data, opened["revision"])
    assert studio.library.get("shop").agent.name == "改了"


def rules(studio):
    save = {"route": {"id": "quick", "otherwise": ["demo/demo"]}, "rules": []}
    model_rules.set_rules(studio, OWNER, **save, fresh=True)
    model_rules.remove_rules(studio, OWNER, "quick")
    return "rules", "quick", lambda: model_rules.set_rules(studio, OWNER, **save)


def a_base(studio):
    studio.bases.create("tea", "茶")
    given = bases.base(studio, "tea")["base"]
    bases_deleted.delete(studio, OWNER, "tea")
    return "base", "tea", lambda: bases.save(studio, "tea", {**given, "name": "绿茶"})


def a_suite(studio):
    add(studio)
    case = {"id": "a", "lines": [{"says": "在吗"}]}
    saved = suites.save_suite(studio, "shop", {"cases": [case]}, "")
    agents.delete(studio, OWNER, "shop")
    save = {"id": "shop", "suite": {"gate": "block", "cases": [case]}, "revision": saved["revision"]}
    return "agent", "shop", lambda: suites.save_suite(studio, **save)


@pytest.mark.parametrize("made", [rules, a_base, a_suite])
def test_a_dialog_that_saves_what_is_deleted_says_where_it_is_and_saves_once_it_is_back(studio, made):
    kind, id, save = made(studio)
    with pytest.raises(HongyanError) as why:
        save()
    assert "Recently deleted" in why.value.text.en
    deleted.bring_back(studio, OWNER, kind, id)
    save()


def test_a_chat_that_goes_on_in_another_tab_is_there_again_with_all_that_was_said(studio):
    add(studio)
    kept = KeptChats(studio.settings.data, "shop", OWNER.id)
    chat = kept.begin()
    kept.add(chat, new_turn("", [{"role": "user", "content": "在吗"}], 1.0))
    kept.delete(chat.id)
    kept.add(chat, new_turn(chat.tip, [{"role": "user", "content": "多少钱"}], 2.0))
    assert [turn.question for turn in kept.find(chat.id).path()] == ["在吗", "多少钱"]
    assert kept.deleted() == []


MEETING = """
const { meeting, putIn } = await import("EDITOR/static/tests/meeting.js");
const met = meeting(asked.before, asked.mine, asked.now);
const put = met && putIn({ cases: asked.now }, met.one).cases;
console.log(JSON.stringify(put && put.map(({ id, says }) => id + says)));
"""
A, B = {"id": "case-1", "says": "a"}, {"id": "case-2", "says": "b"}
MINE, NEW = {**A, "says": "mine"}, {"id": "case-2", "says": "new"}


@pytest.mark.parametrize(
    ("before", "mine", "now", "put"),
    [
        ([A], MINE, [A, B], ["case-1mine", "case-2b"]),
        ([A, B], MINE, [B], ["case-2b", "case-1mine"]),
        ([A], NEW, [A, B], ["case-1a", "case-2b", "case-3new"]),
        ([A], MINE, [{**A, "says": "theirs"}], None),
    ],
    ids=["another was added", "it was deleted", "both are new", "both changed it"],
)
def test_a_test_goes_among_those_that_another_tab_saved(tmp_path, before, mine, now, put):
    assert told(tmp_path, MEETING, {"before": before, "mine": mine, "now": now}) == put
