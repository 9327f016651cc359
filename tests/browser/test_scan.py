"""One scan, and the agent is in one's own WeChat: the page from the click to live, and when it is lost."""

import pytest
from forgetting import forget
from playwright.sync_api import expect

PUBLISH = "/publish?agent=shop"


@pytest.fixture
def clean(home, agents):
    forget(home, "publications", "versions", "contacts", "keys", "options", "joinings")


def test_a_code_is_shown_digits_are_asked_for_and_it_goes_live_by_itself(page, clean, phone):
    phone.scans[:] = [["scaned", "need_verifycode", "confirmed"]]
    page.goto(PUBLISH)
    page.get_by_test_id("channel-ilink").click()
    expect(page.get_by_test_id("go-live")).to_have_text("发布，然后扫码")
    page.get_by_test_id("go-live").click()
    expect(page.get_by_test_id("scan-code")).to_be_visible()
    expect(page.get_by_test_id("scan-link")).to_have_attribute(
        "href", f"https://liteapp.weixin.qq.com/q/{phone.codes[-1].name}?bot_type=3"
    )
    digits = page.get_by_label("手机上显示的数字")
    digits.fill("000000")
    page.get_by_test_id("scan-enter").click()
    expect(page.get_by_test_id("scan-state")).to_contain_text("数字不对")
    digits.fill(phone.digits)
    digits.press("Enter")
    expect(page.get_by_test_id("scan")).to_have_count(0)
    expect(page.get_by_test_id("channel-ilink")).to_contain_text("运行中")
    phone.soon(phone.write, phone.text("你好"))
    expect(page.get_by_test_id("live-state")).to_contain_text("工作正常")
    phone.soon(phone.lose)
    expect(page.get_by_test_id("scan-state")).to_contain_text("连接断了")
    expect(page.get_by_test_id("scan-code")).to_be_visible()
