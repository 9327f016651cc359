"""The menu editor, with a platform that takes what fits and refuses the rest."""

import json
from dataclasses import asdict

import pytest
from playwright.sync_api import expect
from test_publish import PUBLISH, fill

from runtime.channels import Button, checked_menu, registry
from runtime.channels._menu import Whom
from runtime.errors import BadSettings

KIND = registry()["wechat"].Management
SCHEMA = Button.model_json_schema() | {"whom": Whom.model_json_schema()}


@pytest.fixture
def page(window):
    return window(own=True)


@pytest.fixture
def shown(page, clean):
    """Menus that the platform was given."""
    menus = []

    def answer(route):
        asked = json.loads(route.request.post_data)
        if asked["action"] == "menu":
            why = KIND.why_no_menu.by_language()
            about = {"limits": asdict(KIND.menu_limits), "schema": SCHEMA, "why": why}
            buttons = menus[-1] if menus else []
            value = {
                **about,
                "forbidden": None,
                "buttons": buttons,
                "shown": True,
                "left_out": [],
                "answers": {},
                "others": [],
            }
            return route.fulfill(json={"ok": True, "value": value})
        if asked["action"] != "put_menu":
            return route.fallback()
        try:
            checked_menu({"buttons": asked["args"]["buttons"]}, KIND.menu_limits)
        except BadSettings as e:
            return route.fulfill(json={"ok": False, "text": e.text.by_language(), "field": e.field})
        menus.append(asked["args"]["buttons"])
        return route.fulfill(json={"ok": True, "text": {"zh": "菜单已发布", "en": "published"}})

    page.route("**/click/publish", answer)
    page.goto(PUBLISH)
    fill(page)
    page.get_by_test_id("menu-card").locator("summary").click()
    return menus


def test_a_menu_is_composed_on_the_phone_and_what_is_wrong_is_told_at_its_button(page, shown):
    form = page.get_by_test_id("menu-button")
    page.get_by_test_id("menu-add").click()
    form.get_by_label("按钮名称").fill("问AI")
    form.get_by_label("发给智能体的话").fill("你好")
    expect(page.get_by_test_id("menu-phone")).to_contain_text("你好")
    page.get_by_test_id("menu-add").click()
    form.get_by_label("按钮名称").fill("更多服务")
    page.get_by_test_id("menu-add-below").click()
    form.get_by_label("按钮名称").fill("官网")
    form.get_by_label("点了之后").select_option("view")
    page.get_by_test_id("menu-0").click()
    page.get_by_test_id("menu-publish").click()
    expect(form.locator("[data-field=url] .wrong")).to_contain_text("https://")
    expect(page.get_by_test_id("menu-1-0")).to_have_attribute("aria-pressed", "true")
    form.get_by_label("网页地址").fill("https://example.cn/")
    page.get_by_test_id("menu-publish").click()
    expect(page.get_by_text("菜单已发布")).to_be_visible()
    [first, second] = shown[-1]
    assert (first["name"], first["kind"], first["key"]) == ("问AI", "click", "你好")
    assert [one["url"] for one in second["buttons"]] == ["https://example.cn/"]
