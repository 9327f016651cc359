"""Every page in a made-up language: each sentence of ours comes from a language's file, and has room."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest
from playwright.sync_api import TimeoutError, expect

from tests.browser.conftest import running, signed_in
from tests.browser.test_phone_width import CUT_OFF
from tests.browser.windows import Windows
from tests.languages import PSEUDO, PSEUDO_NAME, make_pseudo

OURS = re.compile(r"\[!(?:(?!\[!|!\]).)*!\]", re.DOTALL)
"""A sentence of the made-up language with no other in it."""
WORDS = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
NOT_OURS = re.compile(
    r"鸿雁 Hongyan|中文|English|Ṕśéúđó"  # names of the product and of languages
    r"|\b(?:Ctrl|Shift|Alt|Del|Esc|Tab|ms|px|kB|min|AI|API|JSON|ID|URL|Token)\b"  # keys and units
    r"|\b(?:Asia|Europe|America|Africa|Australia|Pacific|Atlantic|Indian|Etc)/\S+|UTC"
    r"|https?://\S+|[\w-]+(?:[/.-][\w-]+)+|sk-…|\b(?:app_|wx|gh_)\w*"  # addresses, models, keys
    r"|\{[{%].*?[%}]\}|^\{\s.*\}$",  # templates, JSON
    re.DOTALL,
)
WIDE = "document.documentElement.scrollWidth - innerWidth"
# A block’s id is a name, on its card as well (.fe-result).
SEEN = """() => {
  const shown = (node) => node.checkVisibility({ visibilityProperty: true });
  const said = new Set([document.querySelector('title:not([lang])')?.textContent ?? '']);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement: parent } = walker.currentNode;
    if (parent.closest('script, style, noscript, code, pre, kbd, .fe-result, body [lang]')) continue;
    if (!shown(parent)) continue;
    if (data.trim()) said.add(data.trim());
  }
  const NAMES = ['placeholder', 'aria-label', 'title', 'alt'];
  for (const node of document.querySelectorAll(NAMES.map((name) => `[${name}]`).join())) {
    if (shown(node)) NAMES.forEach((name) => said.add(node.getAttribute(name) ?? ''));
  }
  return [...said];
}"""
# What people write is in Greek letters, so that it is no sentence of ours by its letters.
SHOP = {
    "format": 1,
    "id": "shop",
    "name": "Ωμέγα",
    "description": "Πωλείται τσάι",
    "suggestions": ["Πότε;"],
    "variables": [{"name": "s", "title": "Σίγμα", "default": "Άλφα"}],
    "flow": [
        {"type": "model", "id": "m", "model": "nobody/nothing"},
        {
            "type": "branch",
            "id": "b",
            "cases": [
                {"title": "Ρω", "when": "message.text == '1'", "flow": [{"type": "handoff", "id": "h"}]}
            ],
        },
        {"type": "reply", "id": "r", "text": "{{ s }} {{ x }}"},
    ],
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("any-language")


@pytest.fixture(scope="module")
def site(home):
    make_pseudo(home / "texts")
    with running(home) as address:
        yield address


@pytest.fixture(scope="module")
def login(browser, site, home):
    return signed_in(browser, site, home / "state.json")


@pytest.fixture(scope="module")
def windows(browser, site, login):
    with Windows(browser, site, login) as them:
        yield them


@pytest.fixture
def agents(home):
    folder = home / "agents"
    folder.mkdir(exist_ok=True)
    (folder / "shop.json").write_text(json.dumps(SHOP, ensure_ascii=False), "utf-8")


def nothing(page):
    pass


def click(*ids):
    def do(page):
        for id in ids:
            page.get_by_test_id(id).first.click()

    return do


def press(keys):
    return lambda page: page.keyboard.press(keys)


LISTS = ("waiting", "tickets", "runs", "places")
"""Of the insights."""


@dataclass(frozen=True)
class Place:
    id: str
    path: str
    drawn: str
    """What is there once it is drawn."""
    do: Callable = nothing
    then: str = ""
    """What is there after that."""


FLOW = Place("the flow", "/build?agent=shop", ".fe-card")
BUILD, PLAY, PUBLISH = "/build?agent=shop", "/play?agent=shop", "/publish?agent=shop"
PLACES = [
    Place("agents", "/", ".hy-card"),
    Place("a new agent", "/", ".hy-card", click("new"), "dialog"),
    Place("an import", "/", ".hy-card", click("import"), "dialog"),
    Place("what can be done with an agent", "/", ".hy-card", click("menu"), "[role=menuitem]"),
    Place("help", "/", ".hy-card", click("nav-help"), "dialog"),
    Place("search over everything", "/", ".hy-card", press("Control+k"), "dialog input"),
    Place("what happened", "/", ".hy-card", click("nav-bell"), "[popover]:popover-open, dialog"),
    Place("models", "/models", "h1"),
    Place("a new model", "/models", "h1", click("add-model"), "dialog"),
    Place("prompts", "/prompts", "h1"),
    Place("bases", "/bases", "h1"),
    Place("no agent is chosen", "/build", "h1, h2, .hy-empty"),
    FLOW,
    Place("what is wrong", BUILD, ".fe-card", click("problems"), "[data-testid=problems]"),
    Place("settings", BUILD, ".fe-card", click("view-settings"), "[data-testid=agent-name]"),
    Place("JSON", BUILD, ".fe-card", click("view-json"), "[data-testid=json]"),
    Place("versions", BUILD, ".fe-card", click("history"), "dialog"),
    Place("describing", BUILD, ".fe-card", click("describe"), "[data-testid=describe-text]"),
    Place("tests", "/tests?agent=shop", "[data-testid=new-case]"),
    Place("a new test", "/tests?agent=shop", "h1", click("new-case"), "dialog"),
    Place("publish", PUBLISH, "h1, h2"),
    Place("publish to the API", PUBLISH, "h1, h2", click("channel-api"), "[data-testid=go-live]"),
    Place("the manual", "/manual/blocks", "main h1"),
    Place("insights", "/insights/", "h1"),
    *(Place(name, f"/insights/{name}", "h1") for name in ("conversations", "todo", *LISTS)),
    Place("playground", PLAY, "#ask textarea"),
    Place("two beside each other", PLAY, "#ask textarea", click("compare"), "[data-testid=column-add]"),
    Place("chats", PLAY, "#ask textarea", click("chats"), "[data-testid=chats-dialog]"),
]
"""Every page, and what comes after clicks. What they say is in the languages' files, each entry of which is
in its language (tests/test_languages.py): so nothing is missing or mixed in Chinese and English either."""


def left(text):
    """What of it is no sentence of the made-up language."""
    before = None
    while before != text:
        before, text = text, OURS.sub("", text)
    return NOT_OURS.sub("", text).strip()


def foreign(page):
    return [text for text in page.evaluate(SEEN) if WORDS.search(left(text))]


def opened(window, place, **more):
    page = window(locale=PSEUDO, **more)
    page.goto(place.path)
    expect(page.locator(place.drawn).first).to_be_visible()
    expect(page.locator(".hy-loading")).to_have_count(0)
    place.do(page)
    if place.then:
        expect(page.locator(place.then).first).to_be_visible()
    return page


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
def test_each_sentence_is_of_that_language_and_has_room_on_a_phone(window, agents, place):
    page = opened(window, place)
    assert foreign(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    with suppress(TimeoutError):
        page.wait_for_function(f"{WIDE} === 0 && !({CUT_OFF})().length")
    assert (page.evaluate(WIDE), page.evaluate(CUT_OFF)) == (0, [])


def test_every_block_and_its_form_speaks_it(window, agents):
    page = opened(window, FLOW)
    kinds = page.locator("[data-testid^=palette-]").evaluate_all(
        "them => them.map((one) => one.dataset.testid)"
    )
    assert len(kinds) >= 7
    found = {}
    for kind in kinds:
        page.get_by_test_id(kind).click()
        expect(page.get_by_test_id("inspector")).to_be_visible()
        found[kind] = foreign(page)
    assert found == {kind: [] for kind in kinds}


def test_the_login_speaks_it_and_offers_every_language(window):
    page = window(locale=PSEUDO, storage_state=None)
    page.goto("/login")
    expect(page.locator("footer a")).to_have_text(["中文", "English", PSEUDO_NAME])
    assert foreign(page) == []


def test_the_bar_offers_every_language(window, agents):
    page = opened(window, PLACES[0])
    choice = page.get_by_test_id("nav-lang")
    expect(choice).to_have_value(PSEUDO)
    choice.select_option(label="English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_test_id("nav-models")).to_have_text("Models")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("[!Śávé ~~~~!]", ""),
        ("[!{place}: [!Ńó. ~~~~!] ~~~~!]", ""),
        ("[!Śávé ~~~~!] now", "now"),
        ("保存", "保存"),
        ("Ωμέγα", "Ωμέγα"),
        ("{{ s }} demo/hongyan", ""),
    ],
)
def test_what_is_left_of_a_text(text, rest):
    assert left(text) == rest
