"""The operator's console in the running program: one login, language and look, nothing from elsewhere."""

import json
import sqlite3
import time

import pytest
from playwright.sync_api import expect

SAID = '<img src=x onerror="document.title=1"> ![x](http://evil.example/x.png)'


@pytest.fixture
def asked(home, site):
    """One message that was answered and one whose answer waits; returns the second one's number."""
    db = sqlite3.connect(home / "data" / "messages.db")
    db.execute("delete from messages")
    now = time.time()
    for n, (text, state) in enumerate([(SAID, "delivered"), ("几点开门？", "kept")]):
        row = {
            "publication": "gone",
            "sender": "o-1",
            "key": str(now + n),
            "kind": "text",
            "text": text,
            "message": json.dumps({"id": "1", "sender": "o-1", "text": text, "history": None}),
            "state": state,
            "accepted_at": now + n - 60,
            "reply": "九点开门。",
            "failure": "",
        }
        marks = ",".join("?" * len(row))
        sql = f"insert into messages({','.join(row)}) values({marks})"
        seq = db.execute(sql, list(row.values())).lastrowid
        db.execute("insert into moments(seq, at, what) values(?, ?, 'accepted')", (seq, now + n))
    db.commit()
    db.close()
    yield seq
    with sqlite3.connect(home / "data" / "messages.db") as db:
        db.execute("delete from messages")


def heading(page, name):
    return page.get_by_role("heading", name=name, exact=True)


def test_a_deep_link_opens_its_page_even_as_the_first_after_a_start(page, asked):
    page.goto(f"/insights/conversation?id={asked}")
    expect(page.locator("h1")).to_contain_text("的对话")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_nobody_sees_the_insights_without_the_password(window):
    page = window(storage_state=None)
    page.goto("/insights/todo")
    expect(page.locator("input[type=password]")).to_be_visible()


def test_the_bar_leads_to_the_insights_and_back(page, agents, asked):
    page.goto("/")
    page.get_by_test_id("nav-insights").click()
    expect(heading(page, "总览")).to_be_visible()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("2")
    page.get_by_role("link", name="返回智能体").click()
    expect(heading(page, "智能体")).to_be_visible()


def test_the_insights_speak_english(window, asked):
    page = window(locale="en-US")
    page.goto("/insights/todo")
    expect(heading(page, "To do")).to_be_visible()
    page.get_by_role("link", name="中文").click()
    expect(heading(page, "待处理")).to_be_visible()


def test_a_click_on_a_row_shows_the_message_and_what_was_written_stays_text(page, asked):
    page.goto("/insights/conversations")
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    table.click(position={"x": 200, "y": 85})  # the second row: the older message
    expect(page.get_by_text(SAID).first).to_be_visible()
    assert page.title() != "1"


def test_the_gateways_refusal_reaches_the_operator(page, asked):
    page.goto(f"/insights/message?id={asked}")
    page.get_by_role("button", name="再发一次").click()
    expect(page.get_by_test_id("stToast")).to_contain_text("发布已经下线")


def test_dark_in_the_builder_is_dark_here(page, agents, asked):
    page.goto("/")
    page.evaluate("localStorage.setItem('hy-theme', 'dark')")
    page.goto("/insights/")
    expect(heading(page, "总览")).to_be_visible()
    color = page.get_by_test_id("stApp").evaluate("node => getComputedStyle(node).backgroundColor")
    assert color == "rgb(24, 28, 36)"


@pytest.mark.parametrize("path", ["", "conversations", "todo"])
def test_a_phone_shows_every_page_without_scrolling_sideways(path, window, asked):
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(f"/insights/{path}")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
