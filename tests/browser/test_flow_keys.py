"""Every action of the flow editor by keys: the sheet against what they do, and what is then said."""

import json

import pytest
from flow_page import FLOW, card, find, flow_of, ids, pick
from playwright.sync_api import expect

from builder.flow_editor import texts

pytest_plugins = ["flow_fixtures"]

LOOP = [
    {"type": "repeat", "id": "each", "flow": [{"type": "set", "id": "x", "values": {"v": "{{ item }}"}}]},
    {"type": "reply", "id": "say", "text": "好"},
]
ROUNDS = [
    {"type": "block_started", "block": "each"},
    *(
        {"type": kind, "block": "x", "within": f"each.{n}", "ms": n, "output": {"v": f"第{n}"}}
        for n in (1, 2, 3)
        for kind in ("block_started", "block_finished")
    ),
    {"type": "block_finished", "block": "each", "ms": 6, "output": {"count": 3}},
]
PIECE = "() => editor.update({piece: {form: async () => ({ok: true, value: {names: [], acts: []}})}})"
PROBLEM = "() => editor.problems([{field: 'flow.0.text', text: '写错了'}])"
MARKED = "() => [...document.querySelectorAll('.fe-card.marked')].map((node) => node.dataset.id)"
SAID = "() => document.querySelector('.fe-live').textContent.trim()"


def order(page):
    return [one["id"] for one in flow_of(page)]


def says(part):
    return lambda page: part in page.evaluate(SAID)


# What the sheet calls it: from which block, what is pressed, what is so then.
DOES = {
    "walk": ("docs", "ArrowDown", lambda page: focused(page) == "wish"),
    "enter": ("docs", "Enter", lambda page: page.locator(".fe-form").count() == 1),
    "add": ("docs", "a", lambda page: page.get_by_test_id("menu-model").is_visible()),
    "name": ("docs", "F2", lambda page: page.evaluate("document.activeElement.className") == "fe-title"),
    "menu": ("docs", "Shift+F10", lambda page: page.get_by_test_id("do-duplicate").is_visible()),
    "move": ("docs", "Alt+ArrowDown", lambda page: order(page) == ["wish", "docs"] and says("2")(page)),
    "mark": ("docs", "Shift+ArrowDown", lambda page: page.evaluate(MARKED) == ["docs", "wish"]),
    "mark_one": ("wish", "m", lambda page: page.evaluate(MARKED) == ["wish"] and says("1")(page)),
    "mark_all": ("docs", "Control+a", lambda page: page.evaluate(MARKED) == ["docs", "wish"]),
    "copy": ("docs", "Control+c", says("1")),
    "duplicate": ("docs", "Control+d", lambda page: order(page) == ["docs", "knowledge", "wish"]),
    "toggle": ("docs", "d", lambda page: find(page, "docs")["disabled"] and says("茶叶")(page)),
    "run": ("docs", "r", lambda page: page.get_by_test_id("piece").evaluate("node => node.open")),
    "delete": ("docs", "Delete", lambda page: order(page) == ["wish"] and says("茶叶")(page)),
    "undo": ("docs", "Delete Control+z", lambda page: flow_of(page) == FLOW and says("已撤销")(page)),
    "redo": (
        "docs",
        "Delete Control+z Control+Shift+z",
        lambda page: order(page) == ["wish"] and says("已重做")(page),
    ),
    "search": ("docs", "Control+f", lambda page: page.get_by_test_id("flow-search").is_visible()),
    "problem": (
        "wish",
        "F8",
        lambda page: page.locator(".fe-title").input_value() == "查茶叶百科" and says("写错了")(page),
    ),
    "round": ("x", "[", lambda page: page.get_by_text("第 2/3 轮").count() == 1 and says("2")(page)),
    "view": ("docs", "v", lambda page: page.locator(".fe.as-list").count() == 1 and says("列表")(page)),
    "zoom": ("docs", "Control+-", says("%")),
    "fit": ("docs", "Shift+Digit1", says("%")),
    "escape": ("docs", "Enter Escape", lambda page: focused(page) == "docs"),
}  # fmt: skip


def focused(page):
    return page.evaluate("document.activeElement.closest('.fe-card')?.dataset.id")


def test_each_line_of_the_sheet_does_what_it_says_and_tells_it(show):
    pages = {"x": show("?flow=" + json.dumps(LOOP)), "": show()}
    pages["x"].evaluate("events => editor.paint(events)", ROUNDS)
    sheet = pages[""].evaluate("() => document.querySelector('.fe').querySelectorAll('.fe-keys dd').length")
    assert sheet == len(DOES)
    for name, (block, pressed, holds) in DOES.items():
        assert all(f"keys_{name}" in words for words in texts().values())
        page = pages.get(block, pages[""])
        if block != "x":
            page.evaluate("() => window.remount()")
            page.evaluate(PIECE)
        page.evaluate("() => { document.querySelector('.fe-live').textContent = ''; }")
        if name == "problem":
            page.evaluate(PROBLEM)
        card(page, block).locator(".fe-main").focus()
        for one in pressed.split(" "):
            page.keyboard.press(one)
        assert holds(page), name
        page.keyboard.press("Escape")


def test_what_stands_in_the_bar_and_in_the_menus_has_a_key_of_the_sheet(show):
    page = show()
    page.evaluate(PIECE)
    page.evaluate(PROBLEM)
    card(page, "docs").locator(".fe-main").focus()
    page.keyboard.press("m")
    bar = page.locator(".fe-bar button").evaluate_all(
        "all => all.map(b => [b.ariaLabel || b.textContent, b.getAttribute('aria-keyshortcuts')])"
    )
    page.keyboard.press("Shift+F10")
    menu = page.get_by_role("menuitem").evaluate_all(
        "all => all.map(b => [b.textContent, b.getAttribute('aria-keyshortcuts')])"
    )
    assert len(bar) > 12
    assert len(menu) > 8
    assert [name for name, keys in [*bar, *menu] if not name.strip() or not keys] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_letter_that_is_typed_is_a_letter(show, lang):
    page = show(f"?lang={lang}")
    pick(page, "docs")
    page.keyboard.press("Control+f")
    page.locator(".fe-stage").focus()
    page.keyboard.press("Control+f")
    page.get_by_test_id("flow-search").press_sequentially("avmd!")
    expect(page.get_by_test_id("flow-search")).to_have_value("avmd!")
    assert flow_of(page) == FLOW
    assert ids(page)[0] == "docs"


def test_the_focus_is_seen(show):
    page = show()
    page.keyboard.press("Tab")
    for _ in range(40):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            """() => { const node = document.activeElement;
            const style = getComputedStyle(node); const box = node.getBoundingClientRect();
            const shadow = style.boxShadow !== 'none' && node.matches('input, textarea');
            const seen = box.width > 0 && (style.outlineStyle !== 'none' || shadow);
            return node === document.body || seen; }"""
        )
        assert ring, page.evaluate("document.activeElement.outerHTML")
