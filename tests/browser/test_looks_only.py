"""Whoever may only look at an agent sees all of it where it is built, and nothing that would be refused."""

import json

import pytest
from playwright.sync_api import expect

from runtime.access.actor import COMMAND_LINE
from runtime.access.membership import Membership
from runtime.access.users import Users
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given

NAME, WORDS = "lou", "geese rest at night"
WEEKLY = {"on": "schedule", "id": "weekly", "title": "周五", "cron": "30 17 * * 5", "flow": []}
MISSPELT = {"type": "reply", "id": "say", "title": "回答", "text": "{{ shpo }}"}


@pytest.fixture
def looker(browser, site, home, agents):
    """A window of a viewer."""
    control = Control.in_folder(home / "data")
    members = Membership(control)
    members.invite(NAME, "", [Given(role="viewer")], COMMAND_LINE)
    Users(control).set_password(NAME, WORDS)
    context = browser.new_context(base_url=site, locale="zh-CN", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/login?next=/build")
    page.locator("#name").fill(NAME)
    page.locator("#password").fill(WORDS)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/build")
    yield page
    context.close()
    members.remove(NAME, COMMAND_LINE)


def test_whoever_looks_at_an_agent_is_offered_no_change_of_it(looker, agents):
    refused = []
    looker.on("response", lambda one: "/click/" in one.url and one.status != 200 and refused.append(one.url))
    looker.goto("/build?agent=shop")
    expect(looker.get_by_test_id("block-say")).to_be_visible()
    expect(looker.locator(".hy-starts")).to_have_count(0)  # an empty bar

    data = json.loads((agents / "shop.json").read_text("utf-8"))
    more = {"starts": [WEEKLY], "flow": [MISSPELT]}
    (agents / "shop.json").write_text(json.dumps({**data, **more}), encoding="utf-8")
    looker.reload()
    looker.get_by_test_id("problems").click()
    expect(looker.get_by_test_id("problem").first).to_be_visible()
    expect(looker.get_by_test_id("fix")).to_have_count(0)
    looker.keyboard.press("Escape")
    looker.get_by_test_id("start-at-0").click()
    form = looker.get_by_test_id("start-form")
    expect(form.locator("input:visible").first).to_be_disabled()
    expect(form.get_by_test_id("remove-start")).to_have_count(0)
    looker.get_by_test_id("history").click()
    expect(looker.get_by_test_id("versions")).to_be_visible()
    expect(looker.get_by_test_id("history-dialog").locator(".hy-btn.primary")).to_have_count(0)
    assert refused == []
