"""What Word keeps apart from the text: which style is a heading, and how lists are numbered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from runtime.knowledge.reading._xml import Event, events
from runtime.knowledge.reading._zipped import Zipped

HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
CONTENTS = re.compile(r"(?:toc|目录)\s*\d*", re.IGNORECASE)
ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
CHINESE = "零一二三四五六七八九"
ABOVE = -1
"""The level of the document's own title."""
DEEPEST = 9
"""Levels of a list."""


@dataclass
class Style:
    """`level`: of a heading, 0 the highest. `number`: the list and its level."""

    based_on: str = ""
    level: int | None = None
    number: tuple[str, int] | None = None
    is_contents: bool = False


@dataclass(frozen=True)
class Level:
    """Of a list. `is_plain`: numbers of the levels above it are shown in digits, whatever they are there."""

    format: str = ""
    text: str = ""
    start: int = 1
    is_plain: bool = False


class Styles:
    def __init__(self, zipped: Zipped) -> None:
        """Raises NotRead."""
        self._styles: dict[str, Style] = {}
        style = Style()
        for what, name, attributes in _events(zipped, "word/styles.xml"):
            value = attributes.get("val", "")
            if what != "start":
                continue
            if name == "style":
                style = self._styles[attributes.get("styleId", "")] = Style()
            elif name == "name":
                heading = HEADING.fullmatch(value)
                style.level = int(heading[1]) - 1 if heading else ABOVE if value.lower() == "title" else None
                style.is_contents = CONTENTS.fullmatch(value) is not None
            elif name == "basedOn":
                style.based_on = value
            elif name == "outlineLvl" and value.isdigit():
                style.level = int(value)
            elif name == "ilvl" and value.isdigit():
                style.number = ((style.number or ("", 0))[0], int(value))
            elif name == "numId":
                style.number = (value, (style.number or ("", 0))[1])

    def of(self, id: str) -> Style:
        """With what it takes from the style that it is based on."""
        found, seen = Style(), set[str]()
        while id in self._styles and id not in seen:
            seen.add(id)
            style = self._styles[id]
            found.level = style.level if found.level is None else found.level
            found.number = found.number or style.number
            found.is_contents = found.is_contents or style.is_contents
            id = style.based_on
        return found


class Numbers:
    """Counts lists as Word shows them: their numbers stand nowhere in the text."""

    def __init__(self, zipped: Zipped) -> None:
        """Raises NotRead."""
        self._levels: dict[str, list[Level]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        kind, list_id, level = "", "", 0
        for what, name, attributes in _events(zipped, "word/numbering.xml"):
            value = attributes.get("val", "")
            if what != "start":
                continue
            if name == "abstractNum":
                kind, list_id = attributes.get("abstractNumId", ""), ""
                self._levels[kind] = [Level()] * DEEPEST
            elif name == "num":
                list_id = attributes.get("numId", "")
            elif name == "abstractNumId" and list_id:
                self._lists[list_id] = value
            elif name == "lvl" and kind in self._levels and not list_id:
                level = min(int(attributes.get("ilvl", "0") or 0), DEEPEST - 1)
            elif name in ("numFmt", "lvlText", "start", "isLgl") and kind in self._levels and not list_id:
                self._levels[kind][level] = _changed(self._levels[kind][level], name, value)

    def next(self, list_id: str, level: int) -> str:
        """The mark before the next paragraph of that list, with a space behind it where it needs one."""
        kind = self._lists.get(list_id, "")
        levels = self._levels.get(kind)
        if not levels or level >= DEEPEST or not levels[level].format:
            return ""
        counts = self._counts.setdefault(kind, [0] * DEEPEST)
        counts[level] = counts[level] + 1 if counts[level] else levels[level].start
        counts[level + 1 :] = [0] * (DEEPEST - level - 1)
        here = levels[level]
        if here.format in ("bullet", "none"):
            return "- " if here.format == "bullet" else ""

        def number(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            form = "decimal" if here.is_plain and at < level else levels[at].format
            return _number(counts[at] or levels[at].start, form) if at < DEEPEST else ""

        mark = re.sub(r"%([1-9])", number, here.text[:40])
        return mark if mark.endswith(("、", "）", "：")) else f"{mark} "


def _changed(level: Level, name: str, value: str) -> Level:
    if name == "numFmt":
        return replace(level, format=value)
    if name == "lvlText":
        return replace(level, text=value)
    if name == "isLgl":
        return replace(level, is_plain=value not in ("0", "false"))
    return replace(level, start=int(value)) if value.isdigit() and len(value) < 6 else level


def _number(count: int, format: str) -> str:
    if "chinese" in format.lower() or format in ("japaneseCounting", "taiwaneseCounting", "ideographDigital"):
        return chinese(count)
    if format in ("lowerLetter", "upperLetter"):
        letter = chr(97 + (count - 1) % 26)
        return letter if format == "lowerLetter" else letter.upper()
    if format in ("lowerRoman", "upperRoman"):
        roman = _roman(count)
        return roman if format == "upperRoman" else roman.lower()
    return str(count)


def chinese(count: int) -> str:
    """As lists count, up to 99; above that in digits one by one."""
    if count >= 100:
        return "".join(CHINESE[int(digit)] for digit in str(count))
    tens, ones = divmod(count, 10)
    if not tens:
        return CHINESE[ones]
    return ("" if tens == 1 else CHINESE[tens]) + "十" + (CHINESE[ones] if ones else "")


def _roman(count: int) -> str:
    found = ""
    for value, sign in ROMAN:
        while count >= value and len(found) < 30:
            found, count = found + sign, count - value
    return found


def _events(zipped: Zipped, name: str) -> Iterator[Event]:
    if name in zipped.names:
        yield from events(zipped.pieces(name))
