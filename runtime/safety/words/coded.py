"""Words that are written as the numbers of their bytes: base64, and pairs of hexadecimal digits."""

import base64
import re
from collections.abc import Iterator

from runtime.safety.words.views import View

RUN = re.compile(r"[A-Za-z0-9+/_-]{8,}")
PAIRS = re.compile(
    r"(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{2}(?:[ ,:]{1,2}(?:0x)?[0-9A-Fa-f]{2}){3,}(?![0-9A-Za-z])"
)
LEAST = 4
"""Bytes in a row that are a text; fewer are one by chance."""
MOST_HELD = 300
"""Signs at the end that may go on to be a word: one of 64 characters takes 256."""
AT_THE_END = re.compile(
    r"(?:[A-Za-z0-9+/_-]{1,300}|(?:(?:0x)?[0-9A-Fa-f]{2}[ ,:]{1,2}){1,60}(?:0x?)?[0-9A-Fa-f]{0,2})\Z"
)
APART = "\n" * 6
"""Between what stands apart, and is no word together."""
TEXT = re.compile(r"[^\ufffd\x00-\x08\x0b-\x1f\x7f-\x9f]+")


def decoded(text: str) -> View | None:
    """Whatever in it are texts in code, one after the other; None where there is none."""
    found = _Found()
    for match in RUN.finditer(text):
        for shift in range(4):  # a piece of a longer one begins anywhere
            _add_base64(found, match[0][shift:], match.start() + shift)
    for match in PAIRS.finditer(text):
        places = [(match.start() + one.start(), match.start() + one.end()) for one in _pairs(match[0])]
        found.add(bytes(int(one[1], 16) for one in _pairs(match[0])), places)
    return View("".join(found.text), found.where, found.ends, len(text)) if found.text else None


def undecided(text: str) -> int:
    """Where that begins which may go on to be a text in code."""
    match = AT_THE_END.search(text, max(0, len(text) - MOST_HELD))
    return match.start() if match else len(text)


def _pairs(written: str) -> Iterator["re.Match[str]"]:
    return re.finditer(r"(?:0x)?([0-9A-Fa-f]{2})", written)


def _add_base64(found: "_Found", run: str, start: int) -> None:
    length = len(run) - (len(run) % 4 == 1)
    said = run[:length].replace("-", "+").replace("_", "/")
    coded = base64.b64decode(said + "=" * (-len(said) % 4))
    found.add(coded, [(start + at * 4 // 3, start + ((at + 1) * 8 - 1) // 6 + 1) for at in range(len(coded))])


class _Found:
    """It grows: a text may hold thousands, so what was found before is never copied."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.where: list[int] = []
        self.ends: list[int] = []

    def add(self, coded: bytes, places: list[tuple[int, int]]) -> None:
        """`places`: of each byte, from where to where it was written."""
        signs: list[tuple[str, int, int]] = []
        at = 0
        for sign in coded.decode("utf-8", "surrogateescape"):
            size = 1 if 0xDC80 <= ord(sign) <= 0xDCFF else len(sign.encode())
            shown = "\ufffd" if 0xDC80 <= ord(sign) <= 0xDCFF else sign
            signs.append((shown, places[at][0], places[at + size - 1][1]))
            at += size
        for match in TEXT.finditer("".join(sign for sign, _, _ in signs)):
            if len(match[0].encode()) < LEAST:
                continue
            some = signs[match.start() : match.end()]
            self.text += (match[0], APART)
            self.where += [start for _, start, _ in some] + [some[-1][1]] * len(APART)
            self.ends += [end for _, _, end in some] + [some[-1][2]] * len(APART)
