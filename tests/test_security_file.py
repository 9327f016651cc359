"""What SECURITY.md and its pages name is there."""

import re
from pathlib import Path

import pytest

from runtime.cli.arguments import parser
from runtime.exposure.advisories import KNOWN

ROOT = Path(__file__).parents[1]
FILES = ("SECURITY.md", "docs/en/security.md", "docs/zh/security.md")
SETTINGS = (ROOT / "runtime" / "settings.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES)
def test_what_it_names_is_there(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    for path in re.findall(r"`(tests/[\w/]+\.py)`", text):
        assert (ROOT / path).is_file(), path
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z]+)", text):
        assert re.search(rf"^{target}:", made, re.MULTILINE), target
    for name in re.findall(r"HONGYAN_[A-Z_]+", text):
        assert name in SETTINGS, name
    for line in re.findall(r"`(?:python )?app\.py ([a-z]+)", text):
        assert line in parser().format_help(), line


@pytest.mark.parametrize("file", FILES[1:])
def test_known_holes_stand_in_the_manual(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    for one in KNOWN:
        assert one.id.split(",")[0] in text, one.package
