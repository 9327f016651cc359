"""What a person sees of each page on a narrow phone."""

import json

import pytest
from playwright.sync_api import expect

# Whatever can be clicked and is drawn, but not what lies in something that scrolls sideways by itself.
CUT_OFF = """() => {
  const scrolls = (node) =>
    node && (/auto|scroll/.test(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  return [...document.querySelectorAll('.hy :is(a, button, input, textarea)')]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !scrolls(node.parentElement))
    .filter((node) => {
      const { left, right, width } = node.getBoundingClientRect();
      return width && (left < -1 || right > innerWidth + 1) && right > 0;
    })
    .map((node) => node.dataset.testid ?? node.textContent);
}"""
# The playground last: a page that is left while Gradio asks something complains.
PAGES = (
    "/",
    "/models",
    "/prompts?prompt=customer_service",
    "/build?agent=shop",
    "/publish?agent=shop",
    "/play?agent=shop",
)


WIDTHS = (320, 390)


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_nothing_to_click_is_cut_off_on_a_phone(window, agents, locale):
    shop = json.loads((agents / "shop.json").read_text("utf-8"))
    shop["flow"].append({"type": "model", "id": "ask", "model": "nobody/nothing"})
    (agents / "shop.json").write_text(json.dumps(shop), encoding="utf-8")  # to fix: one button more
    page = window(locale=locale, viewport={"width": WIDTHS[0], "height": 844})
    seen = {}
    for path in PAGES:
        page.goto(path)
        expect(page.get_by_test_id("nav-home")).to_be_visible()
        expect(page.locator(".hy-loading")).to_have_count(0)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            seen[path, width] = page.evaluate(CUT_OFF)
    assert {at: found for at, found in seen.items() if found} == {}
