"""From a file to an answer with its source: the bases' page and an agent that looks there."""

import json

import pytest
from playwright.sync_api import expect

POLICY = "# 售后政策\n## 退货\n七天内可以退货，拆封后不支持退货。\n## 保修\n茶具保修一年。\n"


@pytest.fixture
def policy(tmp_path):
    file = tmp_path / "售后政策.md"
    file.write_text(POLICY, encoding="utf-8")
    return file


def test_a_file_that_is_given_is_read_found_corrected_and_answered_from(page, agents, policy):
    page.goto("/bases")
    page.get_by_test_id("new-base").click()
    page.get_by_test_id("base-name").fill("After Sales")
    page.get_by_test_id("base-create").click()
    page.wait_for_url("**/bases?base=after-sales")
    page.get_by_test_id("source-files").set_input_files([policy])
    expect(page.get_by_text("可以查了")).to_be_visible(timeout=40_000)
    page.get_by_test_id("look").click()
    dialog = page.get_by_test_id("passages-dialog")
    expect(dialog.locator(".hy-passage")).to_have_count(2)
    dialog.get_by_test_id("passage-edit").last.click()
    dialog.get_by_test_id("passage-text").fill("茶具保修两年。")
    dialog.get_by_test_id("passage-save").click()
    expect(dialog.get_by_text("改过")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("tab-ask").click()
    page.get_by_test_id("question").fill("茶具保修多久？")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("hit").first).to_contain_text("茶具保修两年。")
    page.get_by_test_id("tab-measure").click()
    page.get_by_test_id("measure-questions").fill("问题,期望\n拆封了能退吗,七天内")
    page.get_by_test_id("measure").click()
    expect(page.locator(".hy-figures")).to_contain_text("1.00")
    docs = {"type": "knowledge", "id": "docs", "bases": ["after-sales"]}
    say = {"type": "reply", "id": "say", "text": "{{ docs.text }} 出处：{{ docs.sources }}"}
    shop = {"format": 1, "id": "shop", "name": "茶铺", "flow": [docs, say]}
    (agents / "shop.json").write_text(json.dumps(shop, ensure_ascii=False), encoding="utf-8")
    page.goto("/play?agent=shop")
    box = page.get_by_role("textbox").first
    box.fill("茶具保修多久？")
    box.press("Enter")
    expect(page.locator(".hy-phone, .hy-panel-phone").first).to_contain_text("售后政策.md")
    page.goto("/bases?base=after-sales")
    page.get_by_test_id("base-settings").click()
    page.get_by_test_id("base-remove").click()
    page.wait_for_url("**/bases")
    expect(page.get_by_text("还没有资料库")).to_be_visible()
    page.get_by_test_id("toast-action").click()
    expect(page.get_by_test_id("base-after-sales")).to_be_visible()
    page.goto("/bases?base=after-sales")
    page.get_by_test_id("base-settings").click()
    page.get_by_test_id("base-remove").click()
    page.wait_for_url("**/bases")
    expect(page.get_by_test_id("base-after-sales")).to_have_count(0)
