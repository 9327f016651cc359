"""The Mini Program's pages: what they name exists, and is told to whoever cannot see it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

KIT = Path(__file__).parents[2] / "templates" / "miniprogram"
PAGES = sorted(KIT.rglob("*.wxml"))
SHEETS = sorted(KIT.rglob("*.wxss"))
PARTS = {"block", "button", "image", "navigator", "scroll-view", "template", "text", "textarea", "view"}
"""Of the platform."""
OWN = {"answer", "composer", "privacy", "reason"}
ALONE = re.compile(r"<([\w-]+)((?:[^<>\"]|\"[^\"]*\")*?)/>")
RULE = re.compile(r"([^{}@]+)\{([^{}]*)\}")
MOST = 400_000
"""Bytes of all files."""


class Read(HTMLParser):
    """A page's elements with their attributes; `open` is empty when each one was closed."""

    def __init__(self, source):
        super().__init__(convert_charrefs=False)
        self.found, self.open = [], []
        self.wrong = []
        self.feed(ALONE.sub(r"<\1\2></\1>", source))

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def name(path):
    return path.relative_to(KIT).as_posix()


def script(path):
    """The page's script with what it takes its methods from."""
    beside = [one.read_text("utf-8") for one in path.parent.glob("*.js")]
    return "\n".join(beside)


pages = pytest.mark.parametrize("path", PAGES, ids=name)
sheets = pytest.mark.parametrize("path", SHEETS, ids=name)


def handlers(path):
    for _, attributes in Read(path.read_text("utf-8")).found:
        yield from (value for at, value in attributes.items() if at.startswith(("bind", "catch")))


@pages
def test_each_element_is_one_and_is_closed(path):
    read = Read(path.read_text("utf-8"))
    assert (read.open, read.wrong) == ([], [])
    assert {tag for tag, _ in read.found} <= PARTS | OWN
    settings = json.loads(path.with_suffix(".json").read_text("utf-8"))
    used = {tag for tag, _ in read.found} & OWN
    assert used == set(settings["usingComponents"])
    assert all((path.parent / f"{where}.wxml").exists() for where in settings["usingComponents"].values())


@pages
def test_each_tap_is_answered(path):
    wanted = set(handlers(path))
    assert [one for one in wanted if not re.search(rf"\b{one}\(", script(path))] == []


@pages
def test_each_sentence_is_one_of_the_texts(path):
    texts = (KIT / "lib" / "texts.js").read_text("utf-8")
    named = re.findall(r"\bt\.(\w+)", path.read_text("utf-8"))
    assert [one for one in named if not re.search(rf"^  {one}: ", texts, re.MULTILINE)] == []


@pages
def test_what_is_tapped_says_what_it_is(path):
    """A button of nothing but a picture, and a view that is tapped, have a name and a role."""
    source = path.read_text("utf-8")
    read = Read(source)
    nameless = [
        attributes
        for tag, attributes in read.found
        if tag not in ("button", "navigator", *OWN)
        and "bindtap" in attributes
        and "aria-role" not in attributes
    ]
    assert nameless == []
    pictures = re.findall(r"<button([^>]*)><view class=\"icon[^>]*></button>", source)
    assert [one for one in pictures if "aria-label" not in one] == []
    assert [one for _, one in read.found if "wx:for" in one and "wx:key" not in one] == []


@pages
def test_no_answer_becomes_a_page(path):
    """rich-text and web-view would read it as HTML."""
    assert not re.search(r"rich-text|web-view|src=\"\{\{(?!pictures)", path.read_text("utf-8"))


@sheets
def test_each_rule_is_one(path):
    source = re.sub(r"url\(\"[^\"]*\"\)", "url()", path.read_text("utf-8"))
    assert source.count("{") == source.count("}")
    for selector, body in RULE.findall(source):
        selectors = [one.strip() for one in selector.split(",")]
        whole = r"page|(0|60|100|30)%|(\.[\w-]+(::?[\w-]+(\(\d\))?)?\s?)+"
        assert [one for one in selectors if not re.fullmatch(whole, one.strip())] == []
        for line in filter(None, (one.strip() for one in body.split(";"))):
            assert re.fullmatch(r"-{0,2}[\w-]+: [^:]+", line), line


def test_each_class_has_a_rule():
    rules = set(re.findall(r"\.([a-z][\w-]*)", "\n".join(path.read_text("utf-8") for path in SHEETS)))
    named = set()
    for path in PAGES:
        for classes in re.findall(r"class=\"([^\"]*)\"", path.read_text("utf-8")):
            named |= set(re.sub(r"[\w-]*\{\{.*?\}\}[\w-]*", " ", classes).split())
    assert sorted(named - rules) == []


def test_the_parts_that_the_tool_looks_for():
    app = json.loads((KIT / "app.json").read_text("utf-8"))
    for page in app["pages"]:
        assert all((KIT / f"{page}.{kind}").exists() for kind in ("js", "json", "wxml", "wxss"))
    theme = json.loads((KIT / app["themeLocation"]).read_text("utf-8"))
    named = {value[1:] for value in app["window"].values() if str(value).startswith("@")}
    assert named == theme["light"].keys() == theme["dark"].keys()
    assert (app["darkmode"], app["__usePrivacyCheck__"]) == (True, True)
    assert (KIT / app["sitemapLocation"]).exists()
    project = json.loads((KIT / "project.config.json").read_text("utf-8"))
    assert project["compileType"] == "miniprogram"


def test_it_is_small_and_needs_nothing():
    every = [path for path in KIT.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in every) < MOST // 2
    assert not [path for path in every if path.name in ("package.json", "node_modules")]
    needed = re.findall(
        r"require\(\"([^\"]+)\"\)", "\n".join(path.read_text("utf-8") for path in KIT.rglob("*.js"))
    )
    assert [one for one in needed if not one.startswith(("./", "../"))] == []
