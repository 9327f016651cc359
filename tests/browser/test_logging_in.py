"""Who may see the builder, and in which language."""

import pytest
from playwright.sync_api import expect

PAGES = ["/", "/build?agent=shop", "/play?agent=shop", "/publish?agent=shop", "/models"]


def test_nobody_enters_without_the_password(window):
    page = window(storage_state=None)
    page.goto("/build?agent=shop")
    expect(page.locator("input[type=password]")).to_be_visible()
    assert "/login" in page.url


def test_logging_out_ends_it(browser, site):
    context = browser.new_context(base_url=site, locale="zh-CN")
    page = context.new_page()
    page.goto("/login")
    page.locator("input[type=password]").fill("geese-fly-south")
    page.keyboard.press("Enter")
    page.get_by_test_id("nav-logout").click()
    page.wait_for_url("**/login**")
    page.goto("/")
    assert "/login" in page.url
    context.close()


def test_the_language_is_chosen_in_the_bar(page, agents):
    page.goto("/")
    expect(page.get_by_role("heading", name="智能体", exact=True)).to_be_visible()
    page.get_by_test_id("nav-lang").click()
    expect(page.get_by_role("heading", name="Agents", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_dark_stays_dark_after_a_reload(page, agents):
    page.goto("/")
    page.get_by_test_id("nav-theme").click()
    expect(page.locator("body.dark")).to_be_attached()
    page.reload()
    expect(page.locator("body.dark")).to_be_attached()


def test_the_agent_is_kept_from_page_to_page(page, agents):
    page.goto("/build?agent=shop")
    for name in ("play", "publish", "build"):
        page.get_by_test_id(f"nav-{name}").first.click()
        page.wait_for_url(f"**/{name}?agent=shop")
        if name == "play":  # a page that is left while Gradio asks something complains
            expect(page.get_by_role("button", name="几点开门？")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_every_page_without_scrolling_sideways(path, window, agents):
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(path)
    expect(page.locator(".hy-loading")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", ["/build", "/play", "/publish"])
def test_a_page_without_an_agent_offers_the_agents(path, page, agents):
    page.goto(path)
    page.get_by_role("link", name="茶铺").click()
    page.wait_for_url(f"**{path}?agent=shop")
