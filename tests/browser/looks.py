"""Take a picture of every page in every look, and put them on sheets: `make looks INTO=folder`.

Eight looks: Chinese or English, light or dark, desktop or phone. For eyes, not for a test.
"""

import argparse
import itertools
import re
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Error, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, running, signed_in
from tests.browser.places import PLACES
from tests.browser.whole_world import World

LANGUAGES = ("zh-CN", "en-US")
THEMES = ("light", "dark")
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
LOOKS = ["-".join(one) for one in itertools.product(LANGUAGES, THEMES, SIZES)]
WIDE = 2400  # pixels of a sheet
SHOWN = {"desktop": 600, "phone": 300}  # pixels of a picture on it
ROWS = 4  # of pictures on a sheet


def main():
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("into", type=Path)
    wanted.add_argument("--look", default="", help=f"only looks that contain it: {', '.join(LOOKS)}")
    wanted.add_argument("--only", default="", help="only places whose name fits this expression")
    given = wanted.parse_args()
    places = [one for one in PLACES if re.search(given.only, one.id)]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with running(home) as site:
            login = signed_in(browser, site, home / "state.json")
            for look in (one for one in LOOKS if given.look in one):
                tell(look)
                taken = list(take(browser, site, login, look, places, home, given.into / look))
                sheets(taken, look.rpartition("-")[2], given.into)


def take(browser, site, login, look, places, home, into):
    """Pictures of the places, each with what could not be drawn."""
    language, theme, size = look.rsplit("-", 2)
    into.mkdir(parents=True, exist_ok=True)
    wide, high = SIZES[size]
    more = {"has_touch": True, "is_mobile": True} if size == "phone" else {}
    options = {
        "base_url": site,
        "locale": language,
        "color_scheme": theme,
        "reduced_motion": "reduce",
        **more,
    }
    world = World(home)
    for n, place in enumerate(places):
        made = world.made(place.whose)
        state = None if place.whose == "nobody" else login
        context = browser.new_context(
            storage_state=state, viewport={"width": wide, "height": high}, **options
        )
        context.set_default_timeout(8_000)
        page = context.new_page()
        try:
            place.open(page, **made)
        except (Error, AssertionError) as e:
            tell(f"  {place.id}: {str(e).splitlines()[0]}")
        file = into / f"{n:02} {place.id}.png"
        page.screenshot(path=file)
        context.close()
        yield file


def sheets(files, size, into):
    """Contact sheets, a name below each picture."""
    wide = SHOWN[size]
    high = wide * SIZES[size][1] // SIZES[size][0]
    row = WIDE // wide
    for n, some in enumerate(batches(files, row * ROWS)):
        sheet = Image.new("RGB", (WIDE, (high + 24) * -(-len(some) // row)), "#888")
        drawing = ImageDraw.Draw(sheet)
        for place, file in enumerate(some):
            left, top = place % row * wide, place // row * (high + 24)
            sheet.paste(Image.open(file).convert("RGB").resize((wide - 8, high)), (left, top))
            drawing.text((left + 4, top + high + 4), file.stem, fill="black")
        sheet.save(into / f"{files[0].parent.name} {n}.png")


def tell(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def batches(files, most):
    return [files[n : n + most] for n in range(0, len(files), most)]


if __name__ == "__main__":
    main()
