"""Every page in a made-up language: each sentence of ours comes from a language's file, and has room."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import running, signed_in
from tests.browser.places import OF_PAGE, PLACES, walked
from tests.browser.test_phone_width import CUT_OFF
from tests.browser.whole_world import World, greek
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
FLOW = next(place for place in PLACES if place.id == "the flow")
OF_READERS = {
    path: found
    for path, places in OF_PAGE.items()
    if (found := [one for one in places if one.speaks == "reader"])
}
"""Every page, and what comes after clicks. What they say is in the languages' files, each entry of which is
in its language (tests/test_languages.py): so nothing is missing or mixed in Chinese and English either."""
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("any-language")


@pytest.fixture(scope="module")
def site(home):
    """A program of its own: one that speaks a third language has another switch of languages."""
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


@pytest.fixture(scope="module")
def world(home, site):
    return World(home, greek)


@pytest.fixture
def window(windows):
    """As everywhere. Of an answer that is a refusal the browser itself complains."""
    yield windows.open
    assert [told for told in windows.give_back() if "status of 4" not in told] == []


def left(text):
    """What of it is no sentence of the made-up language."""
    before = None
    while before != text:
        before, text = text, OURS.sub("", text)
    return NOT_OURS.sub("", text).strip()


def foreign(page):
    return [text for text in page.evaluate(SEEN) if WORDS.search(left(text))]


def unsaid(page, whole):
    """What is not of that language, and what has no room on a phone."""
    found = foreign(page)
    page.set_viewport_size(PHONE)
    for _ in range(20):
        if page.evaluate(WIDE) <= 0 and not page.evaluate(CUT_OFF):
            break
        page.wait_for_timeout(200)
    wider, cut_off = page.evaluate(WIDE), page.evaluate(CUT_OFF)
    page.set_viewport_size(DESKTOP)
    return [*found, *([f"{wider} pixels too wide"] if wider > 0 else []), *cut_off]


@pytest.mark.parametrize("path", OF_READERS)
def test_each_sentence_is_of_that_language_and_has_room_on_a_phone(window, world, path):
    places = OF_READERS[path]
    signed_out = {"storage_state": None} if places[0].whose == "nobody" else {}
    assert walked(places, window(locale=PSEUDO, **signed_out), world, unsaid) == {}


def test_every_block_and_its_form_speaks_it(window, world):
    page = window(locale=PSEUDO)
    FLOW.open(page, **world.made("full"))
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


def test_the_bar_offers_every_language(window):
    page = window(locale=PSEUDO)
    page.goto("/models")
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
