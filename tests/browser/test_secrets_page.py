"""Secrets on the Models page, and asked for when an agent comes from elsewhere."""

import json

import pytest
from awaiting import until
from forgetting import forget
from playwright.sync_api import expect

from runtime.store.control.control import Control

KEY = "canary-secret-42"
MODEL = {"type": "model", "id": "m", "prompt": {"text": "查订单"}}
TOOL = {
    "type": "http_request",
    "name": "order",
    "method": "POST",
    "url": "https://api.shop.example/orders",
    "headers": {"X-Key": "{{ secret.erp }}"},
}
AGENT = {
    "format": 1,
    "id": "from-elsewhere",
    "name": "别处来的",
    "flow": [
        {"type": "model", "id": "m", "prompt": {"text": "查订单"}, "tools": [TOOL, {"type": "calculator"}]}
    ],
}


@pytest.fixture
def none(home, agents):
    yield
    forget(home, "secrets")
    (home / "agents" / "from-elsewhere.json").unlink(missing_ok=True)


def control(home):
    return Control.in_folder(home / "data")


def test_one_is_set_and_never_shown_again(page, none, home):
    page.goto("/models")
    page.get_by_test_id("add-secret").first.click()
    page.get_by_test_id("secret-name").fill("erp")
    page.get_by_test_id("secret-value").fill("abc")
    page.get_by_test_id("secret-save").click()
    expect(page.get_by_role("alert").filter(has_text="4")).to_be_visible()
    page.get_by_test_id("secret-value").fill(KEY)
    page.get_by_test_id("secret-save").click()
    expect(page.get_by_test_id("secret-erp")).to_be_visible()
    assert KEY not in page.content()
    assert control(home).secrets.open("erp", "api.shop.example") == KEY


def test_an_import_asks_for_what_the_agent_needs_and_says_where_it_goes(page, none, home):
    page.goto("/")
    page.get_by_test_id("import").first.click()
    page.get_by_test_id("import-text").fill(json.dumps(AGENT))
    page.get_by_test_id("import-do").click()
    expect(page.get_by_test_id("secrets-asked")).to_contain_text("api.shop.example")
    page.get_by_test_id("may-changes").get_by_role("checkbox").check()
    page.get_by_test_id("secret-value").fill(KEY)
    page.get_by_test_id("secrets-save").click()
    expect(page.get_by_test_id("secrets-asked")).to_be_hidden()
    assert [(one.id, one.hosts) for one in control(home).secrets.all()] == [("erp", ("api.shop.example",))]
    file = home / "agents" / "from-elsewhere.json"
    kept = json.loads(file.read_text("utf-8"))
    key = "secret:erp@api.shop.example"  # who gives it the secret lets it send that there
    assert ("withheld" in kept, kept["holds"]) == (False, [key])

    # What was allowed is listed where the agent is set up, and is taken back there.
    page.goto("/build?agent=from-elsewhere")
    page.get_by_test_id("view-settings").click()
    page.get_by_test_id("may-changes").get_by_role("checkbox").uncheck()
    until(lambda: json.loads(file.read_text("utf-8")).get("withheld"), ["changes"])
    page.get_by_test_id(f"may-{key}").get_by_role("checkbox").uncheck()
    until(lambda: json.loads(file.read_text("utf-8"))["holds"], [])

    # A tool is run from its own form.
    page.get_by_test_id("view-flow").click()
    page.get_by_test_id("block-m").click(position={"x": 60, "y": 20})
    page.locator("[data-field='tools.1'] > summary").click()
    page.locator("[data-field='tools.1']").get_by_test_id("tool-trial").locator("summary").click()
    page.get_by_test_id("trial-expression").fill("18 * 37")
    page.get_by_test_id("tool-run").click()
    expect(page.get_by_test_id("tool-result")).to_contain_text("666")
