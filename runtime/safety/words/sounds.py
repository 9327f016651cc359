"""How characters sound, in pinyin: each syllable as one sign, so that sounds are searched for like words.

Of pypinyin only its table is read (0.8 MB of JSON, MIT): neither its 2.5 MB of phrases nor its code.
"""

import functools
import importlib.util
import itertools
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from runtime.safety.words.folding import Folded, is_letter_apart
from runtime.safety.words.signs import LOOKS

FIRST = 0xE000
"""The sign of the first syllable, of those that mean nothing to anybody."""
NONE = "\uf8ff"
"""Where no syllable is."""
MOST_READINGS = 8
"""Ways to read a listed word…"""
SHORT = 4
"""…of so many characters at most…"""
READINGS_OF_LONG = 2
"""…and a longer one: 50,000 of them are to be compiled in seconds."""
LONGEST_RUN = 64
"""Letters in a row that may be pinyin."""
RUN = re.compile("[a-z]+(?:[1-5][a-z]+)*[1-5]?")
"""Also with the tones as numbers: du3bo2."""
APART = 4
"""Letters with something between each two, that may be pinyin together."""
TONE_NUMBERS = frozenset("12345")
TONES = str.maketrans("", "", "\u0300\u0301\u0304\u030c")


@functools.cache
def _table() -> Mapping[str, tuple[str, ...]]:
    """Each character with its readings, the usual one first, with tones."""
    spec = importlib.util.find_spec("pypinyin")
    assert spec
    assert spec.origin
    content = json.loads(Path(spec.origin).with_name("pinyin_dict.json").read_text(encoding="utf-8"))
    return {chr(int(code)): tuple(readings.split(",")) for code, readings in content.items()}


@functools.lru_cache(maxsize=40_000)
def readings(sign: str) -> tuple[str, ...]:
    """With tones, the usual one first; of what it looks like, where it is written for that."""
    return _table().get(LOOKS.get(sign, sign), ())


@functools.lru_cache(maxsize=5_000)
def toneless(reading: str) -> str:
    apart = unicodedata.normalize("NFD", reading).translate(TONES)
    return unicodedata.normalize("NFC", apart).replace("ü", "v")


@functools.cache
def _codes() -> Mapping[str, str]:
    found = sorted({toneless(reading) for several in _table().values() for reading in several})
    written = [one for one in found if one.isascii() and one.isalpha()]
    return {syllable: chr(FIRST + place) for place, syllable in enumerate(written)}


@functools.lru_cache(maxsize=40_000)
def code(sign: str) -> str:
    """Of a character as it is usually read."""
    known = readings(sign)
    return _codes().get(toneless(known[0]), NONE) if known else NONE


def codes_of(word: str) -> Iterator[str]:
    """Each way to read a word of characters alone; none for any other."""
    ways = [
        dict.fromkeys(_codes()[toneless(one)] for one in readings(sign) if toneless(one) in _codes())
        for sign in word
    ]
    most = MOST_READINGS if len(word) <= SHORT else READINGS_OF_LONG
    if len(word) > 1 and all(ways):
        for way in itertools.islice(itertools.product(*ways), most):
            yield "".join(way)


@functools.lru_cache(maxsize=10_000)
def syllables(run: str) -> tuple[tuple[str, int], ...]:
    """Letters as syllables with their lengths, the longest first; () when they are no pinyin."""
    if len(run) > LONGEST_RUN:
        return ()
    ends: dict[int, tuple[tuple[str, int], ...]] = {len(run): ()}
    for start in range(len(run) - 1, -1, -1):
        for length in range(min(6, len(run) - start), 0, -1):
            end = start + length + (run[start + length : start + length + 1] in TONE_NUMBERS)
            rest = ends.get(end)
            if rest is not None and (known := _codes().get(run[start : start + length])):
                ends[start] = ((known, end - start), *rest)
                break
    return ends.get(0, ())


class Sounded:
    """A text by its sounds: `codes`, and for each the first and last sign of it in `of`."""

    def __init__(self, of: Folded) -> None:
        codes: list[str] = []
        spans: list[tuple[int, int]] = []
        place, signs = 0, of.signs
        while place < len(signs):
            run = _run(of, place)
            if not run:
                codes.append(code(signs[place]))
                spans.append((place, place))
                place += 1
                continue
            for known, length in syllables(run) or ((NONE, len(run)),):
                codes.append(known)
                spans.append((place, place + length - 1))
                place += length
        self.codes, self.spans = "".join(codes), spans


def _run(of: Folded, place: int) -> str:
    """The letters that stand together from there on."""
    found = RUN.match(of.signs, place)
    if not found:
        return ""
    end = place + 1
    while end < found.end() and of.where[end] - of.ends[end - 1] <= 1:
        end += 1
    if end == place + 1:
        return _apart(of, place, found.end())
    return of.signs[place:end]


def _apart(of: Folded, place: int, most: int) -> str:
    """Letters that each stand alone, one after the other: d.u.b.o"""
    end = place
    while end < most and is_letter_apart(of.text, of.where[end]):
        if end > place and of.where[end] - of.ends[end - 1] != 2:
            break
        end += 1
    if place < end < most and of.where[end] - of.ends[end - 1] == 2 and _stands_last(of, end):
        end += 1
    return of.signs[place:end] if end - place >= APART else of.signs[place]


def _stands_last(of: Folded, place: int) -> bool:
    behind = of.text[of.ends[place] + 1 : of.ends[place] + 2]
    return not (behind.isascii() and behind.isalnum())
