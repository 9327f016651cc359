"""Names that nobody introduces: 帮王小明查一下, ask John Smith to call.

In Chinese a surname and characters that people are given, by what stands on both sides; in English first
names. Both leave out what is not surely a person's: what that misses is told where a test is made.

By lists of our own: rjieba (MIT, 3.7 MB, 57 MB in memory, 0.25 s to load in which nothing else runs) takes
王府井 and 华为 for people and finds fewer of them; presidio and spaCy bring a model of 50 MB and more for
each language; what else is on PyPI is lists that nobody keeps.
"""

import functools
import re
from collections.abc import Iterator
from pathlib import Path

from runtime.safety.masking.found import Found
from runtime.safety.masking.names import COMPOUND, SURNAMES

FOLDER = Path(__file__).parent / "words"


@functools.cache
def words(name: str) -> frozenset[str]:
    return frozenset((FOLDER / f"{name}.txt").read_text("utf-8").split())


@functools.cache
def lines(name: str) -> frozenset[str]:
    """Of a list whose entries have spaces."""
    return frozenset((FOLDER / f"{name}.txt").read_text("utf-8").splitlines())


@functools.cache
def no_names() -> frozenset[str]:
    """What begins with a surname, and is nobody's: brands, places, things, turns of speech."""
    return words("zh_brands") | words("zh_places") | words("zh_things")


@functools.cache
def longest() -> int:
    """Characters of the longest of them."""
    return max(map(len, no_names()))


FAMILY = re.compile(rf"(?:{COMPOUND}|[{SURNAMES}])")
BEFORE, BEHIND = 16, 24
"""Characters around a name that are looked at."""
ENDS = re.compile(r"[\s，。、；：！？,.;:!?()（）“”\"'「」@/|]")
MAY_BE_BEHIND = re.compile(r"[在是有到吗吧呢了来去要也就走不给和与先换回]")
"""Said of things, too."""
PLACE = re.compile(
    r"[村镇庄湾河湖岛路街巷桥店寺庙塔园州县市区乡屯堡营集坡岭峰洞井潭滩港口坊苑府里楼厦门山城泉宫场站江]$"
)
SURE, SURE_OF_TWO = 2, 3
"""Of four, by what stands before and behind."""

CAPITAL = r"[A-ZÀ-ÖØ-ÞŁŚŻČŠŽ][^\W\d_]*(?:(?:-|['’](?!s\b))[^\W\d_]+)*"
NAMED = re.compile(rf"(?<![\w@.'’&-])(?P<first>{CAPITAL})(?P<last>(?: [A-Z]\.)? {CAPITAL})?")
OWNS = ("'s", "’s")
FULLY = re.compile(r"['’]s [A-Z]|[- ][A-Z\d]| &")
"""It goes on as the name of a thing does."""


def unsaid(text: str) -> Iterator[Found]:
    yield from _han(text)
    yield from _latin(text)


def _han(text: str) -> Iterator[Found]:
    place = 0
    while family := FAMILY.search(text, place):
        start, place = family.start(), family.start() + 1
        if word := _word_at(text, start):
            place = start + word
        elif end := _ends(text, start, family.end()):
            yield Found(start, end, "name")
            place = end


def _word_at(text: str, start: int) -> int:
    """How long the word is there that is no name; 0: there is none."""
    lengths = range(min(longest(), len(text) - start), 1, -1)
    return next((length for length in lengths if text[start : start + length] in no_names()), 0)


def _ends(text: str, start: int, given: int) -> int:
    """Where the name ends that begins there; 0: there is none."""
    said_to = _said_to(text[max(0, start - BEFORE) : start])
    for end in (given + 2, given + 1):
        rest = text[given:end]
        if len(rest) < end - given or not words("zh_given").issuperset(rest):
            continue
        needed = SURE_OF_TWO if end - start == 2 or PLACE.search(rest) else SURE
        said_of = _said_of(text[end : end + BEHIND])
        if said_of and said_to + said_of >= needed:
            return end
    return 0


def _said_to(before: str) -> int:
    if _spoken_to().search(before):
        return 2
    return 1 if not before or ENDS.match(before[-1]) else 0


def _said_of(behind: str) -> int:
    """0: it goes on with what belongs to it."""
    if _does().match(behind):
        return 2
    return 1 if not behind or ENDS.match(behind[0]) or MAY_BE_BEHIND.match(behind) else 0


def _latin(text: str) -> Iterator[Found]:
    place = 0
    while found := NAMED.search(text, place):
        end = _last_of(text, found)
        place = end or found.end("first")
        if end:
            yield Found(found.start(), end, "name")


def _last_of(text: str, found: "re.Match[str]") -> int:
    """Where the name ends that begins there; 0: there is none."""
    first, last = found["first"].lower(), (found["last"] or "").rpartition(" ")[2].lower()
    is_first = first in words("en_first")
    if not is_first and not (last and first in words("en_surnames_of_china")):
        return 0
    is_asked = bool(_asked().search(text[max(0, found.start() - BEFORE) : found.start()]))
    is_one = is_first and first not in words("en_words_too")
    if last and last not in words("en_things") and not found["last"].isupper():
        behind = text[found.end() : found.end() + BEHIND]
        is_thing = _goes_on(behind) or f"{first} {last}" in lines("en_known")
        is_sure = is_asked or is_one or _acts().match(behind)
        return found.end() if is_sure and not is_thing else 0
    behind = text[found.end("first") : found.end("first") + BEHIND]
    is_told = is_one and (is_asked or behind.startswith(OWNS)) and not FULLY.match(behind)
    return found.end("first") if is_told and _acts().match(behind) else 0


def _goes_on(behind: str) -> bool:
    """With a word of a thing."""
    word = re.match(r" ([A-Z]\w*)", behind)
    return behind.startswith(" &") or bool(word and word[1].lower() in words("en_things"))


@functools.cache
def _spoken_to() -> re.Pattern[str]:
    """Whom one speaks to or of."""
    return re.compile(rf"(?:{_any('zh_before')})[:：]?$")


@functools.cache
def _does() -> re.Pattern[str]:
    """What people do, and what is somebody's."""
    return re.compile(rf"(?:的(?:{_any('zh_theirs')})|{_any('zh_behind')})")


@functools.cache
def _asked() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_any('en_before')})[,:]? $", re.IGNORECASE)


@functools.cache
def _acts() -> re.Pattern[str]:
    return re.compile(rf"(?:['’]s (?:{_any('en_theirs')})\b| (?:{_any('en_behind')})\b|[,.!?;:]|$)")


def _any(name: str) -> str:
    return "|".join(map(re.escape, sorted(words(name), key=lambda word: (-len(word), word))))
