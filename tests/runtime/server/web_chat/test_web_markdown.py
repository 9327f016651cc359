"""What a model wrote, as a visitor's browser shows it: a tree of words in which nothing acts."""

import json

import pytest

from deno_script import told

ASK = """
import { blocks, pieces, plain } from "CLIENT/markdown.js";
import { address } from "CLIENT/shown.js";
const trees = asked.texts.map((text) => pieces(plain(text)).flatMap((part) => blocks(part)));
const links = asked.links.map((href) => address(href, "https://agent.example/p/")?.href ?? null);
const long = asked.long.map((text) => {
  const began = performance.now();
  blocks(plain(text));
  return performance.now() - began < 3000;
});
const grown = asked.texts.map((text) => {
  const whole = pieces(text);
  return whole.slice(0, -1).every((one, i) => pieces(text + " and\\nmore").indexOf(one) === i);
});
console.log(JSON.stringify({ trees, links, long, grown }));
"""
LINK = "https://example.com/a"


def p(*inner):
    return {"is": "p", "inner": list(inner)}


def a(href, *inner):
    return {"is": "a", "href": href, "inner": list(inner)}


def of(kind, *inner):
    return {"is": kind, "inner": list(inner)}


TREES = {
    "你好": [p("你好")],
    "**a** *b* ~~c~~ `d*e*`": [
        p(of("strong", "a"), " ", of("em", "b"), " ", of("s", "c"), " ", {"is": "code", "text": "d*e*"})
    ],
    "***a***": [p(of("strong", of("em", "a")))],
    "**a *b* c**": [p(of("strong", "a ", of("em", "b"), " c"))],
    "2 * 3 * 4, snake_case_name": [p("2 * 3 * 4, snake_case_name")],
    "**open": [p("**open")],
    "a\nb": [p("a", {"is": "br"}, "b")],
    "a\n\nb": [p("a"), p("b")],
    "# A\nb": [{"is": "h", "size": 1, "inner": ["A"]}, p("b")],
    "- a\n- b\n  1. c": [
        {
            "is": "ul",
            "start": 1,
            "items": [[p("a")], [p("b"), {"is": "ol", "start": 1, "items": [[p("c")]]}]],
        }
    ],
    "3. a\n4. b": [{"is": "ol", "start": 3, "items": [[p("a")], [p("b")]]}],
    "> a\n> b": [{"is": "blockquote", "inner": [p("a", {"is": "br"}, "b")]}],
    "```js\n<b>\n\n*x*\n```": [{"is": "pre", "of": "js", "text": "<b>\n\n*x*"}],
    "```\nnot over": [{"is": "pre", "of": "", "text": "not over"}],
    "|a|b|\n|--|:-:|\n|1|*2*|": [
        {"is": "table", "head": [["a"], ["b"]], "rows": [[["1"], [of("em", "2")]]]},
    ],
    "---": [{"is": "hr"}],
    f"[a]({LINK})": [p(a(LINK, "a"))],
    f"看 {LINK}。": [p("看 ", a(LINK, LINK), "。")],
    f"({LINK})": [p("(", a(LINK, LINK), ")")],
    f"<{LINK}>": [p(a(LINK, LINK))],
    f"![x]({LINK})": [p({"is": "img", "src": LINK, "text": "x"})],
    "[a](/files/x.pdf)": [p(a("/files/x.pdf", "a"))],
    r"\*a\*": [p("*", "a", "*")],
    # nothing of this acts
    "<img src=x onerror=alert(1)>": [p("<img src=x onerror=alert(1)>")],
    "<script>alert(1)</script>": [p("<script>alert(1)</script>")],
    "[a](javascript:alert(1))": [p(of("span", "a"))],
    "[a](data:text/html,x)": [p(of("span", "a"))],
    "[a](//evil.example)": [p(of("span", "a"))],
    "[a](/\\evil.example)": [p(of("span", "a"))],
    "a\u202eb\u2066c\x00": [p("abc")],
    "e" + "\u0301" * 30: [p("e\u0301\u0301")],
}
LINKS = {
    "https://x.example/": "https://x.example/",
    "/files/a.png": "https://agent.example/files/a.png",
    "/\\evil.example": None,
    "//evil.example": None,
    "javascript:alert(1)": None,
    "JavaScript:alert(1)": None,
    " javascript:alert(1)": None,
    "vbscript:x": None,
    "blob:https://agent.example/x": None,
    "mailto:a@b.example": "mailto:a@b.example",
    "tel:+861": "tel:+861",
    "http://[": None,
}
MANY = 20_000
LONG = [
    *(
        sign * MANY
        for sign in ("*", "_", "`", "[", "![", "](", "> ", "- ", "a*", "*a ", "`a ", "[a](", "~~", "|")
    ),
    "\n".join(["- a"] * MANY),
    "\n".join(["|a|b|", "|-|-|", *["|1|2|"] * MANY]),
    "https://" * MANY,
    "x" * 500_000,
    "# " + "#" * 4 * MANY + "x",
    "# " + " #" * 2 * MANY + "x",
    "#" + " " * 4 * MANY + "x",
    "a|b\n---" + " " * 4 * MANY + "x",
    "[" * 4 * MANY + "](x",
    ("[a](" + " " * 3_900) * 50,
    "`" * 3 + "\n" + "x\n" * MANY,
    "".join(f"{'*' * (n % 7)}a" for n in range(MANY)),
    "> " * 400 + "a\n" * 400,
]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    asked = {"texts": list(TREES), "links": list(LINKS), "long": LONG}
    return told(tmp_path_factory.mktemp("markdown"), ASK, asked)


@pytest.mark.parametrize("at", range(len(TREES)), ids=[json.dumps(text)[:40] for text in TREES])
def test_markdown_is_a_tree_of_words(at, seen):
    assert seen["trees"][at] == list(TREES.values())[at]


def test_a_link_leads_to_another_page_and_runs_nothing(seen):
    assert dict(zip(LINKS, seen["links"], strict=True)) == LINKS


def test_no_text_is_slow_to_read(seen):
    """In 3 s: the longest takes a tenth of one, and a square ten."""
    assert all(seen["long"])


def test_what_was_shown_stays_while_more_is_written(seen):
    assert all(seen["grown"])
