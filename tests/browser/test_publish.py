"""Publishing to WeChat, seen from both sides, and to the API."""

import hashlib
import json
import re
import time
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

PUBLISH = "/publish?agent=shop"


def fill(page, app_id="wx1234567890abcdef"):
    page.get_by_label("AppID").fill(app_id)
    page.get_by_label("AppSecret").fill("canary0000000000")
    page.get_by_label("原始 ID").fill("gh_abcdef123456")
    page.get_by_test_id("go-live").click()


def shown(page, name):
    return page.get_by_test_id(f"copy-{name}").locator("code").inner_text()


def verify(page, token):
    """What WeChat does when its console is saved; returns the response's text."""
    stamp, nonce = str(int(time.time())), "nonce123"
    signature = hashlib.sha1("".join(sorted([token, stamp, nonce])).encode()).hexdigest()
    query = f"signature={signature}&timestamp={stamp}&nonce={nonce}&echostr=hello"
    with urllib.request.urlopen(f"{shown(page, 'url')}?{query}", timeout=5) as response:
        return response.read().decode()


def test_publishing_shows_what_to_copy_in_the_consoles_order(page, clean):
    page.goto(PUBLISH)
    fill(page)
    expect(page.get_by_test_id("copy-url")).to_be_visible()
    labels = page.locator("[data-testid^=copy-] .label").all_inner_texts()
    assert [re.sub(r"\s+", "", label)[1:6] for label in labels] == ["URL（服", "Token", "Encod"]
    assert len(shown(page, "aes")) == 43
    assert "canary0000000000" not in page.content()


def test_an_address_with_a_port_that_wechat_does_not_call_is_told(page, clean):
    page.goto(PUBLISH)
    page.get_by_test_id("public-url").fill("https://bot.example.com:7860")
    page.get_by_test_id("public-url-save").click()
    fill(page)
    expect(page.get_by_text("微信访问不到端口 7860")).to_be_visible()


def test_what_a_surface_takes_and_how_an_answer_looks_there_is_told_before_anything_is_entered(page, clean):
    page.goto(PUBLISH)
    expect(page.get_by_test_id("profile")).to_contain_text("谁能和它聊")
    page.get_by_test_id("looks").locator("summary").click()
    expect(page.get_by_test_id("bubble-them").first).to_contain_text("七点到十点营业")
    fill(page)
    expect(page.get_by_test_id("profile")).to_have_count(0)


def test_a_wrong_field_is_told_at_the_field(page, clean):
    page.goto(PUBLISH)
    fill(page, app_id="abc")
    expect(page.locator("[data-field=app_id] .wrong")).to_contain_text("AppID")


def test_the_page_turns_green_when_wechat_verified(page, clean, site):
    page.goto(PUBLISH)
    fill(page)
    expect(page.get_by_test_id("live-state")).to_contain_text("等待微信来验证")
    assert verify(page, shown(page, "token")) == "hello"
    expect(page.get_by_test_id("step-verified")).to_have_class("done")
    expect(page.get_by_test_id("channel-wechat")).to_contain_text("运行中 v1")


def test_a_wrong_token_is_explained(page, clean):
    page.goto(PUBLISH)
    fill(page)
    expect(page.get_by_test_id("copy-url")).to_be_visible()
    with pytest.raises(urllib.error.HTTPError):
        verify(page, "another")
    expect(page.get_by_test_id("live-state")).to_contain_text("Token")
    expect(page.get_by_test_id("compared")).to_contain_text("指纹")


def test_the_public_address_appears_in_what_is_copied(page, clean):
    page.goto(PUBLISH)
    page.get_by_test_id("public-url").fill("bot.example.com")
    page.get_by_test_id("public-url-save").click()
    fill(page)
    expect(page.get_by_test_id("copy-url")).to_contain_text("https://bot.example.com/c/shop-")


def test_the_check_up_names_the_first_fault_and_explains_a_code(page, clean):
    page.goto(PUBLISH)
    fill(page)
    page.get_by_test_id("begin-checkup").click()
    expect(page.get_by_test_id("checkup-result")).to_contain_text("还没有填公网地址")
    expect(page.get_by_test_id("check-url").first).to_have_class("bad")
    page.get_by_test_id("checkup-rest").locator("summary").click()
    expect(page.get_by_test_id("check-echo")).to_contain_text("没有检查：要先解决「公网地址」")
    page.get_by_test_id("explain").locator("summary").click()
    page.get_by_test_id("explain-text").fill("errcode: 40164")
    page.get_by_test_id("explain-go").click()
    expect(page.get_by_test_id("explained")).to_contain_text("白名单")


def test_a_second_version_can_be_rolled_back_and_all_taken_offline(page, clean):
    page.goto(PUBLISH)
    fill(page)
    page.get_by_test_id("publish-again").click()
    expect(page.get_by_test_id("version-2")).to_contain_text("线上")
    page.get_by_test_id("roll-back").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("version-1")).to_contain_text("线上")
    page.get_by_text("修改账号信息").click()
    page.get_by_test_id("unpublish").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_label("AppID")).to_be_visible()


def test_an_api_key_is_shown_once_and_answers(page, clean, site):
    page.goto(PUBLISH)
    page.get_by_test_id("channel-api").click()
    page.get_by_test_id("go-live").click()
    page.get_by_test_id("create-key").click()
    key = page.get_by_test_id("new-key").locator("code").inner_text()
    assert chat(site, key) == "**一叶茶铺**：你好"
    page.get_by_test_id("key-done").click()
    expect(page.get_by_test_id("api-key")).to_have_count(1)
    assert key not in page.content()
    page.get_by_test_id("revoke-key").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("api-key")).to_have_count(0)
    with pytest.raises(urllib.error.HTTPError):
        chat(site, key)


def chat(site, key):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    body = json.dumps({"input": "你好"}).encode()
    request = urllib.request.Request(f"{site}/agent/chat", body, headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)["reply"]


def test_a_copied_value_is_in_the_clipboard(window, clean):
    page = window(permissions=["clipboard-read", "clipboard-write"])
    page.goto(PUBLISH)
    fill(page)
    page.get_by_test_id("copy-token-button").click()
    expect(page.get_by_test_id("copy-token-button")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == shown(page, "token")


def test_two_accounts_are_both_there_and_published_again(page, clean):
    page.goto(PUBLISH)
    fill(page)
    expect(page.get_by_test_id("copy-url")).to_be_visible()
    expect(page.get_by_test_id("channel-wechat")).to_contain_text("等待验证")
    page.get_by_test_id("another-account").click()
    fill(page, app_id="wxffffffffffffffff")
    expect(page.get_by_test_id("account-wxffffffffffffffff")).to_be_visible()
    page.get_by_test_id("account-wxffffffffffffffff").click()
    page.get_by_test_id("publish-again").click()
    expect(page.get_by_test_id("account-wxffffffffffffffff")).to_contain_text("v2")
    expect(page.get_by_test_id("account-wx1234567890abcdef")).to_contain_text("v1")


def test_who_stops_by_keys_what_runs_beside_the_live_version_stays_there(page, clean):
    page.goto(PUBLISH)
    page.get_by_test_id("channel-api").click()
    page.get_by_test_id("go-live").click()
    page.get_by_test_id("trials").locator("summary").click()
    for name, title in (("shadow", "让新版本在旁边试答"), ("canary", "试用新版本")):
        page.get_by_test_id(f"{name}-start").click()
        page.get_by_test_id(f"{name}-stop").press("Enter")
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_focused()
        expect(page.get_by_test_id(f"{name}-last")).to_contain_text("已停止")


def test_what_is_seldom_needed_of_a_publication_is_folded_and_what_runs_is_said(page, clean):
    page.goto(PUBLISH)
    expect(page.get_by_test_id("channel-telegram")).to_be_visible()
    page.get_by_test_id("channel-api").click()
    page.get_by_test_id("go-live").click()
    for version in range(2, 6):
        page.get_by_test_id("publish-again").click()
        expect(page.get_by_test_id(f"version-{version}")).to_be_visible()
    page.reload()
    trials, others = page.get_by_test_id("trials"), page.get_by_test_id("other-channels")
    expect(page.get_by_test_id("own-channels").locator("button")).to_have_count(1)
    for folded in ("channel-telegram", "canary-start", "replay-go", "debug-set", "version-1"):
        expect(page.get_by_test_id(folded)).to_be_hidden()
    trials.locator("summary").click()
    page.get_by_test_id("canary-start").click()
    expect(trials.locator("summary")).to_contain_text("正在试用")
    page.reload()
    expect(page.get_by_test_id("canary-stop")).to_be_visible()
    others.locator("summary").click()
    page.get_by_test_id("channel-telegram").click()
    expect(page.get_by_test_id("own-channels").locator("button")).to_have_count(2)
    page.reload()
    expect(page.get_by_test_id("channel-telegram")).to_be_visible()
