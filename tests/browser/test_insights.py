"""The operator's console in the running program: one login, language and look, nothing from elsewhere."""

import json
import re
import sqlite3
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from builder.insights._pack import FOLDER

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
    expect(heading(page, "总览")).to_be_visible(timeout=15_000)  # Streamlit's first page of this program
    expect(page.get_by_test_id("figure-messages").locator("strong")).to_have_text("2")
    expect(page.get_by_test_id("nav-insights")).to_have_attribute("aria-current", "page")
    page.get_by_test_id("nav-home").click()
    expect(heading(page, "智能体")).to_be_visible()


def test_the_insights_speak_english(window, asked):
    page = window(locale="en-US")
    page.goto("/insights/todo")
    expect(heading(page, "To do")).to_be_visible()
    page.get_by_test_id("nav-lang").click()
    expect(heading(page, "待处理")).to_be_visible()


def test_a_click_on_a_row_shows_the_message_and_what_was_written_stays_text(page, asked):
    page.goto("/insights/conversations")
    page.get_by_role("row").nth(2).click(position={"x": 20, "y": 15})  # the older message; not on its words
    expect(page).to_have_url(re.compile(r"/insights/message\?id="))
    expect(page.get_by_text(SAID).first).to_be_visible()
    assert page.title() != "1"


def test_a_message_is_found_and_sent_again_by_keys_alone(page, asked):
    page.goto("/insights/conversations")
    expect(page.get_by_role("row").nth(2)).to_be_visible()
    tab_to(page, "搜索消息和回答")
    page.keyboard.type("几点")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    tab_to(page, "几点开门？")
    page.keyboard.press("Enter")
    expect(heading(page, f"消息 {asked}")).to_be_focused()
    tab_to(page, "再发一次")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stToast")).to_contain_text("发布已经下线")
    page.go_back()
    expect(page.get_by_role("row")).to_have_count(2)


def tab_to(page, name):
    """Press Tab until what has the focus is called so."""
    for _ in range(40):
        page.keyboard.press("Tab")
        called = page.evaluate("""() => {
          const node = document.activeElement;
          if (!node.matches("a, button, input")) return "";
          return [node.ariaLabel, node.placeholder, node.textContent].join();
        }""")
        if name in called:
            return
    raise AssertionError(f"no way to {name!r} by Tab")


def test_a_page_weighs_little_and_asks_for_no_font(window, asked):
    page = window(own=True)
    asked_for = []
    page.on("request", lambda request: asked_for.append(request.url))
    weighing = page.context.new_cdp_session(page)
    weighing.send("Network.enable")
    sizes = []
    weighing.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    for path in ("", "conversations", f"message?id={asked}"):
        page.goto(f"/insights/{path}")
        expect(page.locator("h1")).to_be_visible()
        page.wait_for_load_state("networkidle")
    assert sum(sizes) < 900_000
    assert not [url for url in asked_for if ".woff" in url]


def test_scripts_come_in_one_file_also_for_what_is_drawn_later(window, asked):
    page = window(own=True)
    asked_for = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.goto(f"/insights/message?id={asked}")
    page.get_by_role("button", name="再发一次").click()
    expect(page.get_by_test_id("stToast")).to_be_visible()
    for name in ("消息", "待处理", "总览"):
        tab(page, name).click()
        expect(tab(page, name)).to_have_attribute("aria-current", "page")
        page.wait_for_load_state("networkidle")
    scripts = [url for url in asked_for if "/insights/static/" in url and not url.endswith(".css")]
    assert len(scripts) == 1


@pytest.mark.parametrize("name", ["总览", "消息", "待处理"])
def test_the_address_of_a_tab_opens_its_page_anew(page, asked, name):
    page.goto(f"/insights/message?id={asked}")
    tab(page, name).click()
    expect(heading(page, name)).to_be_visible()
    page.reload()
    expect(heading(page, name)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def tab(page, name):
    """One of the pages' names under the bar."""
    return page.get_by_role("navigation", name="洞察的页面").get_by_role("link", name=name)


def test_a_part_that_is_in_no_pack_is_a_module_beside_the_others(page, asked):
    page.goto("/insights/")
    expect(page.locator("h1")).to_be_visible()
    name = next(path.name for path in (FOLDER / "static" / "js").glob("Snow.*.js"))
    drawn = page.evaluate("async (name) => (await hyLinked.load(name)).default.$$typeof.toString()", name)
    assert drawn == "Symbol(react.memo)"


def test_without_the_pack_a_browser_takes_the_files_one_by_one(browser, site, login, asked):
    context = browser.new_context(base_url=site, locale="zh-CN", storage_state=login)
    page = context.new_page()
    page.route("**/pack.*.js", lambda route: route.fulfill(status=503))
    page.goto("/insights/")
    expect(heading(page, "总览")).to_be_visible()
    context.close()


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
    assert color in ("rgba(0, 0, 0, 0)", "rgb(24, 28, 36)")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 19, 25)"
    page.get_by_test_id("nav-theme").click()
    page.wait_for_function("getComputedStyle(document.body).backgroundColor === 'rgb(246, 247, 249)'")


@pytest.mark.parametrize("path", ["", "conversations", "todo", "places"])
def test_a_phone_shows_every_page_without_scrolling_sideways(path, window, asked):
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(f"/insights/{path}")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".in-tabs [aria-current]")).to_be_in_viewport(ratio=0.9)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", ["todo", "conversation?id={}"])
def test_a_long_result_wraps_on_a_phone(path, window, home, asked):
    with sqlite3.connect(home / "data" / "messages.db") as db:
        db.execute("update messages set state='delivered', failure='aside'")
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="en-US")
    page.goto(f"/insights/{path.format(asked)}")
    expect(page.get_by_text("Failed: it stopped the program").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_nothing_lies_over_export_on_a_phone(window, asked):
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto("/insights/conversations")
    export = page.get_by_role("button", name="导出 CSV")
    expect(export).to_be_visible()
    with page.expect_download() as started:
        export.tap()
    assert "几点开门？" in Path(started.value.path()).read_text(encoding="utf-8-sig")
