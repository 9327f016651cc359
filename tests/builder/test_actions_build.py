"""Opening, saving, and what happens when two windows edit the same agent."""

import json

import pytest
from builder_world import ACCOUNT, ASK, SAY, add

from builder.actions import build, models, publish
from runtime.access.actor import OWNER
from runtime.errors import Conflict


def edited(studio, **changes):
    return {**studio.library.open("shop").data, **changes}


def test_what_validates_is_saved_under_a_new_revision(studio):
    revision = add(studio)
    said = build.save(studio, OWNER, "shop", edited(studio, name="新店"), revision).value
    assert said["saved"]
    assert said["revision"] != revision
    assert studio.library.get("shop").agent.name == "新店"


def test_what_does_not_validate_is_kept_as_a_draft_and_says_why(studio):
    revision = add(studio)
    said = build.save(studio, OWNER, "shop", edited(studio, name=""), revision).value
    assert not said["saved"]
    assert said["revision"].startswith(f"{revision}.")
    assert said["reason"]["zh"].startswith("name：")
    assert studio.library.get("shop").agent.name == "店"
    assert build.open_agent(studio, "shop")["data"]["name"] == ""


def test_a_corrected_draft_is_saved_and_gone(studio):
    revision = add(studio)
    build.save(studio, OWNER, "shop", edited(studio, name=""), revision)
    assert build.save(studio, OWNER, "shop", edited(studio, name="好店"), revision).value["saved"]
    assert build.open_agent(studio, "shop")["draft"] is False


def test_the_second_of_two_windows_is_told_and_writes_nothing(studio):
    revision = add(studio)
    build.save(studio, OWNER, "shop", edited(studio, name="甲"), revision)
    with pytest.raises(Conflict):
        build.save(studio, OWNER, "shop", edited(studio, name="乙"), revision)
    assert studio.library.get("shop").agent.name == "甲"


def test_a_draft_of_another_window_is_not_overwritten_by_what_is_valid_or_not(studio):
    add(studio)
    started = build.open_agent(studio, "shop")["revision"]
    nameless = edited(studio, name="", description="甲")
    first = build.save(studio, OWNER, "shop", nameless, started).value["revision"]
    for name in ("", "乙"):
        with pytest.raises(Conflict):
            build.save(studio, OWNER, "shop", edited(studio, name=name), started)
    assert studio.library.open("shop").data["description"] == "甲"
    assert build.save(studio, OWNER, "shop", edited(studio, name="甲"), first).value["saved"]


@pytest.mark.parametrize("names", [["甲"], ["", "甲"], ["甲", ""], ["甲", "甲乙"]])
def test_what_arrived_without_the_page_hearing_of_it_is_no_conflict(studio, names):
    add(studio)
    opened = build.open_agent(studio, "shop")
    sent = [{**opened["data"], "name": name} for name in names]
    at = opened["revision"]
    for data in sent:
        at = build.save(studio, OWNER, "shop", data, at).value["revision"]  # whose answers are lost
    last = {**opened["data"], "name": "甲乙丙"}
    with pytest.raises(Conflict):
        build.save(studio, OWNER, "shop", last, opened["revision"])
    assert build.save(studio, OWNER, "shop", last, opened["revision"], sent).value["saved"]
    assert studio.library.get("shop").agent.name == "甲乙丙"


def test_the_second_window_may_overwrite(studio):
    revision = add(studio)
    build.save(studio, OWNER, "shop", edited(studio, name="甲"), revision)
    assert build.overwrite(studio, OWNER, "shop", edited(studio, name="乙")).value["saved"]
    assert studio.library.get("shop").agent.name == "乙"


def test_the_second_window_may_keep_a_copy(studio):
    revision = add(studio)
    build.save(studio, OWNER, "shop", edited(studio, name="甲"), revision)
    copy = build.keep_copy(studio, edited(studio, name="乙")).value["id"]
    assert studio.library.get("shop").agent.name == "甲"
    assert studio.library.get(copy).agent.name == "乙 我的改动"


def test_the_second_window_may_load_the_latest(studio):
    revision = add(studio)
    build.save(studio, OWNER, "shop", edited(studio, name=""), revision)
    assert build.reload(studio, "shop")["data"]["name"] == "店"
    assert build.open_agent(studio, "shop")["draft"] is False


def test_saving_tells_whether_what_is_live_is_older(studio):
    revision = add(studio)
    publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT)
    opened = build.open_agent(studio, "shop")
    assert (opened["version"], opened["changed"]) == (1, False)
    said = build.save(studio, OWNER, "shop", edited(studio, description="新"), revision).value
    assert (said["version"], said["changed"]) == (1, True)


def test_the_editor_is_offered_the_models_that_are_set_up(studio):
    models.set_up(studio, OWNER, name="ds", provider="deepseek", api_key="k" * 20, models=["deepseek-chat"])
    assert build.choices(studio, OWNER)["models"] == ["ds/deepseek-chat"]
    assert len(build.choices(studio, OWNER)["templates"]) >= 6


def test_the_editor_is_offered_the_publications_that_answer(studio):
    add(studio)
    assert build.choices(studio, OWNER)["publications"] == []
    at = publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT).value["publication"]
    assert build.choices(studio, OWNER, "en")["publications"] == [
        {"value": at, "title": f"WeChat Official Account · {at}"}
    ]


def test_pasted_json_is_checked_with_the_line_of_each_problem(studio):
    text = '{\n  "name": "店",\n  "flow": [\n    {"type": "reply", "id": "say"}\n  ]\n}'
    read = build.read_json(studio, text, "shop")
    assert read["data"]["name"] == "店"
    assert [(p["field"], p["line"]) for p in read["problems"]] == [("flow.0.text", 4)]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1, "a": 2}', '{"a": NaN}'])
def test_what_is_no_json_object_gives_no_data_and_one_reason(studio, text):
    read = build.read_json(studio, text, "shop")
    assert read["data"] is None
    assert len(read["problems"]) == 1


def test_problems_are_told_when_an_agent_is_opened(studio):
    add(studio, {**ASK, "input": "{{ nobody }}"}, SAY)
    assert [p["field"] for p in build.open_agent(studio, "shop")["problems"]] == [
        "flow.0.input",
        "flow.0.model",
    ]


def test_a_file_written_by_hand_stays_byte_for_byte_and_in_its_order_of_keys(studio):
    text = """{ "flow": [{"text": "好", "title": "", "id": "say",
          "type": "reply"}], "name": "店", "description": "",
  "id": "shop", "format": 1 }"""
    file = studio.settings.home / "agents" / "shop.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    opened = build.open_agent(studio, "shop")
    same = build.save(studio, OWNER, "shop", opened["data"], opened["revision"]).value
    assert same["saved"]
    assert file.read_text("utf-8") == text
    data = {**opened["data"], "name": "新店"}
    changed = build.save(studio, OWNER, "shop", data, same["revision"]).value
    assert list(json.loads(file.read_text("utf-8"))) == ["flow", "name", "description", "id", "format"]
    assert list(json.loads(file.read_text("utf-8"))["flow"][0]) == ["text", "title", "id", "type"]
    build.save(studio, OWNER, "shop", opened["data"], changed["revision"])
    assert json.loads(file.read_text("utf-8")) == json.loads(text)
