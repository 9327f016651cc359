"""The editor on a phone, for a screen reader, and with hostile data."""

from flow_page import card, ids, pick, slot
from playwright.sync_api import expect

pytest_plugins = ["flow_fixtures"]

EVIL = "<img src=x onerror='window.pwned=1'>${window.pwned=1}{{ '</script><script>window.pwned=1</script>' }}"

NAMELESS = """() => [...document.querySelectorAll('.fe :is(button, input, select, textarea)')]
    .filter((node) => node.checkVisibility() && !node.textContent.trim())
    .filter((node) => !node.getAttribute('aria-label') && !node.getAttribute('aria-labelledby'))
    .map((node) => node.outerHTML)"""


def test_on_a_phone_it_is_a_list_with_a_sheet(show):
    page = show(window="phone")
    expect(page.locator(".fe.narrow.as-list")).to_be_visible()
    expect(page.get_by_test_id("inspector")).to_be_hidden()
    card(page, "docs").locator(".fe-main").tap()
    sheet = page.get_by_test_id("inspector")
    expect(sheet).to_be_visible()
    assert round(sheet.bounding_box()["y"] + sheet.bounding_box()["height"]) == 844
    page.get_by_test_id("close").tap()
    expect(sheet).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_a_block_is_added_from_the_bar(show):
    page = show("?flow=[]", window="phone")
    page.get_by_test_id("bar-add").tap()
    page.get_by_test_id("menu-reply").tap()
    assert ids(page) == ["reply"]
    expect(page.get_by_test_id("inspector")).to_be_visible()


def test_everything_has_a_name(show):
    page = show()
    pick(page, "answer")
    assert page.evaluate(NAMELESS) == []


def test_data_stays_text(show):
    page = show("?flow=[]")
    flow = [
        {"type": "reply", "id": "say", "title": EVIL, "text": EVIL},
        dict.fromkeys(("type", "id", "title"), EVIL),
    ]
    page.evaluate("flow => editor.load(flow)", flow)
    page.evaluate("text => editor.problems([{field: 'flow.0.text', text}])", EVIL)
    page.evaluate("text => editor.update({variables: [{name: 'x', title: text}], models: [text]})", EVIL)
    pick(page, "say")
    card(page, "say").locator(".fe-more").click()
    page.keyboard.press("Escape")
    page.locator(".fe-card").nth(1).locator(".fe-main").click()
    assert page.evaluate("window.pwned") is None
    assert page.locator(".fe img, .fe script").count() == 0
    expect(card(page, "say").locator(".fe-name")).to_have_text(EVIL)


def test_a_finger_drags_a_block_by_its_grip(show):
    page = show(window="phone")
    grip = card(page, "docs").locator(".fe-grip").bounding_box()
    target = slot(page, "flow.1.cases.0.flow.0").bounding_box()
    finger = page.context.new_cdp_session(page)

    def touch(kind, *points):
        finger.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )

    x, y = grip["x"] + 17, grip["y"] + 17
    touch("touchStart", (x, y))
    touch("touchMove", (x, y + 30))
    touch("touchMove", (target["x"] + 90, target["y"] + 17))
    touch("touchEnd")
    assert ids(page)[:3] == ["wish", "docs", "human"]
