"""Every control of the chat has a name, in the page's language."""

import json
import re
import socket

import pytest
from playwright.sync_api import expect

from runtime.models.providers import Endpoint
from runtime.store.control.control import Control

CHINESE = re.compile("[\u4e00-\u9fff]")


def controls(page):
    """What a screen reader calls the buttons and boxes of the chat, tooltips with them."""
    snapshot = page.locator("#chat-column").aria_snapshot()
    named = re.findall(r'- (?:button|textbox|log)(?: "([^"]*)")?', snapshot)
    return [*named, *page.locator("#chat-column [title]").evaluate_all("all => all.map(one => one.title)")]


def say(agents, block):
    shop = json.loads((agents / "shop.json").read_text("utf-8"))
    (agents / "shop.json").write_text(json.dumps(shop | {"flow": [block]}), encoding="utf-8")


@pytest.fixture
def chat(window, agents):
    def open_chat(lang):
        say(agents, {"type": "reply", "id": "say", "title": "回答", "text": "**好**\n```\ncode\n```"})
        page = window(locale={"zh": "zh-CN", "en": "en-US"}[lang])
        page.goto(f"/lang/{lang}")
        page.goto("/play?agent=shop")
        page.locator("#ask textarea").fill("hello")
        page.keyboard.press("Enter")
        expect(page.locator("#chat strong")).to_have_text("好")
        expect(
            page.get_by_role("button", name={"zh": "发送", "en": "Send"}[lang], exact=True)
        ).to_be_visible()
        return page

    return open_chat


def test_in_chinese_no_name_is_english_or_missing(chat):
    page = chat("zh")
    expect(page.get_by_role("button", name="复制这条消息")).to_have_count(2)
    page.get_by_role("button", name="踩", exact=True).click()
    expect(page.get_by_role("button", name="已踩，再点收回")).to_be_visible()
    names = controls(page)
    assert {"发送", "消息", "对话", "复制", "复制整个对话", "重试"} <= set(names)
    assert [name for name in names if not CHINESE.search(name)] == []


def test_in_english_they_are_english(chat):
    page = chat("en")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()
    names = {name for name in controls(page) if "回答" not in name}  # the block's title is the owner's
    assert {"Send", "Message", "Chat", "Copy message", "Copy conversation"} <= names
    assert [name for name in names if not name or CHINESE.search(name)] == []


def test_the_stop_button_has_a_name_too(page, agents, home):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"http://127.0.0.1:{mute.getsockname()[1]}/v1"
        endpoint = {"name": "mute", "provider": "openai_compatible", "api_base": address, "api_key": "k"}
        Control.in_folder(home / "data").save_endpoint(Endpoint.model_validate(endpoint))
        say(agents, {"type": "model", "id": "answer", "model": "mute/m"})
        page.goto("/play?agent=shop")
        page.locator("#ask textarea").fill("hello")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="停止").click()
        expect(page.get_by_role("button", name="发送")).to_be_visible()
    Control.in_folder(home / "data").remove_endpoint("mute")


def test_a_copied_message_says_so_in_chinese(chat):
    page = chat("zh")
    page.get_by_role("button", name="复制这条消息").first.click()
    expect(page.get_by_role("button", name="已复制这条消息")).to_be_visible()
    expect(page.get_by_role("button", name="复制这条消息", exact=True)).to_have_count(2)
