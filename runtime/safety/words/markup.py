"""What is written for something else to read it: HTML, Markdown, and signs by their numbers."""

import html
import re

from runtime.safety.words.views import Tokens

HEX = "[0-9A-Fa-f]"
MORE = f"[89ABab]{HEX}"
"""A further byte of a sign in UTF-8."""
MARKS = frozenset("&<%\\[]\n\u202e")
"""One of these at least is in a text that has any of it; or it begins as a line of a list does."""
MOST_TAG = 200
MOST_LINK = 300
MOST_TURNED = 64
"""Signs behind U+202E that are shown from right to left."""
MARKER = r"(?:\d{1,3}[.)]|[-*+>#|]{1,6})"


def _bytes(before: str) -> tuple[str, str]:
    """One sign as bytes in UTF-8, each with that before it; and the beginning of one."""
    whole = "|".join(
        [
            f"{before}[0-7]{HEX}",
            f"{before}[CDcd]{HEX}{before}{MORE}",
            f"{before}[Ee]{HEX}(?:{before}{MORE}){{2}}",
            f"{before}[Ff][0-4](?:{before}{MORE}){{3}}",
        ]
    )
    begun = "|".join(
        [
            f"{before}{HEX}?",
            f"{before}[CDcd]{HEX}(?:{before}[89ABab]?)?",
            f"{before}[Ee]{HEX}(?:{before}{MORE})?(?:{before}[89ABab]?)?",
            f"{before}[Ff][0-4](?:{before}{MORE}){{0,2}}(?:{before}[89ABab]?)?",
        ]
    )
    return whole, begun


_PERCENT, _PERCENT_BEGUN = _bytes("%")
_X, _X_BEGUN = _bytes(r"\\{1,2}x")
TOKEN = "|".join(
    [
        r"(?P<entity>&(?:amp;){0,3}(?:\#[0-9]{1,7};?|\#[xX][0-9A-Fa-f]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};))",
        rf"(?P<tag><!--[^\n]{{0,{MOST_TAG}}}?-->|</?[A-Za-z][^<>\n]{{0,{MOST_TAG}}}>)",
        f"(?P<percent>{_PERCENT})",
        f"(?P<x>{_X})",
        rf"\\{{1,2}}u(?P<u>{HEX}{{4}})",
        rf"\\{{1,2}}u\{{(?P<long>{HEX}{{1,6}})\}}",
        rf"(?P<link>\[|\](?:\([^()\s]{{0,{MOST_LINK}}}\))?)",
        rf"(?P<item>(?:\A|\n)[ \t]{{0,8}}{MARKER}[ \t]{{1,8}})",
        rf"\u202e(?P<turned>[^\u202c\u2069\n]{{1,{MOST_TURNED}}})[\u202c\u2069]?",
    ]
)
BEGUN = "|".join(
    [
        r"&(?:amp;){0,3}(?:\#?|\#[0-9]{1,7};?|\#[xX][0-9A-Fa-f]{0,6};?|[A-Za-z][A-Za-z0-9]{0,31};?)",
        rf"<(?:!(?:-(?:-[^\n]{{0,{MOST_TAG + 2}}})?)?|/|/?[A-Za-z][^<>\n]{{0,{MOST_TAG}}})?",
        _PERCENT_BEGUN,
        r"\\{1,2}",
        _X_BEGUN,
        rf"\\{{1,2}}u(?:{HEX}{{0,3}}|\{{{HEX}{{0,6}})",
        rf"\](?:\([^()\s]{{0,{MOST_LINK}}})?",
        rf"(?:\A|\n)[ \t]{{0,8}}(?:{MARKER}|\d{{1,3}})?[ \t]{{0,8}}",
        rf"\u202e[^\u202c\u2069\n]{{0,{MOST_TURNED}}}",
    ]
)


def _means(match: "re.Match[str]") -> str | None:
    said = {name: value for name, value in match.groupdict().items() if value is not None}
    if entity := said.get("entity"):
        meant = html.unescape(re.sub(r"\A&(?:amp;)+", "&", entity))
        return None if meant == entity else meant
    if coded := said.get("percent") or said.get("x"):
        found = bytes.fromhex("".join(re.findall(rf"(?:%|x)({HEX}{{2}})", coded)))
        return found.decode("utf-8", "ignore") or None
    if number := said.get("u") or said.get("long"):
        value = int(number, 16)
        return None if value > 0x10FFFF or 0xD800 <= value < 0xE000 else chr(value)
    if turned := said.get("turned"):
        return turned[::-1]
    return "\n" if "item" in said else ""


MARKUP = Tokens(TOKEN, BEGUN, _means)


def has_markup(text: str) -> bool:
    return not MARKS.isdisjoint(text) or (text[:1].isascii() and not text[:1].isalpha())
