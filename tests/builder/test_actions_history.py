"""Versions of an agent: kept along the way and published, seen with what they held, noted, brought back."""

import json

import pytest
from builder_world import ACCOUNT, SAY, add

from builder.actions import build, earlier, history, publish
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.agents.history import LONGEST_NOTE, MOST, TOGETHER, History
from runtime.errors import BadAgent, NotFound

MORE = {"type": "reply", "id": "more", "title": "再说一句", "text": "嗯"}


def edited(studio, **changes):
    return {**studio.library.open("shop").data, **changes}


def save(studio, **changes):
    opened = build.open_agent(studio, "shop")
    return build.save(studio, OWNER, "shop", {**opened["data"], **changes}, opened["revision"]).value


def test_what_was_there_before_the_first_change_can_be_had_again(studio):
    add(studio)
    before = build.open_agent(studio, "shop")["data"]
    save(studio, description="新")
    newest, first = history.versions(studio, "shop")
    assert newest["held"]["settings"] == ["description"]
    assert history.version(studio, OWNER, "shop", first["key"])["data"] == before


def test_a_version_tells_what_is_new_gone_and_changed_in_it(studio):
    add(studio, {**SAY, "id": "old"}, SAY)
    save(studio, flow=[{**SAY, "text": "改了"}, MORE])
    held = history.versions(studio, "shop")[0]["held"]
    names = {key: [block["id"] for block in held[key]] for key in ("blocks", "added", "removed", "changed")}
    assert names == {"blocks": ["say", "more"], "added": ["more"], "removed": ["old"], "changed": ["say"]}


def test_a_change_inside_a_branch_is_that_blocks_and_not_the_branchs(studio):
    def branch(text):
        case = {"title": "甲", "when": "true", "flow": [{**SAY, "id": "in", "text": text}]}
        return {"type": "branch", "id": "fork", "cases": [case], "otherwise": [SAY]}

    held = history.held({"flow": [branch("b")]}, {"flow": [branch("a")]})
    assert [block["id"] for block in held["changed"]] == ["in"]


def test_a_draft_that_does_not_validate_is_a_version_too(studio):
    add(studio)
    save(studio, name="", description="写到一半")
    newest = history.versions(studio, "shop")[0]
    assert history.version(studio, OWNER, "shop", newest["key"])["data"]["description"] == "写到一半"


def test_what_was_published_is_listed_with_where_and_whether_it_answers(studio):
    add(studio)
    publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT, "开张")
    (one,) = [one for one in history.versions(studio, "shop") if one["kind"] == "published"]
    assert (one["number"], one["note"], one["live"]) == (1, "开张", True)
    history.annotate(studio, OWNER, "shop", one["key"], "开张那天")
    assert history.versions(studio, "shop")[0]["note"] == "开张那天"


def test_a_version_is_kept_under_a_note_and_the_note_can_be_changed(studio):
    add(studio)
    history.keep_version(studio, OWNER, "shop", edited(studio), "换提示词之前")
    (one,) = history.versions(studio, "shop")
    history.annotate(studio, OWNER, "shop", one["key"], "更早")
    assert history.versions(studio, "shop")[0]["note"] == "更早"


def test_what_is_edited_changes_nothing_live_and_any_version_answers_again_where_it_is_wished(studio):
    """A walk: published on two surfaces, edited, looked at, taken back here and published anew there."""
    add(studio, {**SAY, "text": "一"})
    first = publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT, "开张").value["publication"]
    other = publish.go_live(studio, OWNER, "shop", "api", {}).value["publication"]

    def live(publication):
        known = studio.control.publication(publication)
        return known.version, studio.control.frozen_agent(publication, known.version)["flow"][0]["text"]

    save(studio, flow=[{**SAY, "text": "二"}])
    save(studio, flow=[{**SAY, "text": ""}], name="")  # a draft that is no agent yet
    assert (live(first), live(other)) == ((1, "一"), (1, "一"))

    save(studio, flow=[{**SAY, "text": "三"}], name="茶铺")
    publish.go_live(studio, OWNER, "shop", "wechat", {}, publication=first)
    assert (live(first), live(other)) == ((2, "三"), (1, "一"))
    opening = next(one for one in history.versions(studio, "shop") if one["note"] == "开张")
    assert (opening["by"], opening["live"]) == (OWNER.id, False)
    assert earlier.agent_of(studio, "shop", opening["key"]).flow[0].text == "一"
    assert earlier.about(studio, "shop", opening["key"])["number"] == 1

    earlier.publish_again(studio, OWNER, "shop", opening["key"], first)
    assert live(first) == (1, "一")  # the very same version
    newest = next(one for one in history.versions(studio, "shop") if one["key"] == f"{first}.2")
    earlier.publish_again(studio, OWNER, "shop", newest["key"], other)
    assert live(other) == (2, "三")
    assert studio.library.get("shop").agent.flow[0].text == "三"
    assert {(one["id"], one["version"]) for one in history.published_on(studio, "shop")} == {
        (first, 1),
        (other, 2),
    }
    named = {one["id"]: one["where"]["en"] for one in history.published_on(studio, "shop")}
    assert named[first] == newest["where"]["en"] == f"WeChat Official Account {ACCOUNT['app_id']}"
    for key, place in ((newest["key"], "nowhere"), ("nobody.1", first)):
        with pytest.raises(NotFound):
            earlier.publish_again(studio, OWNER, "shop", key, place)


@pytest.mark.parametrize("note", ["", "  ", "长" * (LONGEST_NOTE + 1)])
def test_a_note_that_is_empty_or_too_long_is_refused_at_its_field(studio, note):
    add(studio)
    with pytest.raises(BadAgent) as caught:
        history.keep_version(studio, OWNER, "shop", edited(studio), note)
    assert caught.value.field == "note"


@pytest.mark.parametrize("key", ["", "1", "../../shop", "nobody.1", "0000000000000"])
def test_a_version_that_is_not_there_is_said_to_be_gone(studio, key):
    add(studio)
    with pytest.raises(NotFound):
        history.version(studio, OWNER, "shop", key)
    with pytest.raises(NotFound):
        history.annotate(studio, OWNER, "shop", key, "备注")


def test_what_is_saved_within_ten_minutes_is_one_version_and_a_note_stands_by_itself(tmp_path):
    kept = History(tmp_path)
    times = [("a", 0, ""), ("b", 60, ""), ("c", 120, "留"), ("d", 180, ""), ("e", 180 + TOGETHER, "")]
    for name, at, note in times:
        kept.keep("shop", {"name": name}, 1e9 + at, note)
    assert [state.data["name"] for state in kept.states("shop")] == ["e", "d", "c", "b"]


def test_another_block_is_another_step_however_soon_and_so_is_another_person(tmp_path):
    kept = History(tmp_path)
    say, more = SAY, {**MORE, "text": ""}
    steps = [
        ("", [say, more]),
        ("", [{**say, "text": "a"}, more]),
        ("", [{**say, "text": "ab"}, more]),
        ("", [{**say, "text": "ab"}, {**more, "text": "x"}]),
        ("", [{**say, "text": "ab"}, {**more, "text": "xy"}]),
        ("she", [{**say, "text": "ab"}, {**more, "text": "xyz"}]),
    ]
    for at, (by, flow) in enumerate(steps):
        kept.keep("shop", {"flow": flow}, 1e9 + at, alone=at == 0, by=by)
    texts = [[block["text"] for block in state.data["flow"]] for state in kept.states("shop")]
    assert texts == [["ab", "xyz"], ["ab", "xy"], ["ab", ""], ["好", ""]]


def test_the_oldest_without_a_note_go_first(tmp_path):
    kept = History(tmp_path)
    kept.keep("shop", {"n": -1}, 1e9, "第一天")
    for n in range(MOST + 5):
        kept.keep("shop", {"n": n}, 1e9 + (n + 1) * 2 * TOGETHER)
    numbers = [state.data["n"] for state in kept.states("shop")]
    assert (len(numbers), numbers[-2:]) == (MOST + 1, [5, -1])


def test_a_torn_file_hides_no_other_version(tmp_path):
    kept = History(tmp_path)
    kept.keep("shop", {"n": 1}, 1e9)
    (tmp_path / "shop" / "2000000000000.json").write_text("{", encoding="utf-8")
    assert [state.data["n"] for state in kept.states("shop")] == [1]


def test_every_page_says_the_same_of_what_is_live(studio):
    from builder.actions import agents

    add(studio)
    publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT)
    for changes, changed in (({}, False), ({"description": "新"}, True), ({"name": ""}, True)):
        said = save(studio, **changes)
        (card,) = agents.overview(studio, OWNER)["agents"]
        (live,) = publish.overview(studio, OWNER, "shop")["publications"]
        assert (said["changed"], card["changed"], live["changed"]) == (changed,) * 3


def test_a_new_agent_does_not_inherit_the_versions_of_a_deleted_one(studio):
    from builder.actions import agents

    id = agents.create(studio, "translator")["id"]
    opened = build.open_agent(studio, id)
    build.save(studio, OWNER, id, {**opened["data"], "description": "旧的"}, opened["revision"])
    token = agents.delete(studio, OWNER, id).undo["token"]
    assert agents.restore(studio, token).value["id"] == id
    assert len(history.versions(studio, id)) == 2
    (studio.library.folder / f"{id}.json").unlink()  # by hand: nobody was told
    assert agents.create(studio, "translator")["id"] == id
    assert history.versions(studio, id) == []


def test_of_the_agents_in_a_published_version_everybody_reads_those_that_are_theirs(studio):
    calls = {"type": "agent", "id": "ask", "agent": "bank"}
    add(studio, {"type": "reply", "id": "say", "text": "canary-one"}, id="bank")
    add(studio, calls, {"type": "reply", "id": "say", "text": "{{ ask.text }}"})
    publish.go_live(studio, OWNER, "shop", "api", {})
    bank = studio.library.get("bank")
    studio.library.save(bank.agent.model_copy(update={"description": "canary-two"}), bank.revision)
    publish.go_live(studio, OWNER, "shop", "api", {})
    keys = [one["key"] for one in history.versions(studio, "shop") if one["kind"] == "published"]
    for agents, reads in ((("shop",), False), (("shop", "bank"), True)):
        ann = Actor("ann", (), {Permission.AGENTS_VIEW: frozenset(agents)})
        told = [history.version(studio, ann, "shop", key) for key in keys]
        told.append(history.compare(studio, ann, "shop", *keys))
        assert ["canary" in json.dumps(one) for one in told] == [reads] * 3
