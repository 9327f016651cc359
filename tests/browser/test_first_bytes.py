"""A page tells in its first bytes what it will ask for, and asks for nothing twice."""

import json
import re
from collections import Counter

import pytest
from playwright.sync_api import expect

PAGES = {
    "/": ".hy-agent",
    "/models": "[data-testid=secrets]",
    "/build?agent=shop": ".fe-card",
    "/play?agent=shop": "#ask textarea",
    "/publish?agent=shop": ".hy-channels",
    "/tests?agent=shop": "[data-testid=new-case]",
}
LANGS = {"zh": "zh-CN", "en": "en-US"}
FILES = re.compile(r"/(assets|static)/.*|/theme\.css.*")


def action(request):
    """Which: that one is asked once, whatever goes with it."""
    return json.loads(request.post_data).get("action") if request.post_data else None


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", PAGES)
def test_what_a_page_asks_for_is_told_in_its_first_bytes(path, lang, window, agents, site):
    page = window(own=True, locale=LANGS[lang])
    asked = []
    page.on("request", lambda request: asked.append((request.url.removeprefix(site), action(request))))
    first_bytes = page.goto(path).text()
    expect(page.locator(PAGES[path]).first).to_be_visible()
    files = [where for where, _ in asked if FILES.fullmatch(where)]
    assert len(files) > 20
    assert [file for file in files if file.removeprefix("/") not in first_bytes] == []
    assert [what for what, times in Counter(asked).items() if times > 1] == []
