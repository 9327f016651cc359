"""Passkeys in a browser with an authenticator of its own, and codes: set up, and signed in by."""

import time

import pyotp
import pytest
from forgetting import forget
from playwright.sync_api import expect

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def here(browser, site, home):
    """A window at localhost, which passkeys need, with a device that says yes."""
    context = browser.new_context(base_url=site.replace("127.0.0.1", "localhost"), locale="zh-CN")
    context.set_default_timeout(15_000)
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    page.device = device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    page.cdp = device
    yield page
    context.close()
    forget(home, "passkeys", "second_factors", "role_rules")


def enter(page, password):
    page.goto("/login?next=/account")
    page.locator("#password").fill(password)
    page.keyboard.press("Enter")


def leave(page):
    page.goto("/logout")
    page.locator("main button").click()
    expect(page.locator("#password")).to_be_visible()


def test_a_passkey_is_added_and_opens_alone(here, password):
    enter(here, password)
    here.get_by_test_id("add-passkey").click()
    here.get_by_test_id("passkey-name").fill("我的钥匙")
    here.get_by_test_id("present").fill("not-the-password")
    here.get_by_test_id("passkey-go").click()
    expect(here.get_by_test_id("passkey-dialog")).to_contain_text("密码或验证码不对")
    here.get_by_test_id("present").fill(password)
    here.get_by_test_id("passkey-go").click()
    expect(here.get_by_test_id("passkeys")).to_contain_text("我的钥匙")
    leave(here)
    here.goto("/login?next=/account")
    here.locator("#passkey").click()
    expect(here.get_by_test_id("passkeys")).to_contain_text("上次使用")
    expect(here.get_by_test_id("my-sessions")).to_contain_text("用通行密钥登录")
    # a device that refuses is told in words, and the password still opens
    leave(here)
    here.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": here.device, "isUserVerified": False})
    here.locator("#passkey").click()
    expect(here.locator("form[data-passkey] [role=status]")).to_contain_text("没有用成通行密钥")
    enter(here, password)
    here.get_by_test_id("remove-passkey").click()
    here.get_by_test_id("confirm").click()
    expect(here.get_by_test_id("passkey")).to_have_count(0)


def test_codes_are_set_up_and_asked_for_also_where_a_page_was_left_open(here, password):
    enter(here, password)
    here.get_by_test_id("second-on").click()
    here.get_by_test_id("present").fill(password)
    here.get_by_test_id("second-next").click()
    expect(here.get_by_role("img", name="二维码")).to_be_visible()
    secret = here.get_by_test_id("second-dialog").locator("code").inner_text().replace(" ", "")
    here.get_by_test_id("second-code").fill(pyotp.TOTP(secret).now())
    here.get_by_test_id("second-confirm").click()
    given = here.get_by_test_id("recovery").locator("code")
    expect(given).to_have_count(10)
    codes = given.all_inner_texts()
    assert len(set(codes)) == 10
    here.get_by_test_id("recovery-kept").click()
    expect(here.get_by_test_id("second-factor")).to_contain_text("恢复码还剩 10 个")
    # the open page asks for both steps, and goes on where it was
    here.get_by_test_id("second-renew").click()
    here.get_by_test_id("present").fill(password)
    here.context.clear_cookies()
    here.get_by_test_id("ask-go").dispatch_event("click")  # what looks now and then may find it out before
    here.get_by_test_id("sign-in-password").fill(password)
    here.get_by_test_id("sign-in").click()
    here.get_by_test_id("sign-in-code").fill(codes[0])
    here.get_by_test_id("sign-in").click()
    renewed = here.get_by_test_id("recovery").locator("code")
    expect(renewed).to_have_count(10)
    last = renewed.first.inner_text()
    here.get_by_test_id("recovery-kept").click()
    # the login page does without a script
    leave(here)
    enter(here, password)
    here.locator("#code").fill("123 456")
    here.keyboard.press("Enter")
    expect(here.locator("[role=alert]")).to_contain_text("验证码不对")
    here.locator("#code").fill(pyotp.TOTP(secret).at(time.time() + 30))
    here.keyboard.press("Enter")
    expect(here.get_by_test_id("my-sessions")).to_contain_text("用密码 + 验证码登录")
    here.get_by_test_id("second-off").click()
    here.get_by_test_id("present").fill(last)
    here.get_by_test_id("ask-go").click()
    expect(here.get_by_test_id("second-on")).to_be_visible()
