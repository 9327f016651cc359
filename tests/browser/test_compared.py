"""Several chats side by side: there when they are asked for, and whoever is asked for last answers."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

PLAY = "/play?agent=shop"
JOIN = re.compile(r"/gradio_api/queue/join")


def ask(page, text):
    page.locator("#ask textarea").fill(text)
    page.keyboard.press("Enter")


def test_one_chat_is_there_until_others_are_asked_for_and_they_stay(page, agents):
    page.goto(PLAY)
    expect(page.locator("#ask textarea")).to_be_visible()
    expect(page.locator("#chat")).to_be_visible()
    expect(page.locator(".hy-chat:visible")).to_have_count(1)
    for count in (2, 3, 4):
        page.keyboard.press("Alt+c")
        expect(page.locator(".hy-chat:visible")).to_have_count(count)
    ask(page, "几点")
    for chat in ("#chat", "#chat-1", "#chat-2", "#chat-3"):
        expect(page.locator(f"{chat} strong")).to_have_text("一叶茶铺")
        expect(page.locator(f"{chat} .user-row")).to_have_text("几点")


@pytest.fixture
def left(window, agents):
    """A playground in which a chat was left: "几点", and "打烊" after it in another."""
    page = window(own=True)
    page.goto(PLAY)
    for line in ("几点", "打烊"):
        page.get_by_test_id("chat-new").click()
        ask(page, line)
        expect(page.locator("#chat .user-row")).to_have_text([line])
        expect(page.locator("#chat strong")).to_have_text("一叶茶铺")
        expect(page.locator("#ask .stop-button")).to_have_count(0)
    page.wait_for_function("localStorage.getItem('hongyan:open:shop')")
    return page


@contextmanager
def coming_back(page):
    """While it is open, the chat that was left is on its way."""
    held = []

    def hold(route):
        if held is None:
            route.continue_()
        else:
            held.append(route)

    page.route(JOIN, hold)
    with page.expect_request(JOIN):
        page.reload()
    expect(page.locator("#ask textarea")).to_be_visible()
    yield
    held, late = None, held
    for one in late:
        one.continue_()


def rows(page, chat="#chat"):
    return page.locator(f"{chat} .user-row")


def test_compare_that_is_pressed_while_the_last_chat_comes_back_is_not_lost(left):
    with coming_back(left):
        left.get_by_test_id("compare").click()
        expect(left.get_by_test_id("column-1")).to_be_visible()
    for chat in ("#chat", "#chat-1"):
        expect(rows(left, chat)).to_have_text("打烊")
    ask(left, "还在吗")
    for chat in ("#chat", "#chat-1"):
        expect(rows(left, chat)).to_have_text(["打烊", "还在吗"])


def other(page):
    page.get_by_test_id("chats").click()
    page.get_by_test_id("chat-row").filter(has_text="几点").locator("button").first.click()


PRESSED = {
    "a line": (lambda page: ask(page, "还在吗"), ["打烊", "还在吗"]),
    "another chat": (other, ["几点"]),
    "new, by keys": (lambda page: page.keyboard.press("Alt+n"), []),
    "new": (lambda page: page.get_by_test_id("chat-new").click(), []),
}
"""What a person does, and what is shown then, one after the other."""


def test_what_is_done_while_the_last_chat_comes_back_counts(left):
    for what, (press, shown) in PRESSED.items():
        with coming_back(left):
            press(left)
        expect(rows(left), what).to_have_text(shown)
        if not shown:
            ask(left, what)
            expect(rows(left)).to_have_text([what])
            expect(left.locator("#ask .stop-button")).to_have_count(0)
        expect(left.locator("#chat strong")).to_have_count(len(shown) or 1)
