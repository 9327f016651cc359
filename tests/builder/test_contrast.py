"""Words stand out from what they stand on, light and dark, by the variables of the sheet (WCAG AA)."""

import re
from pathlib import Path

import pytest

from builder import ui
from builder.pages import _look

SHEET = (Path(ui.__file__).parent / "static" / "common" / "base.css").read_text("utf-8")
BLOCKS = re.compile(r"(:root|\.dark) \{(.*?)\n\}", re.DOTALL)
COLOR = re.compile(r"--hy-([\w-]+): (#[0-9a-f]{3,8})\b")
GROUNDS = ("bg", "surface", "sunken")
WORDS = ("text", "soft", "faint", "accent", "ok", "warn", "bad")
PAIRS = [
    *((word, ground) for word in WORDS for ground in GROUNDS),
    *((tone, f"{tone}-soft") for tone in ("accent", "ok", "warn", "bad")),
    *(("text", f"{tone}-soft") for tone in ("accent", "ok", "warn", "bad")),
    *(("soft", f"{tone}-soft") for tone in ("accent", "ok", "warn", "bad")),
    *(("on-accent", ground) for ground in ("accent", "accent-strong")),
    ("surface", "bad"),
]
"""Which colour words have, and which is below them."""
ENOUGH = 4.5


def colours():
    """By look, each variable; what dark does not say it has from light."""
    found = {"light": {}, "dark": {}}
    for where, body in BLOCKS.findall(SHEET):
        found["light" if where == ":root" else "dark"] |= dict(COLOR.findall(body))
    return {"light": found["light"], "dark": {**found["light"], **found["dark"]}}


def luminance(colour):
    digits = colour[1:] if len(colour) > 4 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_words_stand_out_from_every_ground_they_stand_on(look):
    of = colours()[look]
    ratios = {pair: round(contrast(of[pair[0]], of[pair[1]]), 2) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < ENOUGH} == {}


def test_dark_says_its_own_of_every_colour():
    light, dark = ({name for name, _ in COLOR.findall(body)} for _, body in BLOCKS.findall(SHEET)[:2])
    assert light == dark


def test_gradios_parts_have_the_sheets_colours():
    of = colours()
    theme = _look.theme()
    same = {
        "body_background_fill": "bg",
        "background_fill_primary": "surface",
        "background_fill_secondary": "sunken",
        "border_color_primary": "line",
        "body_text_color": "text",
        "body_text_color_subdued": "soft",
        "color_accent_soft": "accent-soft",
    }
    for name, ours in same.items():
        for look, ending in (("light", ""), ("dark", "_dark")):
            wanted = of[look][ours]
            assert getattr(theme, f"{name}{ending}") in (wanted, wanted.replace("#fff", "#ffffff")), name


def test_a_pair_that_is_too_faint_would_be_found():
    assert round(contrast("#fff", "#000000"), 1) == 21
    assert contrast("#999999", "#ffffff") < ENOUGH
