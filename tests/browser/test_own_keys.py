"""Somebody makes a key for a program of theirs, sees it once, and ends it."""

import pytest
from forgetting import forget
from playwright.sync_api import expect

from runtime.access.keys import Keys
from runtime.store.control.control import Control

NAME = "报表程序"


@pytest.fixture
def none(home, agents):
    yield
    forget(home, "keys")


@pytest.mark.usefixtures("none")
def test_a_key_of_ones_own_is_made_seen_once_and_ended(page, home):
    page.goto("/account")
    page.get_by_test_id("keys-mine").get_by_test_id("add-key").click()
    page.get_by_test_id("key-name").fill(NAME)
    boxes = page.get_by_role("dialog").locator("[data-testid^=on-]")
    if not boxes.first.is_checked():
        boxes.first.check()
    page.get_by_test_id("make-key").click()
    shown = page.get_by_test_id("new-key").locator("code")
    expect(shown).to_be_visible()
    secret = shown.inner_text()
    page.get_by_test_id("key-done").click()
    line = page.get_by_test_id("keys-mine").locator("[data-testid^=key-hy-]").filter(has_text=NAME)
    expect(line).to_be_visible()
    keys = Keys(Control.in_folder(home / "data"))
    assert keys.find(secret).name == NAME
    line.get_by_test_id("revoke-own").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(line).to_have_count(0)
    assert keys.find(secret) is None
