"""A surface from its tile to live, and what its owner does then: by callback, and over a connection."""

import json
import time
import urllib.parse
import urllib.request

from awaiting import until
from playwright.sync_api import expect

from runtime.simulator.wecom_bot.wire import Seal

PUBLISH = "/publish?agent=shop"
TILE = "channel-wecom_bot"


def shown(page, name):
    return page.get_by_test_id(f"copy-{name}").locator("code").inner_text()


class Console:
    """Where the owner enters at the platform what the page shows."""

    def __init__(self, page):
        self.url, self.seal = shown(page, "url"), Seal(shown(page, "token"), shown(page, "aes"))

    def save(self):
        """Whether the address is accepted."""
        return self._knock(self.seal.check("4711", time.time())) == b"4711"

    def write(self, id):
        body = {"msgid": id, "aibotid": "aib1", "chattype": "single", "from": {"userid": "zhangsan"}}
        told = {**body, "msgtype": "text", "text": {"content": "你好"}}
        answer = self.seal.open(self._knock(self.seal.knock(json.dumps(told), time.time())).decode())
        assert "stream" in answer

    def _knock(self, knock):
        url = f"{self.url}?{urllib.parse.urlencode(knock.query)}"
        with urllib.request.urlopen(url, knock.body or None, timeout=10) as response:
            return response.read()


def unfold(page):
    page.get_by_text("修改账号信息").click()


def test_by_callback_to_live_and_with_another_token_live_again(page, clean):
    page.goto(PUBLISH)
    page.get_by_test_id(TILE).click()
    expect(page.locator("[data-field=bot_id]")).to_be_visible()
    expect(page.get_by_test_id("public-url")).to_have_count(0)
    page.get_by_label("接入方式").select_option("webhook")
    expect(page.locator("[data-field=bot_id]")).to_have_count(0)
    expect(page.get_by_test_id("public-url")).to_be_visible()
    page.get_by_test_id("go-live").click()
    expect(page.get_by_test_id(TILE)).to_contain_text("等待验证")
    console = Console(page)
    assert console.save()
    expect(page.get_by_test_id(TILE)).to_contain_text("运行中 v1")
    console.write("M1")
    expect(page.get_by_test_id("live-state")).to_contain_text("工作正常")
    unfold(page)
    page.get_by_test_id("rotate-new").click()
    expect(page.get_by_test_id("live-state")).to_contain_text("旧的仍然有效")
    console.write("M2")
    assert (new := Console(page)).seal != console.seal
    assert new.save()
    expect(page.get_by_test_id(TILE)).to_contain_text("运行中 v1")


def test_over_a_connection_by_keys_alone_to_live_paused_here_and_resumed_in_another_window(
    window, clean, enterprise
):
    page, other = window(), window()
    page.goto(PUBLISH)
    page.get_by_test_id(TILE).press("Enter")
    page.get_by_label("Bot ID").fill("no id")
    page.get_by_label("Bot ID").press("Enter")
    expect(page.locator("[data-field=bot_id] .wrong")).to_contain_text("Bot ID")
    expect(page.get_by_label("Bot ID")).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(enterprise.settings["bot_id"])
    page.keyboard.press("Tab")
    page.keyboard.type(enterprise.settings["secret"])
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("live-state")).to_contain_text("已经接好")
    enterprise.write("你好")
    expect(page.get_by_test_id("live-state")).to_contain_text("工作正常")
    unfold(page)
    expect(page.locator("[data-field=token]")).to_have_count(0)
    expect(page.get_by_test_id("rotate-new")).to_have_count(0)
    page.get_by_test_id("paused-text").fill("盘点中")
    page.get_by_test_id("pause").click()
    other.goto(PUBLISH)
    expect(other.get_by_test_id("live-state")).to_contain_text("已暂停")
    # What is paused is so within a second; the platform takes few frames a minute, so it is asked seldom.
    until(lambda: asked(enterprise, "还在吗"), "盘点中", every=1)
    other.get_by_test_id("pause").click()
    for one in (other, page):
        expect(one.get_by_test_id(TILE)).to_contain_text("运行中")
    until(lambda: told(enterprise)[-1:], ["**一叶茶铺**：还在吗"])


def told(enterprise):
    return [one.sent for one in enterprise.seen() if one.side == "account"]


def asked(enterprise, text):
    """What is answered first."""
    before = len(told(enterprise))
    enterprise.write(text)
    until(lambda: len(told(enterprise)) > before, True)
    return told(enterprise)[before]
