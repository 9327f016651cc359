"""The first hour: the tour comes once and goes along, all is found by keys, and the bell tells."""

import json

import pytest
from forgetting import forget
from playwright.sync_api import expect

from tests.browser.conftest import SHOP
from tests.browser.test_phone_width import CUT_OFF


@pytest.fixture
def nothing_yet(home, agents):
    (agents / "shop.json").unlink()
    forget(home, "seen")
    return agents


def tour(page):
    return page.get_by_test_id("tour")


def test_a_newcomer_is_led_from_choosing_to_publishing_once(window, nothing_yet):
    page = window(viewport={"width": 390, "height": 844})
    page.goto("/")
    expect(tour(page)).to_contain_text("从最接近的模板开始")
    assert page.evaluate(CUT_OFF) == []
    page.get_by_test_id("tour-next").click()
    page.get_by_test_id("new-dialog").get_by_test_id("look-tea-shop").click()
    expect(page.get_by_test_id("starter-dialog").get_by_test_id("bubble-them").first).to_contain_text("9:00")
    page.get_by_test_id("starter-use").click()
    expect(page.locator(".fe-card").first).to_be_visible()
    expect(tour(page)).to_contain_text("像顾客一样问它一句")
    page.get_by_test_id("tour-next").click()
    expect(page.get_by_test_id("tour-done")).to_be_visible()
    page.get_by_test_id("tour-next").or_(page.get_by_test_id("tour-done")).focus()
    page.keyboard.press("Escape")
    expect(tour(page)).to_have_count(0)
    page.evaluate("sessionStorage.clear()")  # another day
    page.goto("/")
    expect(page.locator(".hy-agent")).to_be_visible()
    with page.expect_response(lambda r: "click/bar" in r.url):
        page.reload()
    expect(tour(page)).to_have_count(0)
    page.get_by_test_id("nav-more").click()
    page.get_by_role("menuitem", name="导览").click()
    expect(tour(page)).to_be_focused()


def test_everything_is_found_and_opened_by_keys_alone(window, agents):
    inside = [{"type": "reply", "id": "deep", "title": "退货的说法", "text": "七天内可以退"}]
    branch = {"type": "branch", "id": "b", "cases": [{"title": "退", "when": "true", "flow": inside}]}
    shop = {**SHOP, "flow": [branch]}
    (agents / "shop.json").write_text(json.dumps(shop, ensure_ascii=False), "utf-8")
    page = window()
    page.goto("/models")
    expect(page.locator("h1, h2").first).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_test_id("find")).to_be_focused()
    page.keyboard.type("七天 退")
    expect(page.get_by_test_id("found").first).to_contain_text("退货的说法")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("inspector")).to_contain_text("{{ deep.text }}")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("新建智能体")
    expect(page.get_by_test_id("found").first).to_contain_text("新建智能体")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("new-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("nav-bell").click()
    expect(page.get_by_test_id("bell-dialog")).to_be_visible()
