"""Fingers on the flow, as Chromium gets them from a screen: long press, drag, pinch, two fingers, taps."""

import pytest
from flow_page import FLOW, card, find, flow_of, ids, slot
from playwright.sync_api import expect

pytest_plugins = ["flow_fixtures"]

LONG = 480
"""Milliseconds of a long press."""


@pytest.fixture
def phone(show):
    return show(window="phone")


def fingers(page):
    """Touches at [(x, y)], as the screen reports them."""
    session = page.context.new_cdp_session(page)

    def touch(kind, *points):
        at = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    return touch


def middle(node):
    box = node.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def press(page, touch, node):
    x, y = middle(node)
    touch("touchStart", (x - 40, y))
    page.wait_for_function("() => document.querySelector('.fe-card.held')", timeout=LONG * 4)
    return x - 40, y


@pytest.mark.parametrize("view", ["list", "flow"])
def test_a_long_press_takes_a_block_to_another_branch(phone, view):
    phone.get_by_test_id(f"bar-{view}").tap()
    for name in ("tell", "time"):
        card(phone, name).scroll_into_view_if_needed()
    touch = fingers(phone)
    x, y = press(phone, touch, card(phone, "tell"))
    touch("touchMove", (x, y - 20))
    to = slot(phone, "flow.1.cases.1.flow.0")
    for _ in range(20):  # at an edge it scrolls along
        touch("touchMove", middle(to))
        if "hot" in to.get_attribute("class"):
            break
    touch("touchEnd")
    assert [one["id"] for one in find(phone, "wish")["cases"][1]["flow"]] == ["tell", "time"]
    expect(phone.locator(".fe-ghost")).to_have_count(0)


def test_a_move_without_a_long_press_scrolls_and_takes_nothing(phone):
    touch = fingers(phone)
    x, y = middle(card(phone, "human"))
    touch("touchStart", (x, y))
    for by in range(1, 9):
        touch("touchMove", (x, y - 30 * by))
    touch("touchEnd")
    phone.wait_for_function("() => scrollY > 20")
    assert flow_of(phone) == FLOW


def test_long_presses_and_taps_mark_several_which_a_menu_then_deletes(phone):
    touch = fingers(phone)
    press(phone, touch, card(phone, "docs"))
    touch("touchEnd")
    expect(phone.get_by_test_id("marked")).to_contain_text("已选 1 块")
    card(phone, "human").locator(".fe-main").tap()
    expect(phone.get_by_test_id("marked")).to_contain_text("已选 2 块")
    phone.get_by_test_id("marked").get_by_test_id("bar-delete").tap()
    assert not {"docs", "human"} & {*ids(phone)}
    phone.get_by_test_id("bar-undo").tap()
    assert flow_of(phone) == FLOW
    card(phone, "docs").locator(".fe-more").tap()
    phone.get_by_test_id("do-duplicate").tap()
    assert ids(phone)[:2] == ["docs", "knowledge"]


def test_two_fingers_zoom_the_chart_where_they_are_and_take_it_along(phone):
    phone.get_by_test_id("bar-flow").tap()
    stage = phone.locator(".fe-stage")
    wide = "() => document.querySelector('.fe-world').getBoundingClientRect().width"
    before = phone.evaluate(wide)
    assert stage.evaluate("node => node.scrollWidth - node.clientWidth") < 20
    touch = fingers(phone)
    touch("touchStart", (150, 400), (240, 400))
    for out in (20, 50, 80):
        touch("touchMove", (150 - out, 400), (240 + out, 400))
    touch("touchEnd")
    assert phone.evaluate(wide) > before * 1.3
    from_left = stage.evaluate("node => node.scrollLeft")
    touch("touchStart", (150, 400), (240, 400))
    for by in (10, 30, 60):
        touch("touchMove", (150 + by, 400), (240 + by, 400))
    touch("touchEnd")
    assert from_left - stage.evaluate("node => node.scrollLeft") == pytest.approx(60, abs=12)
    assert phone.evaluate("visualViewport.scale") == 1
    assert flow_of(phone) == FLOW
