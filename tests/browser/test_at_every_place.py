"""Every place that a page can show, as somebody with keys, a screen reader, weak eyes or a phone meets it."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.browser import measuring
from tests.browser.places import OF_PAGE, walked
from tests.browser.whole_world import World, clear

OTHERS = [
    Path(find_spec(name).origin).with_name(folder) / below  # found without a second to load it
    for name, folder, below in (("streamlit", "static", ""), ("gradio", "templates", "frontend"))
]
DESKTOP = {}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "color_scheme": "dark",
    "locale": "en-US",
    "has_touch": True,
    "is_mobile": True,
}


@pytest.fixture(scope="module")
def world(home, site):
    """What other files left is gone, and nothing is left for them."""
    yield World(home)
    clear(home)


@pytest.fixture
def window(windows, path):
    """As everywhere. Of an answer that is a refusal the browser itself complains."""
    yield windows.open
    refusals = [f"status of {place.status}" for place in OF_PAGE[path] if place.status != 200]
    assert [told for told in windows.give_back() if not any(one in told for one in refusals)] == []


def seen(page, whole):
    """On a large screen, in the light: also by keys alone, those of the whole page once."""
    reached = measuring.unreached(page) if whole else []
    return [*measuring.accessible(page), *measuring.unseen(page), *reached]


def touched(page, whole):
    """On a phone, in the dark."""
    wider = measuring.wider(page)
    said = [f"{wider} pixels too wide"] if wider > 0 else []
    return [*measuring.accessible(page), *measuring.too_small(page), *said]


@pytest.mark.parametrize(("look", "measure"), [(DESKTOP, seen), (PHONE, touched)], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", OF_PAGE)
def test_nobody_is_kept_out(path, look, measure, window, world):
    places = OF_PAGE[path]
    signed_out = {"storage_state": None} if places[0].whose == "nobody" else {}
    assert walked(places, window(**look, **signed_out), world, measure) == {}


def test_what_is_passed_over_is_still_there():
    drawn = [file.read_text("utf-8") for file in (one for them in OTHERS for one in them.rglob("*.js"))]
    assert [word for _, word in measuring.OF_OTHERS if not any(word in one for one in drawn)] == []
