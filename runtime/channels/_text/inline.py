"""What stands within a line of an answer: emphasis, code, links, formulas, tags.

One walk from left to right over units that cannot overlap; each is bounded, so that hostile text takes no
longer than other text. Only then the stars between the units are judged.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt

from runtime.channels._text import formula, pairs, stars
from runtime.channels._text.printable import clean

MAX_FORMULAS = 300
MAX_LINK = 1000
"""Bytes of an `<a>` tag with its label; longer ones are written out, so that a part can hold the tag."""
OUR_TAG = "\x02"
"""Stands for the `<` of our own links until the typed ones are inert: no text has it after `clean`."""
TAPPABLE = re.compile(r"https?://[^\s<>\"`]+", re.IGNORECASE)
ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]{1,30}:|/|#|www\.|[\w-]+(?:\.[\w-]+)+)\S*", re.IGNORECASE)
"""What may stand in the round brackets of a link; `[注](见下文)` is none."""
TAGS = [
    "a",
    "abbr",
    "article",
    "audio",
    "b",
    "base",
    "big",
    "blockquote",
    "br",
    "button",
    "center",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "figure",
    "font",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "li",
    "link",
    "mark",
    "meta",
    "object",
    "ol",
    "p",
    "pre",
    "s",
    "script",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "video",
]
ALONE = {"br": "\n", "hr": "\n———\n", "img": "", "input": "", "link": "", "meta": "", "base": "", "embed": ""}
"""Tags without an end, and what is shown for them."""
STRUCK = "~~"
STRIKES = frozenset({"s", "del", "strike"})
OPENED = {"li": "• "}
CLOSED = {"td": " ", "th": " "}
CLOSED |= dict.fromkeys(("li", "p", "div", "tr", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"), "\n")
"""What is shown for the two ends of a pair, if anything."""
VALUE = r"""(?:"[^"<>]{0,2000}"|'[^'<>]{0,2000}'|[^\s"'=<>`]{1,2000})"""
LABEL = r"(?:[^\[\]\n]|\[[^\[\]\n]{0,300}\](?:\([^()\s]{0,2000}\))?+){0,300}"
TARGET = r"(?:<[^<>\n]{0,2000}>|(?:[^\s()<>]|\([^\s()<>]{0,300}\)){0,2000})"
UNIT = re.compile(
    rf"""
    (?P<code>(?<!`)(?:
          `(?!`)(?P<one>[^`]{{1,5000}})`(?!`)
        | ``(?!`)(?P<two>.{{1,500}}?)(?<!`)``(?!`)
        | ```(?!`)(?P<three>[^`]{{1,5000}})```(?!`)))
  | (?P<formula>
          \$\$(?P<dollars>[^$]{{1,2000}})\$\$
        | \\\[(?P<square>(?:[^\\]|\\(?![\[\]])){{1,2000}})\\\]
        | \\\((?P<round>(?:[^\\]|\\(?![()])){{1,2000}})\\\)
        | (?<![A-Za-z0-9$\\])\$(?P<dollar>[^\s$](?:[^$\n]{{0,400}}[^\s$\\])?)\$(?![A-Za-z0-9$]))
  | (?P<path>
          (?<![A-Za-z0-9])(?:[A-Za-z]:\\|\\\\(?=\w))[^\s"<>|，。；、！？（）]{{1,500}}
        | \\[A-Za-z0-9][^\s\u2e80-\uffff]{{0,300}})
  | (?P<image>!\[(?P<alt>{LABEL})\]\([ ]?(?P<src>{TARGET})(?:[ ]+{VALUE})?[ ]?\))
  | (?P<link>\[(?P<label>{LABEL})\]\([ ]?(?P<href>{TARGET})(?:[ ]+{VALUE})?[ ]?\))
  | <(?P<angle>https?://[^\s<>]{{1,2000}})>
  | (?P<address>https?://[^\s<>\[\]\\"`|\u0080-\U0010ffff]{{1,2000}}(?<![*_~.,;:!?')]))
  | (?P<anchor><a\s(?P<inside>[^<>]{{1,3000}})>(?P<words>(?:[^<]|<(?!/?a[\s>])){{0,500}})</a\s*>)
  | (?P<tag></?(?P<name>{"|".join(TAGS)})(?P<values>(?:\s+[\w:-]{{1,40}}(?:\s*=\s*{VALUE})?){{0,20}})\s*/?>)
  | \\(?P<escaped>[*_\#`~\[\]()>|.+!$<{{}}-])
  | (?P<entity>&(?:\#[0-9]{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,30}});)
  | (?P<stars>\*+)
  | (?P<bar>(?<!_)_(?!_))
  | (?P<waves>(?<!~)~~(?!~))
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
BLOCK_FORMULA = re.compile(r"\$\$[^$]{1,2000}\$\$|\\\[(?:[^\\]|\\(?![\[\]])){1,2000}\\\]")
SURELY_MATH = re.compile(r"\\[A-Za-z]|[\^_]")
NO_MATH = re.compile(r"[\u2e80-\uffff]|[A-Za-z]{5}| [A-Za-z]{2}")
"""What is rather money, a shell's variables, or words in brackets."""
ATTRIBUTE = re.compile(rf"(?:\A|\s)(href|src|alt|color)\s*=\s*({VALUE})", re.IGNORECASE)
_addresses = MarkdownIt()


class Words:
    """What the lines of one answer say. Formulas cost the most: only so many are made readable."""

    def __init__(self) -> None:
        self.formulas_left = MAX_FORMULAS

    @property
    def struck(self) -> str:
        """What is shown before and behind what was struck out, which must not read as if it stood."""
        return STRUCK

    @property
    def underlined(self) -> str:
        """What is shown where an underscore stood that was emphasis: itself; most are part of a name."""
        return "_"

    def emphasis(self, stars: int) -> str:
        """What is shown where so many stars stood that were emphasis."""
        return ""

    def code(self, unit: re.Match[str]) -> str:
        inside: str = unit["one"] or unit["two"] or unit["three"]
        return inside.strip() or inside

    def link(self, href: str, label: str) -> str:
        return _link(href, label)

    def tag(self, name: str, values: str) -> tuple[str, str]:
        """What is shown for the two halves of a tag."""
        if name in STRIKES:
            return self.struck, self.struck
        return OPENED.get(name, ""), CLOSED.get(name, "")

    def shown(self, text: str) -> str:
        """The words of a line or a paragraph."""
        out: list[str] = []
        runs: dict[str, list[stars.Run]] = {name: [] for name in ("stars", "bar", "waves")}
        opened: list[_Opened] = []
        at = 0
        for unit in UNIT.finditer(text):
            out.append(text[at : unit.start()])
            at = unit.end()
            if unit.lastgroup in runs:
                runs[unit.lastgroup].append(stars.Run(len(out), unit.start(), at))
            out.append(self._of(unit))
            if unit["tag"]:
                _pair(self, unit, out, opened)
        out.append(text[at:])
        for run, left in stars.judged(text, runs["stars"]):
            out[run.place] = "*" * left + self.emphasis(run.length - left)
        for run in pairs.underscores(text, runs["bar"]):
            out[run.place] = self.underlined
        for run in pairs.tildes(text, runs["waves"]):
            out[run.place] = self.struck
        return "".join(out)

    def _of(self, unit: re.Match[str]) -> str:
        return next((show(self, unit) for name, show in SHOWS.items() if unit[name] is not None), unit[0])

    def formula(self, unit: re.Match[str]) -> str:
        self.formulas_left -= 1
        if self.formulas_left < 0:
            return unit[0]
        inside = unit["dollar"] or unit["dollars"] or unit["square"] or unit["round"]
        if NO_MATH.search(inside) and not SURELY_MATH.search(inside):
            # money, or brackets that were escaped for Markdown
            return unit[0].replace("\\[", "[").replace("\\]", "]").replace("\\(", "(").replace("\\)", ")")
        return formula.readable(inside)

    def image(self, unit: re.Match[str]) -> str:
        return _written_out(unit["src"].strip("<>"), self.shown(unit["alt"])) or unit[0]

    def labelled(self, unit: re.Match[str]) -> str:
        target = unit["href"].strip("<>")
        if not ADDRESS.fullmatch(target):
            return unit[0]
        return self.link(_addresses.normalizeLink(target), self.shown(unit["label"]))

    def anchor(self, unit: re.Match[str]) -> str:
        href, words = attributes(unit["inside"]).get("href", ""), self.shown(unit["words"])
        return self.link(_addresses.normalizeLink(href), words) if href else words


SHOWS: Mapping[str, Callable[[Words, re.Match[str]], str]] = {
    "code": lambda words, unit: words.code(unit),
    "formula": Words.formula,
    "image": Words.image,
    "link": Words.labelled,
    "angle": lambda _, unit: unit["angle"],
    "anchor": Words.anchor,
    "escaped": lambda _, unit: unit["escaped"],
    "entity": lambda _, unit: clean(html.unescape(unit[0])).replace("\xa0", " "),
}
"""The other units stay as they were written: they only had to be passed over whole."""


@dataclass(frozen=True)
class _Opened:
    name: str
    place: int
    values: str


def _pair(words: Words, unit: re.Match[str], out: list[str], opened: list[_Opened]) -> None:
    """A tag is markup when it has its other half, or needs none. Else it is talked about, and stays."""
    name = unit["name"].lower()
    if name in ALONE:
        out[-1] = ALONE[name] if name != "img" else _picture(unit["values"])
    elif not unit[0].startswith("</"):
        opened.append(_Opened(name, len(out) - 1, unit["values"]))
    else:
        waiting = [
            place for place in range(max(0, len(opened) - 20), len(opened)) if opened[place].name == name
        ]
        if waiting:
            first = opened[waiting[-1]]
            out[first.place], out[-1] = words.tag(name, first.values)
            del opened[waiting[-1] :]


def _picture(values: str) -> str:
    given = attributes(values)
    source = given.get("src", "")
    return _written_out(source if TAPPABLE.fullmatch(source) else "", given.get("alt", ""))


def attributes(values: str) -> dict[str, str]:
    return {
        found[1].lower(): html.unescape(found[2].strip("\"'")).strip() for found in ATTRIBUTE.finditer(values)
    }


def _link(href: str, label: str) -> str:
    label = label.replace("\n", " ").strip()
    if OUR_TAG in label:  # links do not nest; the inner one counts
        return label
    tag = f'{OUR_TAG}a href="{href}">{label}{OUR_TAG}/a>'
    if (
        TAPPABLE.fullmatch(href)
        and label not in ("", href, _readable(href))
        and len(tag.encode()) <= MAX_LINK
    ):
        return tag
    return _written_out(href, label)


def _written_out(href: str, label: str) -> str:
    address = _readable(href)
    if not label or label in (href, address):
        return address
    return f"{label}（{address}）" if address else label


def _readable(href: str) -> str:
    return clean(_addresses.normalizeLinkText(href))
