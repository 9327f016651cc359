"""Addresses that are given away: by one rule, wherever they are shown."""

import re

import pytest

from deno_script import ROOT, told

SCRIPT = """
globalThis.document = { querySelector: () => null, baseURI: asked.page };
globalThis.location = new URL(asked.page);
const { outward, isLocal, here } = await import("EDITOR/static/common/address.js");
const address = outward(asked.path, asked.public);
console.log(JSON.stringify([address, isLocal(address), here("http://127.0.0.1:7860/made/x/a.ics")]));
"""
HERE, LAN, WORLD = (
    "http://127.0.0.1:7860/play?agent=a",
    "http://192.168.1.5:7860/play",
    "https://bot.example.com/play",
)
MADE = "http://127.0.0.1:7860/made/x/a.ics"
ROWS = [
    (HERE, "", ["http://127.0.0.1:7860/shared/t", True, MADE]),
    ("http://localhost:7860/play", "", ["http://localhost:7860/shared/t", True, MADE]),
    ("http://[::1]:7860/play", "", ["http://[::1]:7860/shared/t", True, MADE]),
    (LAN, "", ["http://192.168.1.5:7860/shared/t", False, "http://192.168.1.5:7860/made/x/a.ics"]),
    (HERE, "https://bot.example.com", ["https://bot.example.com/shared/t", False, MADE]),
    (HERE, "https://bot.example.com/tea/", ["https://bot.example.com/tea/shared/t", False, MADE]),
    (WORLD, "", ["https://bot.example.com/shared/t", False, "https://bot.example.com/made/x/a.ics"]),
]


@pytest.mark.parametrize(("page", "public", "wanted"), ROWS)
def test_the_public_address_else_that_of_the_page_and_whether_only_this_machine_opens_it(
    tmp_path, page, public, wanted
):
    for path in ("shared/t", "/shared/t"):
        assert told(tmp_path, SCRIPT, {"page": page, "public": public, "path": path}) == wanted


def test_no_page_makes_an_address_of_its_own():
    pages = [path for path in (ROOT / "builder" / "static").rglob("*.js")]
    own = [path.name for path in pages if re.search(r"location\.origin", path.read_text("utf-8"))]
    assert own == []
