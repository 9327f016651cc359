"""Several chats side by side: there when they are asked for, and whoever is asked for last answers."""

import re

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


def test_compare_that_is_pressed_while_the_last_chat_comes_back_is_not_lost(window, agents):
    page = window(own=True)
    page.goto(PLAY)
    ask(page, "几点")
    expect(page.locator("#chat strong")).to_have_text("一叶茶铺")
    expect(page.locator("#ask .stop-button")).to_have_count(0)
    page.wait_for_function("localStorage.getItem('hongyan:open:shop')")
    held = []
    page.route(JOIN, lambda route: route.continue_() if held is None else held.append(route))
    with page.expect_request(JOIN):
        page.reload()
    page.get_by_test_id("compare").click()
    expect(page.get_by_test_id("column-1")).to_be_visible()
    held, late = None, held
    for one in late:
        one.continue_()
    for chat in ("#chat", "#chat-1"):
        expect(page.locator(f"{chat} .user-row")).to_have_text("几点")
    ask(page, "还在吗")
    for chat in ("#chat", "#chat-1"):
        expect(page.locator(f"{chat} .user-row")).to_have_text(["几点", "还在吗"])
