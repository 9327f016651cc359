"""Recently deleted: what is there, who may have it back, what has its place by now, what is gone for good."""

import asyncio
import io

import pytest
from builder_world import SAY, add
from test_killed_deletions import KINDS, PAGES, do, lines, there

from builder.actions import bound, click, deleted
from builder.actions.bins import BINS
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.errors import Forbidden

BESIDE = ("agent", "prompt", "base", "source", "rules", "words")
"""Kinds that come back under another name where theirs is taken."""

OF_AN_AGENT = ("agent", "description", "chat")
"""Kinds that belong to one agent."""


def asked(studio, action, who=OWNER, **args):
    actions = bound(studio, *PAGES["deleted"])
    return asyncio.run(click(actions, {"action": action, "args": args}, who))


def gone(studio, kind):
    """One that was deleted, as the page shows it, and what was there before."""
    action, args = KINDS[kind](studio)
    before = there(studio)
    do(studio, action, args)
    (line,) = [one for one in lines(studio) if one["kind"] == kind]
    return line, before


def made_again(studio, kind):
    """Another one has its place."""
    if kind == "source":
        studio.bases.forget("tea", "a.txt")
        (studio.bases.folder("tea") / "sources" / "a.txt").write_text("another")
        studio.bases.tended("tea")
    elif kind == "agent":
        add(studio, {**SAY, "text": "another"})
    elif kind == "prompt":
        path = studio.settings.home / "prompts" / "hello.zh.j2"
        path.write_text('{# {"title": "another"} #}\nHi', "utf-8")
    else:
        KINDS[kind](studio)


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_what_it_was_when_and_by_whom_and_for_how_long_it_is_there(studio, kind):
    line, _ = gone(studio, kind)
    assert line["name"]
    assert (line["by"], line["left"]) == (OWNER.id, 30)
    assert line["within"] == {"source": "tea", "chat": "shop"}.get(kind, "")


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_not_delete_it_neither_sees_it_nor_has_it_back_nor_drops_it(studio, kind):
    line, _ = gone(studio, kind)
    (permission,) = [one.permission for one in BINS if one.kind == kind]
    other = Actor(OWNER.id, frozenset(Permission) - {permission})
    assert asked(studio, "overview", other)["value"]["lines"] == []
    for action in ("restore", "drop"):
        answer = asked(studio, action, other, kind=kind, token=line["token"])
        assert (answer["ok"], answer["code"]) == (False, permission.id)
    assert asked(studio, "empty", other, before=line["at"])["value"] in (None, {"n": 0})
    assert [one["kind"] for one in lines(studio)] == [kind]


@pytest.mark.parametrize("kind", OF_AN_AGENT)
def test_who_may_delete_on_chosen_agents_sees_what_was_of_these_and_nothing_else(studio, kind):
    """Calls it beneath the page's check: what that lets through is the same for each kind."""
    line, before = gone(studio, kind)
    (permission,) = [one.permission for one in BINS if one.kind == kind]
    rest = frozenset(Permission) - {permission}
    other, own = (Actor(OWNER.id, rest, {permission: frozenset({id})}) for id in ("other", "shop"))
    assert deleted.overview(studio, other)["lines"] == []
    assert deleted.empty(studio, other, line["at"]).value == {"n": 0}
    for act in (deleted.restore, deleted.drop):
        with pytest.raises(Forbidden):
            act(studio, other, kind, line["token"])
    assert [one["kind"] for one in deleted.overview(studio, own)["lines"]] == [kind]
    if kind == "agent":
        with pytest.raises(Forbidden):  # under another name it is an agent that nobody gave them
            deleted.restore(studio, own, kind, line["token"], renamed=True)
    deleted.restore(studio, own, kind, line["token"])
    assert there(studio) == before
    assert deleted.overview(studio, own)["lines"] == []


@pytest.mark.parametrize("kind", BESIDE)
def test_what_has_its_place_by_now_stays_and_it_comes_back_beside_it(studio, kind):
    line, _ = gone(studio, kind)
    made_again(studio, kind)
    now = there(studio)
    told = {"kind": kind, "token": line["token"]}
    answer = asked(studio, "restore", **told)
    assert (answer["ok"], answer["code"]) == (False, "Taken")
    assert there(studio) == now
    assert asked(studio, "restore", renamed=True, **told)["ok"]
    found = there(studio)
    for name, content in now[0].items():
        assert name.endswith(("base.json", "corrections.json", "routes.json")) or found[0][name] == content
    assert found != now
    assert lines(studio) == []


def test_a_copy_of_a_restored_agent_is_an_agent(studio):
    line, _ = gone(studio, "agent")
    add(studio, {**SAY, "text": "another"})
    asked(studio, "restore", kind="agent", token=line["token"], renamed=True)
    ids = {one.agent.id for one in studio.library.list().agents}
    assert ids == {"shop", "shop-2"}
    opened = studio.library.open("shop-2")
    assert (opened.data["id"], opened.is_draft, opened.file_changed) == ("shop-2", True, False)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_dropped_is_nowhere_any_more(studio, kind):
    line, _ = gone(studio, kind)
    assert asked(studio, "drop", kind=kind, token=line["token"])["ok"]
    assert lines(studio) == []
    for action in ("restore", "drop"):
        assert asked(studio, action, kind=kind, token=line["token"])["code"] == "NotFound"
    assert not list((studio.settings.data / "trash").rglob("*.kept"))


def test_emptied_is_what_the_page_showed_and_nothing_that_came_since(studio):
    seen, _ = gone(studio, "prompt")
    shown = lines(studio)[0]["at"]
    gone(studio, "agent")
    assert asked(studio, "empty", before=shown)["value"] == {"n": 1}
    assert [one["kind"] for one in lines(studio)] == ["agent"]
    assert seen["kind"] == "prompt"


def test_an_id_of_an_agent_that_is_gone_for_good_is_given_to_nobody(studio):
    line, _ = gone(studio, "agent")
    asked(studio, "drop", kind="agent", token=line["token"])
    assert studio.library.create("blank", "en", "shop").agent.id != "shop"


def test_what_was_deleted_before_there_was_a_list_is_on_it(studio):
    add(studio)
    path, trash = studio.library.folder / "shop.json", studio.settings.data / "trash"
    content = path.read_bytes()
    trash.mkdir(parents=True)
    path.rename(trash / f"shop.{'0' * 16}.json")
    (line,) = lines(studio)
    assert (line["kind"], line["id"]) == ("agent", "shop")
    asked(studio, "restore", kind="agent", token=line["token"])
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "token", ["", "../x", "0000000000000-0123456789abcdef", "shop.x", "../../agents/shop"]
)
@pytest.mark.parametrize("kind", [*KINDS, "nothing"])
def test_a_token_of_nothing_finds_nothing(studio, kind, token):
    add(studio)
    before = there(studio)
    for action in ("restore", "drop"):
        assert asked(studio, action, kind=kind, token=token)["code"] == "NotFound"
    assert there(studio) == before
    assert deleted.overview(studio, OWNER)["broken"] == []


def a_source_of_a_deleted_base(studio):
    """Their lines; by now another base has the id."""
    source, _ = gone(studio, "source")
    do(studio, "bases.delete", {"id": "tea"})
    (base,) = [one for one in lines(studio) if one["kind"] == "base"]
    studio.bases.create("tea", "另一个")
    return source, base


def files_of(studio, id):
    return [one.file for one in studio.bases.get(id).sources]


def test_a_source_comes_back_into_its_own_base_and_into_none_that_has_its_id_by_now(studio):
    source, base = a_source_of_a_deleted_base(studio)
    answer = asked(studio, "restore", kind="source", token=source["token"])
    assert (answer["ok"], answer["code"]) == (False, "Conflict")
    assert "茶" in answer["text"]["en"]
    asked(studio, "restore", kind="base", token=base["token"], renamed=True)
    assert asked(studio, "restore", kind="source", token=source["token"])["ok"]
    assert (files_of(studio, "tea"), files_of(studio, "tea-2")) == ([], ["a.txt", "b.txt"])


def test_what_was_deleted_from_the_base_that_has_the_id_by_now_comes_back_into_that(studio):
    a_source_of_a_deleted_base(studio)
    studio.bases.add("tea", io.BytesIO(b"three"), "c.txt")
    do(studio, "bases.remove", {"base": "tea", "source": "c.txt"})
    (mine,) = [one for one in lines(studio) if one["id"] == "c.txt"]
    assert asked(studio, "restore", kind="source", token=mine["token"])["ok"]
    assert files_of(studio, "tea") == ["c.txt"]


def test_with_a_base_goes_for_good_what_had_been_deleted_from_it(studio):
    _, base = a_source_of_a_deleted_base(studio)
    assert asked(studio, "drop", kind="base", token=base["token"])["ok"]
    assert lines(studio) == []


@pytest.mark.parametrize("kind", ["description", "chat"])
def test_what_belongs_to_a_deleted_agent_comes_back_after_that(studio, kind):
    line, _ = gone(studio, kind)
    token = studio.library.delete("shop")
    told = {"kind": kind, "token": line["token"]}
    answer = asked(studio, "restore", **told)
    assert (answer["ok"], answer["code"]) == (False, "Conflict")
    assert "shop" in answer["text"]["en"]
    studio.library.restore(token)
    assert asked(studio, "restore", **told)["ok"]
