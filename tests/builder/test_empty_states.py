"""Where nothing is yet, it is said what it is for and a button begins it: on every page, in each language."""

import re
from pathlib import Path
from typing import get_args

import pytest

import builder
from builder import texts
from builder.insights._empty import EMPTY, Of, sheet

STATIC = Path(builder.__file__).parent / "static"
SOURCE = "".join(file.read_text("utf-8") for file in sorted(STATIC.rglob("*.js")))
DECLARED = (STATIC / "common" / "empty.js").read_text("utf-8")
TEACHES = 12
"""Characters of a hint, at least."""


def declared(table):
    found = re.search(rf"const {table} = \{{(.*?)\}};", DECLARED, re.DOTALL)[1]
    return re.findall(r"(\w+): \"", found)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("table", "key"), [("YET", "empty"), ("CALM", "calm")])
def test_each_says_what_it_is_for(table, key, lang):
    known = texts.load(lang)
    for name in declared(table):
        assert known[f"{key}.{name}.title"]
        assert key == "calm" or len(known[f"{key}.{name}.hint"]) >= TEACHES, name


def test_each_is_shown_somewhere_with_a_button():
    shown = {}
    for name, inside in re.findall(r"<\$\{Empty\} of=\"(\w+)\">(.*?)</\$\{Empty\}>", SOURCE, re.DOTALL):
        shown.setdefault(name, []).append(inside)
    assert set(shown) == set(declared("YET"))
    for name, places in shown.items():
        for inside in places:
            assert re.search(r"\$\{(Button|Link|NewButton|creator|add)\}", inside), name


def test_what_is_calm_is_shown_too_and_nothing_else_is_drawn_as_empty():
    assert set(re.findall(r"<\$\{Calm\} of=\"(\w+)\" />", SOURCE)) == set(declared("CALM"))
    assert SOURCE.count('class="hy-empty"') == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", get_args(Of))
def test_the_insights_teach_too(name, lang):
    known = texts.load(lang, "insights.")
    assert len(known[f"empty.{name}.hint"]) >= TEACHES
    assert known[f"empty.{name}.title"]
    assert known[f"empty.{name}.go"]
    assert f".in-icon-{EMPTY[name][0]} {{" in sheet()
