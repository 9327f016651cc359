"""Test sets as somebody with a mouse meets them: a chat becomes a test, one that fails is mended."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from flow_page import field
from forgetting import forget
from playwright.sync_api import expect

from runtime.message import Message
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.messages.message_json import dump

LINES = [{"says": "几点开门？", "checks": [{"type": "contains", "text": "九点"}]}]


@pytest.fixture
def suite(agents):
    """The shop has one test, which fails."""
    file = agents / "tests" / "shop.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"format": 1, "cases": [{"id": "hours", "title": "问时间", "lines": LINES}]}))
    shutil.rmtree(agents.parent / "data" / "tests" / "shop", ignore_errors=True)
    yield file
    file.unlink(missing_ok=True)


class Clicks:
    """Of one person on a page."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def __call__(self, id):
        self.page.get_by_test_id(id).click()
        self.count += 1


def test_a_failing_test_is_found_explained_mended_and_passes(page, suite):
    click = Clicks(page)
    page.goto("/publish?agent=shop")
    expect(page.get_by_text("1 个测试里有 1 个还没在现在的内容上运行过（问时间）。")).to_be_visible()
    click("to-tests")
    click("run-all")
    expect(page.get_by_test_id("case-hours")).to_contain_text("没通过")
    outcome = page.get_by_test_id("outcome-hours")
    expect(outcome).to_contain_text("应当： 回答里有 · 「九点」")
    expect(outcome).to_contain_text("实际： 回答是：**一叶茶铺**：几点开门？")
    click("mend-case")
    field(page, "text").get_by_role("textbox").fill("九点开门。")
    click.count += 1
    expect(page.get_by_test_id("saved")).to_contain_text("已自动保存")
    click("nav-tests")
    click("run-all")
    expect(page.get_by_test_id("case-hours")).to_contain_text("这次好了")
    click("nav-publish")
    expect(page.locator(".hy-channels")).to_be_visible()
    expect(page.get_by_test_id("to-tests")).to_have_count(0)
    assert click.count <= 8


def test_a_chat_becomes_a_test_that_is_looked_over_changed_and_brought_back(page, suite):
    page.goto("/play?agent=shop")
    page.locator("#ask textarea").fill("有什么茶？")
    page.keyboard.press("Enter")
    page.get_by_test_id("keep-test").click()
    page.get_by_test_id("toast-action").click()
    dialog = page.get_by_test_id("case-dialog")
    expect(dialog.get_by_test_id("says-0")).to_have_value("有什么茶？")
    dialog.get_by_test_id("add-check").click()
    page.get_by_test_id("check-within").click()
    dialog.locator("[data-field=seconds] input").fill("0")
    dialog.get_by_test_id("save-case").click()
    expect(dialog.get_by_text("应大于 0").first).to_be_visible()
    dialog.locator("[data-field=seconds] input").fill("60")
    menu = {"name": "茶单.txt", "mimeType": "text/plain", "buffer": b"88"}
    dialog.get_by_test_id("file-0").set_input_files(menu)
    expect(dialog.get_by_text("茶单.txt")).to_be_visible()
    dialog.get_by_test_id("save-case").click()
    expect(dialog).to_have_count(0)
    kept = json.loads(suite.read_text("utf-8"))["cases"][1]["lines"][0]
    assert kept["files"] == ["茶单.txt"]
    assert [one["type"] for one in kept["checks"]] == ["contains", "within"]
    page.get_by_test_id("run-case-2").click()
    expect(page.get_by_test_id("case-case-2")).to_contain_text("通过")
    page.get_by_test_id("more-case-2").click()
    page.get_by_test_id("case-delete").click()
    expect(page.get_by_test_id("case-case-2")).to_have_count(0)
    page.get_by_test_id("toast-action").click()
    expect(page.get_by_test_id("case-case-2")).to_be_visible()


def test_what_no_rule_knew_for_a_name_is_replaced_by_a_click_before_the_talk_is_kept(page, suite):
    home = suite.parent.parent.parent
    control = Control.in_folder(home / "data")
    shop = json.loads((home / "agents" / "shop.json").read_text("utf-8"))
    control.save_publication(Publication(id="talked", agent="shop", channel="api", version=1, created_at=1))
    control.freeze("talked", shop)
    with closing(sqlite3.connect(home / "data" / "messages.db")) as db, db:
        row = {
            "publication": "talked",
            "sender": "o-9",
            "key": "talked-1",
            "kind": "text",
            "text": "丫丫要靠窗",
        }
        row |= {"message": dump(Message("1", "o-9", "丫丫要靠窗")), "state": "delivered", "accepted_at": 1.0}
        row |= {"version": 1, "reply": "给丫丫留好了。", "failure": "", "finished_at": 2.0, "trace": "[]"}
        marks = ",".join("?" * len(row))
        seq = db.execute(f"insert into messages({','.join(row)}) values({marks})", [*row.values()]).lastrowid
    page.goto(f"/tests?agent=shop&talk={seq}")
    said = page.get_by_test_id("talk-text")
    expect(said).to_contain_text("丫丫要靠窗")
    page.get_by_test_id("talk-word").fill("丫丫")
    page.get_by_test_id("replace-too").click()
    expect(page.get_by_test_id("replaced")).to_contain_text("丫丫")
    expect(said).not_to_contain_text("丫丫")
    page.get_by_test_id("keep-talk").click()
    expect(page.get_by_test_id("talk-dialog")).to_have_count(0)
    kept = suite.read_text("utf-8")
    assert "靠窗" in kept
    assert "丫丫" not in kept
    forget(home, "publications")
