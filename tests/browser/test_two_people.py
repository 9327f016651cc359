"""Two people at one agent, one of them with the network cut: they see each other, and neither loses work."""

import json

import pytest
from playwright.sync_api import expect

BUILD = "/build?agent=shop"
MORE = {"type": "reply", "id": "more", "title": "再说一句", "text": "嗯"}


def saved(agents):
    return json.loads((agents / "shop.json").read_text("utf-8"))


def ready(page):
    page.goto(BUILD)
    expect(page.get_by_test_id("block-say")).to_be_visible()


def write(page, block, text):
    page.get_by_test_id(f"block-{block}").locator(".fe-main").click()
    page.get_by_test_id("field-text").locator("textarea, [contenteditable]").first.fill(text)


@pytest.fixture
def second(browser, site, login):
    """A window that may complain: a request that fails is always on the console."""
    context = browser.new_context(base_url=site, locale="zh-CN", storage_state=login, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_two_windows_see_each_other_and_both_keep_their_work_also_when_one_is_cut_off(page, second, agents):
    data = saved(agents)
    (agents / "shop.json").write_text(json.dumps({**data, "flow": [*data["flow"], MORE]}), encoding="utf-8")
    first = page
    ready(first)
    ready(second)
    first.get_by_test_id("block-say").locator(".fe-main").click()
    expect(second.get_by_test_id("others")).to_contain_text("主人 在改「回答」")
    expect(second.get_by_test_id("block-say").get_by_test_id("here")).to_have_text("主人")
    expect(second.get_by_test_id("here")).to_have_count(1)

    # what one saves comes to the other by itself, who goes on where they are
    second.get_by_test_id("block-more").locator(".fe-main").click()
    first.get_by_test_id("title").fill("打招呼")
    expect(second.get_by_test_id("block-say")).to_contain_text("打招呼")
    expect(second.get_by_test_id("title")).to_have_value("再说一句")

    # different blocks, while the second is cut off: both are there
    second.context.set_offline(True)
    write(second, "more", "断网时写的")
    expect(second.get_by_test_id("saved")).to_contain_text("未保存")
    write(first, "say", "同时写的")
    expect(first.get_by_test_id("saved")).to_contain_text("已自动保存")
    second.context.set_offline(False)
    expect(second.get_by_test_id("saved")).to_contain_text("已自动保存")
    expect(first.get_by_test_id("block-more")).to_contain_text("断网时写的")
    assert [block["text"] for block in saved(agents)["flow"]] == ["同时写的", "断网时写的"]

    # whoever goes is not there any more, without a wait
    first.goto("about:blank")
    expect(second.get_by_test_id("here")).to_have_count(0, timeout=6000)
    ready(first)

    # whoever reloads is not their own second person
    first.reload()
    expect(first.get_by_test_id("others")).to_contain_text("主人")
    expect(first.get_by_test_id("others").get_by_role("button")).to_have_count(1)

    # the same field: both texts, and one is chosen
    second.context.set_offline(True)
    write(second, "say", "第二个人的话")
    expect(second.get_by_test_id("saved")).to_contain_text("未保存")
    write(first, "say", "第一个人的话")
    expect(first.get_by_test_id("saved")).to_contain_text("已自动保存")
    second.context.set_offline(False)
    clashes = second.get_by_test_id("clashes")
    expect(clashes).to_contain_text("第二个人的话")
    expect(clashes).to_contain_text("第一个人的话")
    assert saved(agents)["flow"][0]["text"] == "第一个人的话"
    clashes.get_by_test_id("clash-mine").check()
    clashes.get_by_test_id("clash-take").click()
    expect(clashes).to_have_count(0)
    expect(second.get_by_test_id("saved")).to_contain_text("已自动保存")
    assert saved(agents)["flow"][0]["text"] == "第二个人的话"
