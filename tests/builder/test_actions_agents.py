"""The gallery's clicks."""

import asyncio
import base64
import io
import json
import sqlite3
from contextlib import closing

import pytest
from builder_world import ACCOUNT, SAY, add

from builder.actions import agents, build, importing, publish
from builder.actions.starters import groups
from runtime.access.actor import OWNER
from runtime.errors import BadAgent, NotFound
from runtime.message import Message
from runtime.store.messages.messages import Messages
from runtime.store.messages.restored import hold


def starters(studio):
    return [starter for group in groups(studio) for starter in group["starters"]]


def cards(studio):
    return {card["id"]: card for card in agents.overview(studio, OWNER)["agents"]}


def test_a_new_home_offers_starters_and_says_that_no_model_is_set_up(studio):
    seen = agents.overview(studio, OWNER)
    assert (seen["agents"], seen["broken"], seen["model_ready"]) == ([], [], False)
    shown = [starter for group in seen["groups"] for starter in group["starters"]]
    assert all(starter["name"]["zh"] and starter["description"]["en"] for starter in shown)
    assert sorted(one["id"] for one in shown) == [one.id for one in studio.library.starters("zh")]
    suits = {one["id"]: one["suits"]["zh"] for one in shown}
    assert (suits["translator"], suits["weekly-report"]) == ("", "适合：企业微信群机器人")


def test_every_starter_becomes_an_agent(studio):
    for starter in starters(studio):
        made = agents.create(studio, "zh", starter["id"])
        assert studio.library.get(made["id"]).agent.name == starter["name"]["zh"]


def test_a_starter_becomes_an_agent_in_the_readers_language(studio):
    starter = starters(studio)[0]
    made = {lang: agents.create(studio, lang, starter["id"])["id"] for lang in ("zh", "en")}
    found = {lang: studio.library.get(id).agent for lang, id in made.items()}
    assert {lang: (agent.name, agent.language) for lang, agent in found.items()} == {
        lang: (starter["name"][lang], lang) for lang in found
    }
    assert starter["name"]["zh"] != starter["name"]["en"]


def test_a_blank_agent_takes_the_given_name(studio):
    made = agents.create(studio, "zh", "", "我的店")
    assert studio.library.get(made["id"]).agent.name == "我的店"


def test_a_card_tells_whether_what_is_live_is_what_one_sees(studio):
    revision = add(studio)
    assert cards(studio)["shop"]["published"] is False
    publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT)
    assert (cards(studio)["shop"]["version"], cards(studio)["shop"]["changed"]) == (1, False)
    edited = studio.library.get("shop").agent.model_copy(update={"description": "新"})
    studio.library.save(edited, revision)
    assert cards(studio)["shop"]["changed"] is True


def test_a_broken_file_is_shown_by_name_and_hides_nothing(studio):
    add(studio)
    (studio.library.folder / "torn.json").write_text('{"id": "torn"', encoding="utf-8")
    seen = agents.overview(studio, OWNER)
    assert [card["id"] for card in seen["agents"]] == ["shop"]
    assert seen["broken"][0]["name"] == "torn.json"
    assert "JSON" in seen["broken"][0]["reason"]["zh"]


def test_deleting_can_be_undone(studio):
    add(studio)
    token = agents.delete(studio, OWNER, "shop").undo["token"]
    assert cards(studio) == {}
    agents.restore(studio, token)
    assert list(cards(studio)) == ["shop"]


def test_a_broken_file_can_be_deleted(studio):
    add(studio)
    (studio.library.folder / "torn.json").write_text("{", encoding="utf-8")
    agents.delete(studio, OWNER, "torn")
    assert agents.overview(studio, OWNER)["broken"] == []


def brought_in(studio, text, name="", **more):
    return importing.bring(studio, io.BytesIO(text.encode() if isinstance(text, str) else text), name, **more)


def test_duplicate_and_rename_leave_the_original_alone(studio):
    add(studio)
    copy = agents.duplicate(studio, "shop").value["id"]
    agents.rename(studio, copy, "分店")
    assert {card["name"] for card in cards(studio).values()} == {"店", "分店"}


def test_an_exported_agent_can_be_imported_beside_itself(studio):
    add(studio)
    file = agents.export(studio, OWNER, "shop").value
    assert file["name"] == "shop.json"
    made = brought_in(studio, file["text"]).value["id"]
    assert made != "shop"
    assert studio.library.get(made).agent.flow == studio.library.get("shop").agent.flow


def test_what_a_foreign_agent_would_do_is_asked_for_and_allowed_once(studio):
    tool = {"type": "http_request", "method": "POST", "url": "https://api.example.com/x"}
    foreign = {"id": "far", "name": "远", "flow": [{"type": "tool", "id": "t", "tool": tool}, SAY]}
    brought = brought_in(studio, json.dumps(foreign)).value
    assert [one["power"] for one in brought["may"]] == ["changes"]
    assert studio.library.get("far").agent.withheld == ["changes"]
    allowed = agents.allow(studio, OWNER, "far", ["changes"]).value["may"]
    assert [(one["power"], one["allowed"]) for one in allowed] == [("changes", True)]
    assert studio.library.get("far").agent.withheld == []


def test_what_comes_along_with_a_foreign_agent_is_asked_for_with_it_and_no_agent_of_ours_is_meant(studio):
    tool = {"type": "http_request", "method": "POST", "url": "https://api.example.com/x"}
    tool["headers"] = {"Authorization": "{{ secret.erp }}"}
    inner = {"format": 1, "id": "in", "name": "内", "flow": [{"type": "tool", "id": "t", "tool": tool}, SAY]}
    add(studio)  # our own, called shop
    own = studio.library.get("shop").agent
    asks = [{"type": "agent", "id": f"a{i}", "agent": id} for i, id in enumerate(("in", "shop"))]
    foreign = {"id": "far", "name": "远", "flow": [*asks, SAY], "agents": {"in": inner}}
    brought = brought_in(studio, json.dumps(foreign)).value
    key = "secret:erp@api.example.com"
    assert [one["power"] for one in brought["may"]] == ["changes", key]
    assert [one["name"] for one in brought["secrets"]] == ["erp"]
    assert (inside := studio.library.get("in").agent).withheld == ["changes"]
    assert (inside.holds, studio.library.get("far").agent.holds) == ([], [])
    assert [block.agent for block in studio.library.get("far").agent.flow[:2]] == ["in", "shop-2"]
    allowed = agents.allow(studio, OWNER, "far", ["changes", key, "secret:erp@evil.example"]).value["may"]
    assert [(one["power"], one["allowed"]) for one in allowed] == [("changes", True), (key, True)]
    assert (inside := studio.library.get("in").agent).withheld == []
    assert (inside.holds, studio.library.get("far").agent.holds) == ([key], [])  # each what it names itself
    assert studio.library.get("shop").agent == own


POEM = "---\nname: poet\ndescription: rhymes\n---\nYou rhyme. Run scripts/rhyme.py\n"


def test_what_became_of_a_foreign_file_is_kept_until_it_is_read(studio):
    looked = importing.look_at(studio, io.BytesIO(POEM.encode()), "SKILL.md")
    assert (looked["product"], looked["counts"]["became"], len(cards(studio))) == (
        "SKILL.md / AGENTS.md",
        1,
        0,
    )
    files = {"poet/SKILL.md": POEM, "poet/scripts/rhyme.py": "print()"}
    folder = json.dumps({name: base64.b64encode(text.encode()).decode() for name, text in files.items()})
    made = brought_in(studio, folder, "poet", folder=True).value
    report = importing.report(studio, made["id"])
    assert {row["title"] for row in report["rows"] if row["state"] == "lost"} == {
        "poet",
        "poet/scripts/rhyme.py",
    }
    importing.drop_report(studio, made["id"])
    assert importing.report(studio, made["id"]) == {**report, "read": True}
    with pytest.raises(BadAgent):
        brought_in(studio, "[]", "poet", folder=True)


def test_a_bad_import_names_the_field(studio):
    bad = json.dumps({"id": "a", "name": "甲", "flow": [{**SAY, "colour": "red"}]})
    with pytest.raises(BadAgent) as caught:
        brought_in(studio, bad)
    assert caught.value.field == "flow.0.colour"


def test_a_draft_that_cannot_be_saved_is_told_on_the_card(studio):
    revision = add(studio)
    studio.library.keep_draft("shop", {"name": ""}, revision)
    assert cards(studio)["shop"]["draft"] is True


def test_an_unknown_agent_is_not_found(studio):
    with pytest.raises(NotFound):
        agents.export(studio, OWNER, "../secret")


@pytest.fixture
def restored(studio):
    """One unfinished message in a copied folder."""
    path = studio.settings.data / "messages.db"
    messages = Messages(path)
    asyncio.run(messages.accept("p", Message("m1", "u1", "问"), 1))
    messages.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("begin")
        hold(db)
        db.execute("commit")


@pytest.mark.parametrize(("act", "state"), [(agents.release, "accepted"), (agents.drop, "abandoned")])
def test_what_a_restore_holds_back_is_told_and_the_owner_chooses(studio, restored, act, state):
    assert agents.overview(studio, OWNER)["restored"] == 1
    assert act(studio).ok
    assert agents.overview(studio, OWNER)["restored"] == 0
    with closing(sqlite3.connect(studio.settings.data / "messages.db")) as db:
        assert db.execute("select state from messages").fetchall() == [(state,)]


def test_nothing_is_said_where_nothing_was_restored(studio):
    assert agents.overview(studio, OWNER)["restored"] == 0


def test_pages_agree_on_what_is_changed_where_an_agent_answers_in_two_places(studio):
    add(studio)
    publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT)
    publish.go_live(studio, OWNER, "shop", "api", {})
    file = studio.library.get("shop")
    studio.library.save(file.agent.model_copy(update={"description": "新"}), file.revision)
    publish.go_live(studio, OWNER, "shop", "api", {})
    (card,) = agents.overview(studio, OWNER)["agents"]
    opened = build.open_agent(studio, "shop")
    assert (card["version"], card["changed"]) == (opened["version"], opened["changed"]) == (2, True)


def test_a_file_with_a_key_is_exported_with_a_warning(studio):
    add(studio, {**SAY, "text": "密钥是 a1b2c3d4e5f6"})
    assert agents.export(studio, OWNER, "shop").text is not None
    add(studio, SAY, id="other")
    assert agents.export(studio, OWNER, "other").text is None
