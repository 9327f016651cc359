"""What is kept from models: phones, identity and bank cards, addresses of mail and of homes, by their form.

A number counts however it is written: in wide figures, with spaces, dashes or dots between, with 86 before.
An identity card's last sign (GB 11643: ISO 7064, MOD 11-2) and a bank card's (Luhn) have to be right, unless
the sentence says what the number is.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from runtime.safety.masking.found import narrow
from runtime.safety.masking.numbers import CARD_SAID, IDENTITY_SAID, NEAR, luhn, numbers
from runtime.safety.masking.places import places

Kept = Literal["phone", "id_card", "card", "mail", "address"]
KINDS: tuple[Kept, ...] = get_args(Kept)
GAP = r"[ \t.·()（）\-‐-―−_/\u00a0\u2000-\u200f\u202f\u2060\u3000\ufeff]"
"""Signs that may stand between the figures of one number."""
RUN = re.compile(rf"(?<!\d)(?<!\d\.)(?:\+|00)?\d(?:{GAP}{{0,2}}[\dXx]){{6,30}}(?!\d)", re.ASCII)
PART = re.compile(r"[\dXx]+")
IN_ADDRESS = re.compile(r"[\w.+-]{1,64}%40(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}")
"""A mail address as it stands in that of a page."""
MOST_PARTS = 24
AROUND = 64
"""Characters beside a number that may belong to a longer code."""
BY_FORM: tuple[Kept, ...] = ("mail", "phone", "card")
MOBILE = re.compile(r"(?:0{0,2}86)?1[3-9]\d{9}")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
LAST = "10X98765432"
CARD_LENGTHS = range(13, 20)
SHORTEST_NUMBER, LONGEST = 7, 22
"""Figures of a number."""
SHORTEST = 6
"""Characters of what is looked for again where nothing says what it is."""


@dataclass(frozen=True)
class Piece:
    """`text[start:end]`. `same`: alike for all ways in which the same is written."""

    start: int
    end: int
    kind: Kept
    same: str


def pieces(text: str, kinds: Collection[Kept]) -> list[Piece]:
    """In their order; none lies over another: of two the longer one counts."""
    return apart(_all(figures(text), kinds)) if kinds else []


def apart(found: Iterable[Piece]) -> list[Piece]:
    """Of several at one place the longest, in their order."""
    taken: list[Piece] = []
    starts: list[int] = []
    for one in sorted(found, key=lambda piece: (piece.start - piece.end, KINDS.index(piece.kind))):
        place = bisect_left(starts, one.start)
        is_behind = place == 0 or taken[place - 1].end <= one.start
        if is_behind and (place == len(taken) or one.end <= taken[place].start):
            taken.insert(place, one)
            starts.insert(place, one.start)
    return taken


def again(text: str, known: dict[str, Kept]) -> Iterator[Piece]:
    """What is known from elsewhere, where nothing beside it tells what it is. `known`: kinds by `same`."""
    plain = figures(text)
    for start, end, value in _numbers(plain):
        if kind := known.get(value):
            yield Piece(start, end, kind, value)
    words = [same for same, kind in known.items() if kind in ("mail", "address") and len(same) >= SHORTEST]
    lower = plain.lower()
    for same in words if len(lower) == len(plain) else ():
        at = lower.find(same)
        while at >= 0:
            yield Piece(at, at + len(same), known[same], same)
            at = lower.find(same, at + len(same))


def figures(text: str) -> str:
    """As long as before: wide signs, and the figures of any script, as ASCII has them."""
    plain = narrow(text)
    if plain.isascii():
        return plain
    return "".join(
        str(unicodedata.decimal(sign)) if not sign.isascii() and sign.isdecimal() else sign for sign in plain
    )


def _all(plain: str, kinds: Collection[Kept]) -> Iterator[Piece]:
    for start, end, value in _numbers(plain):
        kind = _kind(value, plain[max(0, start - NEAR) : start])
        if kind and kind in kinds and not _is_code(plain, start, end):
            yield Piece(start, end, kind, value)
    wanted: list[Kept] = [kind for kind in BY_FORM if kind in kinds]
    for one in numbers(plain, wanted) if wanted else ():
        form = next(form for form in BY_FORM if form == one.kind)
        if form == "mail" or not _is_code(plain, one.start, one.end):
            yield Piece(one.start, one.end, form, _same(plain[one.start : one.end], form))
    if "mail" in kinds:
        for found in IN_ADDRESS.finditer(plain):
            yield Piece(*found.span(), "mail", _same(found[0].replace("%40", "@"), "mail"))
    if "address" in kinds:
        yield from _homes(plain)


def _homes(plain: str) -> Iterator[Piece]:
    for place in places(plain):
        written = plain[place.start : place.end]
        # What stands before a bracket that is not closed is no part of it.
        start = place.start + (written.rfind("(") + 1 if written.count("(") > written.count(")") else 0)
        yield Piece(start, place.end, "address", _same(plain[start : place.end], "address"))


def _is_code(plain: str, start: int, end: int) -> bool:
    """Figures within a longer code, as a hash has them: letters and other figures are right beside them."""
    before = re.search(r"[0-9A-Za-z]*\Z", plain[max(0, start - AROUND) : start])
    after = re.match(r"[0-9A-Za-z]*", plain[end : end + AROUND])
    first, last = before[0] if before else "", after[0] if after else ""
    if plain[: start - len(first)].endswith("%"):
        first = first[2:]
    return any(sign.isdigit() for sign in first + last)


def _same(text: str, kind: str) -> str:
    return " ".join(text.lower().split()) if kind in ("mail", "address") else digits_of(text)


def digits_of(text: str) -> str:
    """Without 86 before a mobile number; another country's keeps its +. One in words stays in words."""
    digits = re.sub(r"[^\dX]", "", text.upper())
    is_long = len(digits) > 11 and MOBILE.fullmatch(digits)
    return digits[-11:] if is_long else f"+{digits}" if text.startswith("+") else digits or text


def _numbers(plain: str) -> Iterator[tuple[int, int, str]]:
    """Whole numbers, and each row of their parts: two may stand beside each other."""
    for run in RUN.finditer(plain):
        parts = [(run.start() + one.start(), run.start() + one.end()) for one in PART.finditer(run[0])]
        parts = parts[:MOST_PARTS]
        for first, (begins, _) in enumerate(parts):
            start = run.start() if first == 0 and plain[run.start()] == "+" else begins
            digits = ""
            for begin, end in parts[first:]:
                digits += plain[begin:end].upper()
                if len(digits) > LONGEST:
                    break
                if len(digits) >= SHORTEST_NUMBER:
                    yield start, end, digits_of(plain[start:end])


def _kind(value: str, before: str) -> Kept | None:
    if value.startswith("+"):
        return "phone" if 9 <= len(value) <= 16 and "X" not in value else None
    if MOBILE.fullmatch(value):
        return "phone"
    if is_identity(value) or (len(value) == 18 and re.search(IDENTITY_SAID, before, re.IGNORECASE)):
        return "id_card"
    if "X" in value:
        return None
    is_said = len(value) in CARD_LENGTHS and re.search(CARD_SAID, before, re.IGNORECASE)
    if is_said or (len(value) in CARD_LENGTHS and value[0] in "23456789" and luhn(value)):
        return "card"
    return None


def is_identity(value: str) -> bool:
    """A mainland identity card's number, of 18 signs or of the 15 of before 2000."""
    if re.fullmatch(r"[1-8]\d{5}\d{6}\d{3}", value):
        return _is_day("19" + value[6:12])
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", value) or not _is_day(value[6:14]):
        return False
    total = sum(int(figure) * weight for figure, weight in zip(value[:17], WEIGHTS, strict=True))
    return LAST[total % 11] == value[17]


def _is_day(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1850 <= day.year <= 2100
