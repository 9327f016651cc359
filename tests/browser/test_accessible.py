"""Pages that test_at_every_place.py does not measure, for keys, screen readers and weak eyes (axe-core)."""

import json
import sqlite3
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SERIOUS = ("serious", "critical")
PAGES = {
    "/manual/blocks": "main h1",
    "/play?agent=shop": "textarea",
    "/publish?agent=shop": "h1, h2",
    "/insights/": "[data-testid=figure-messages]",
    "/insights/conversations": "tbody tr",
    "/insights/todo": "[role=tab]",
    "/insights/message?id={seq}": ".in-said",
    "/insights/conversation?id={seq}": ".in-said",
}
LOOKS = {
    "light": {"viewport": {"width": 1440, "height": 900}},
    "dark, on a phone, in English": {
        "viewport": {"width": 390, "height": 844},
        "color_scheme": "dark",
        "locale": "en-US",
        "has_touch": True,
        "is_mobile": True,
    },
}


@pytest.fixture
def seq(home, site):
    """A message whose answer waits."""
    row = {
        "publication": "gone",
        "sender": "o-1",
        "key": "accessible",
        "kind": "text",
        "text": "开到多晚？",
        "message": json.dumps({"id": "1", "sender": "o-1", "text": "开到多晚？", "history": None}),
        "state": "kept",
        "accepted_at": time.time() - 60,
        "reply": "九点开门。",
        "failure": "",
    }
    marks = ",".join("?" * len(row))
    with sqlite3.connect(home / "data" / "messages.db") as db:
        sql = f"insert into messages({','.join(row)}) values({marks})"
        seq = db.execute(sql, list(row.values())).lastrowid
        db.execute("insert into moments(seq, at, what) values(?, ?, 'accepted')", (seq, time.time()))
    yield seq
    with sqlite3.connect(home / "data" / "messages.db") as db:
        db.execute("delete from messages")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("path", PAGES)
def test_no_page_keeps_anybody_out(path, look, window, agents, seq):
    page = window(**LOOKS[look])
    page.goto(path.format(seq=seq))
    expect(page.locator(PAGES[path]).first).to_be_visible()
    assert complaints(page) == []


@pytest.mark.parametrize("look", LOOKS)
def test_the_way_in_keeps_nobody_out(look, window):
    page = window(storage_state=None, **LOOKS[look])
    page.goto("/login")
    assert complaints(page) == []


def complaints(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:160]} {node['failureSummary'][:200]}"
        for violation in found
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]
