"""A prompt template from its first word to a model block, as a person makes it."""

import json
import shutil

import pytest
from playwright.sync_api import expect

SHOP = {
    "format": 1,
    "id": "shop",
    "name": "茶铺",
    "variables": [{"name": "shop", "title": "店名", "default": "一叶茶铺"}],
    "flow": [
        {"type": "model", "id": "answer", "title": "回答", "prompt": {"text": "你是{{ shop }}的店员。"}}
    ],
}


@pytest.fixture
def none(home):
    yield
    for folder in (home / "prompts", home / "data" / "prompts"):
        shutil.rmtree(folder, ignore_errors=True)


def test_a_template_is_written_tried_improved_used_and_had_again(page, agents, none, home):
    (agents / "shop.json").write_text(json.dumps(SHOP), encoding="utf-8")
    page.goto("/build?agent=shop")
    page.locator(".fe-card").first.click()
    page.get_by_test_id("prompt_keep").click()
    page.get_by_test_id("keep-template-title").fill("Clerk")
    page.get_by_test_id("keep-template-do").click()
    expect(page.get_by_test_id("template")).to_have_value("clerk")
    expect(page.get_by_test_id("saved")).to_have_class("hy-saved saved")
    kept = json.loads((agents / "shop.json").read_text("utf-8"))["flow"][0]["prompt"]
    assert kept == {"template": "clerk", "values": {"shop": "{{ shop }}"}}

    page.goto("/prompts")
    line = page.get_by_test_id("prompt-clerk")
    expect(line).to_contain_text("茶铺")
    line.get_by_role("link").click()
    expect(page.get_by_test_id("prompt-users")).to_contain_text("茶铺")
    text = page.get_by_test_id("zh-text")
    text.fill("你是\n{{ shop 的店员。")
    page.get_by_test_id("go-to-line").click()
    assert (
        text.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
        == "{{ shop 的店员。"
    )
    text.fill("你是{{ shop }}的店员。")
    page.get_by_test_id("sample-shop").fill("<b>青山</b>")
    expect(page.get_by_test_id("zh-made")).to_have_text("你是<b>青山</b>的店员。")

    page.get_by_test_id("better-zh").click()
    page.get_by_test_id("better-ask").click()
    expect(page.get_by_test_id("better-difference").locator("ins")).to_contain_text("不编造")
    page.get_by_test_id("better-accept").click()
    expect(text).to_have_value(text.input_value())
    page.keyboard.press("Control+s")
    expect(page.get_by_test_id("prompt-save")).to_be_disabled()
    assert "不编造" in (home / "prompts" / "clerk.zh.j2").read_text("utf-8")
    page.get_by_test_id("prompt-versions").click()
    page.get_by_test_id("version-take").last.click()
    expect(text).to_have_value("你是{{ shop }}的店员。")
    page.get_by_test_id("prompt-save").click()
    expect(page.get_by_test_id("prompt-save")).to_be_disabled()

    page.goto("/prompts")
    page.get_by_test_id("prompt-clerk").get_by_test_id("prompt-more").click()
    page.get_by_test_id("prompt-remove").click()
    page.get_by_test_id("confirm").click()
    page.get_by_test_id("toast-action").click()
    expect(page.get_by_test_id("prompt-clerk")).to_be_visible()
    page.get_by_test_id("prompt-clerk").get_by_role("link").click()
    expect(page.get_by_test_id("sample-shop")).to_have_value("<b>青山</b>")
