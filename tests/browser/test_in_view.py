"""What one types into is in the window, however much stands above it."""

import pytest
from playwright.sync_api import expect

COVERED = """() => {
  const box = (of) => document.querySelector(of).getBoundingClientRect();
  const [tab, steps] = [box(".hy-tabs a:last-child"), box(".hy-steps")];
  const under = tab.right > steps.left && tab.bottom > steps.top;
  return under || document.documentElement.scrollWidth > innerWidth;
}"""
"""Whether the last tab is below what comes after it, or the bar is wider than the window."""
WINDOWS = {"desktop": (1440, 900), "phone": (390, 844)}


def is_in_view(page, box):
    """Before one scrolls; what stands above it may still be coming."""
    page.locator(box).wait_for()
    page.wait_for_function(
        "box => document.querySelector(box).getBoundingClientRect().bottom + scrollY <= innerHeight", arg=box
    )


@pytest.fixture
def touring(window):
    """Open a page while the tour goes on above it."""

    def go(size, path):
        width, height = WINDOWS[size]
        page = window(viewport={"width": width, "height": height})
        page.goto("/health")
        page.evaluate("sessionStorage.setItem('hy-tour', 'on')")
        page.goto(path)
        page.get_by_test_id("tour").wait_for()
        return page

    return go


@pytest.mark.parametrize("size", WINDOWS)
def test_the_box_of_the_playground_is_seen_below_the_tour(touring, agents, size):
    is_in_view(touring(size, "/play?agent=shop"), "#ask")


def test_the_box_is_seen_below_chats_side_by_side(touring, agents):
    page = touring("desktop", "/play?agent=shop")
    page.get_by_role("button", name="并排比较").click()
    page.get_by_test_id("column-1").wait_for()
    is_in_view(page, "#ask")


def test_what_is_described_is_typed_in_view_below_the_tour(touring, agents):
    page = touring("desktop", "/build?agent=shop&describe=1")
    is_in_view(page, ".hy-describe textarea")
    is_in_view(page, "#flow .fe")


def test_no_tab_of_the_bar_is_under_the_steps(window, agents):
    page = window(locale="en-US")
    page.goto("/tests?agent=shop")
    expect(page.locator(".hy-tabs a").last).to_have_text("Insights")
    covered = {}
    for width in range(1100, 1461, 20):
        page.set_viewport_size({"width": width, "height": 800})
        covered[width] = page.evaluate(COVERED)
    assert [width for width, is_covered in covered.items() if is_covered] == []
