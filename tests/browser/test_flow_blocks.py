"""Forms of blocks that hold fields, intents, rounds and programs; on a phone they are sheets."""

import json
import os
from urllib.parse import quote

from flow_page import card, field, find, flow_of, pick, slot
from playwright.sync_api import expect

pytest_plugins = ["flow_fixtures"]

SHOTS = os.environ.get("SHOTS")


def opened(show, flow, window="desk"):
    return show(f"?flow={quote(json.dumps(flow))}", window)


def shot(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def names_at(page, block):
    """What the values of a block may refer to."""
    pick(page, block)
    shot(page, block)
    field(page, "values").get_by_role("button", name="插入变量").click()
    names = page.get_by_role("menuitem").locator("small").all_inner_texts()
    page.keyboard.press("Escape")
    return names


CODE = {"type": "code", "id": "code", "values": {"n": "{{ order.fields.phone }}"}, "code": "result = n"}
FLOW = [
    {
        "type": "extract", "id": "order",
        "fields": [
            {"name": "phone", "title": "电话", "type": "phone"},
            {"name": "lines", "title": "买什么", "type": "list", "fields": [{"name": "sku"}]},
        ],
    },
    {
        "type": "classify", "id": "wish",
        "intents": [{"title": "退款", "examples": ["我要退款"]}, {"title": "查物流"}],
    },
    {
        "type": "repeat", "id": "each", "over": "{{ order.fields.lines }}",
        "flow": [{"type": "set", "id": "one", "values": {"x": "{{ item }}"}}],
    },
    CODE,
    {"type": "agent", "id": "ask", "agent": "tea"},
]  # fmt: skip


def test_intents_are_lanes_fields_are_chips_and_rounds_see_their_item(show):
    page = opened(show, FLOW)
    shot(page, "flow")
    slot(page, "flow.1.intents.1.flow.0").get_by_role("button").click()
    page.get_by_test_id("menu-set").click()
    assert find(page, "wish")["intents"][1]["flow"][0]["type"] == "set"
    expect(page.locator(".fe-case.missing")).to_have_count(0)

    assert names_at(page, "one")[:2] == ["{{ index }}", "{{ item }}"]
    names = names_at(page, "code")
    assert "{{ order.fields.phone }}" in names
    assert "{{ each.items }}" in names
    assert not [name for name in names if name.startswith(("{{ one", "{{ item"))]


def test_a_form_asks_only_for_what_is_needed_as_the_rest_is_set(show):
    page = opened(show, FLOW)
    pick(page, "each")
    shot(page, "repeat")
    expect(field(page, "until")).to_have_count(0)
    field(page, "way").locator("select").select_option("until")
    expect(field(page, "over")).to_have_count(0)
    expect(field(page, "until")).to_be_visible()
    assert find(page, "each")["way"] == "until"

    pick(page, "order")
    shot(page, "extract")
    kind = field(page, "fields.0.type").locator("select")
    assert kind.locator("option:checked").inner_text() == "电话"
    expect(field(page, "fields.0.choices")).to_have_count(0)
    kind.select_option("choice")
    expect(field(page, "fields.0.choices")).to_be_visible()
    assert flow_of(page)[0]["fields"][0]["type"] == "choice"


def test_each_form_fits_a_phone(show):
    page = opened(show, FLOW, "phone")
    for name in ("order", "wish", "each", "code", "ask"):
        card(page, name).locator(".fe-main").click()
        expect(page.get_by_test_id("title")).to_be_visible()
        shot(page, f"phone-{name}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        inner = page.eval_on_selector(".fe-panel", "panel => panel.scrollWidth - panel.clientWidth")
        assert (wide, inner) == (0, 0), name
        page.get_by_test_id("close").click()
