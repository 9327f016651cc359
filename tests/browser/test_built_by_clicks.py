"""A job that is built as a newcomer builds it: a blank agent, the mouse, and what has to be typed."""

import json

from playwright.sync_api import expect

MOST = 25
"""Clicks, of which choosing from a list takes two."""


class Mouse:
    def __init__(self, page):
        self.page = page
        self.clicks = 0

    def click(self, place):
        (self.page.get_by_test_id(place) if isinstance(place, str) else place).click()
        self.clicks += 1

    def choose(self, field, value):
        self.field(field).locator("select").select_option(value)
        self.clicks += 2

    def write(self, field, text, kind="input"):
        self.click(self.field(field).locator(kind).first)
        self.page.keyboard.insert_text(text)

    def field(self, path):
        return self.page.get_by_test_id(f"field-{path}")


def test_a_booking_is_built_by_clicks_from_a_blank_agent_and_works(page, agents, owners_system):
    mouse = Mouse(page)
    page.goto("/")
    mouse.click("new")
    mouse.click("starter-blank")
    mouse.click(page.get_by_test_id("block-answer").locator(".fe-main"))
    page.keyboard.press("Delete")
    mouse.click("palette-ask")
    mouse.write("fields.0.title", "项目")
    mouse.choose("fields.0.type", "choice")
    mouse.write("fields.0.choices", "剪发\n染发\n", "textarea")
    mouse.click("row-add")
    mouse.click("kind-date")
    expect(mouse.field("fields.1.title").locator("input")).to_be_focused()
    mouse.click("palette-tool")
    mouse.click("tool-http_request")
    mouse.choose("tool.method", "POST")
    mouse.write("tool.url", f"{owners_system.url}/bookings")
    mouse.click(mouse.field("tool.body").get_by_role("button", name="插入变量"))
    mouse.click(page.get_by_role("menuitem", name="问到的全部字段"))
    mouse.click(page.get_by_test_id("block-say").locator(".fe-main"))
    mouse.write("text", "约好了。", "textarea")
    mouse.click("chip-ask.text")
    expect(page.get_by_test_id("saved")).to_contain_text("已自动保存")
    assert mouse.clicks <= MOST

    [built] = [file for file in agents.glob("*.json") if file.stem != "shop"]
    assert json.loads(built.read_text("utf-8"))["flow"] == [
        {
            "type": "ask", "id": "ask",
            "fields": [
                {"name": "text", "title": "项目", "type": "choice", "choices": ["剪发", "染发"]},
                {"name": "date", "title": "日期", "type": "date"},
            ],
        },
        {
            "type": "tool", "id": "tool",
            "tool": {
                "type": "http_request", "method": "POST", "url": f"{owners_system.url}/bookings",
                "body": "{{ ask.fields|tojson }}",
            },
        },
        {"type": "reply", "id": "say", "title": "回复", "text": "约好了。{{ ask.text }}"},
    ]  # fmt: skip

    page.get_by_test_id("try").click()
    for said, heard in (("我想约剪发", "日期"), ("2099-05-04", "约好了。项目：剪发")):
        page.locator("#ask textarea").fill(said)
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("bubble-them").last).to_contain_text(heard)
    assert owners_system.posted == [("/bookings", '{"text": "剪发", "date": "2099-05-04"}')]


def test_leave_is_built_by_clicks_from_a_blank_agent_and_waits_for_a_manager(page, agents):
    mouse = Mouse(page)
    page.goto("/")
    mouse.click("new")
    mouse.click("starter-blank")
    for block in ("answer", "say"):
        mouse.click(page.get_by_test_id(f"block-{block}").locator(".fe-main"))
        page.keyboard.press("Delete")
    mouse.click("palette-ask")
    mouse.write("fields.0.title", "假别")
    mouse.choose("fields.0.type", "choice")
    mouse.write("fields.0.choices", "事假\n病假\n", "textarea")
    mouse.click("row-add")
    mouse.click("kind-date")
    mouse.click("palette-approve")
    expect(mouse.field("question").locator("textarea")).to_have_value("{{ ask.text }}")
    mouse.click("palette-reply")
    mouse.write("text", "批了。", "textarea")
    expect(page.get_by_test_id("saved")).to_contain_text("已自动保存")
    assert mouse.clicks <= MOST

    page.get_by_test_id("try").click()
    for said, heard in (("我想请假", "假别"), ("事假", "日期"), ("2099-05-04", "已提交")):
        page.locator("#ask textarea").fill(said)
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("bubble-them").last).to_contain_text(heard)
    page.get_by_role("button", name="同意", exact=True).first.click()
    expect(page.get_by_test_id("bubble-them").last).to_contain_text("批了")
