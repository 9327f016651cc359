"""Find listed words in a text, and how far a text that grows is decided already."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from runtime.safety.words.coded import undecided
from runtime.safety.words.disguises import seen_so_far, seen_through, shown_so_far
from runtime.safety.words.folding import Between, Folded, folded, is_letter_apart
from runtime.safety.words.signs import BESIDE_LETTERS, LEET, SKELETON
from runtime.safety.words.sounds import LONGEST_RUN, Sounded, codes_of, readings
from runtime.safety.words.spans import not_within
from runtime.safety.words.spellings import Pattern, with_others

LATIN_APART = 4
"""Letters that a word of an alphabet has at least, to be known with something between each two of them."""
MARGIN = 16
"""Signs more than the longest word has, that are looked at."""
LONGEST_TAIL = 300
"""Letters at the end of a text, which may go on to be another word."""

BUILT_AT_ONCE = 20_000
"""Signs of words, in 0.1 s at the most."""


@dataclass(frozen=True)
class Match:
    """Of the text: from `start` up to `end`."""

    start: int
    end: int
    word: str


class Matcher:
    """Compiled once; safe in any thread."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = with_others(list(patterns))
        skeletons = [one.signs.translate(SKELETON) for one in self._patterns]
        meant = [one for one in self._patterns if not one.allowed and not one.as_written]
        heard = [(codes, one) for one in meant for codes in codes_of(one.signs)]
        self._heard = [one for _, one in heard]
        self._written = _Automata(skeletons) if skeletons else None
        self._sounds = _Automata([codes for codes, _ in heard]) if heard else None
        self._begins = _beginnings(skeletons)
        self._sound_begins = _beginnings(codes for codes, _ in heard)
        self._whole = frozenset([*skeletons, *(codes for codes, _ in heard)])
        self._longest = max(map(len, skeletons), default=0)

    def find(self, text: str) -> list[Match]:
        """In order, without those that another one holds or that are allowed."""
        if self._written is None or not text:
            return []
        found = self._found(text)
        for view in seen_through(text):
            found += [
                Match(view.where[one.start], view.ends[one.end - 1], one.word)
                for one in self._found(view.text)
            ]
        return _outermost(found)

    def _found(self, text: str) -> list[Match]:
        """As it is written."""
        assert self._written
        known = folded(text)
        found: list[Match] = []
        allowed: list[Match] = []
        for which, start, end in self._written.find(known.signs.translate(SKELETON)):
            one = self._patterns[which]
            if _is_written(one, known, start):
                match = Match(known.where[start], known.ends[end - 1] + 1, one.word)
                (allowed if one.allowed else found).append(match)
        if self._sounds:
            found += self._by_sound(known)
        return not_within(found, allowed)

    def _by_sound(self, known: Folded) -> Iterable[Match]:
        assert self._sounds
        heard = Sounded(known)
        for which, first, last in self._sounds.find(heard.codes):
            one = self._heard[which]
            spans = heard.spans[first:last]
            if _sounds_meant(one, known, spans):
                start, end = known.where[spans[0][0]], known.ends[spans[-1][1]] + 1
                yield Match(start, end, one.word)

    def settled(self, text: str) -> int:
        """Up to which place nothing that is written behind the text changes what is found. The rest may be
        the beginning of a word, and is no longer than one may be."""
        if self._written is None:
            return len(text)
        return min(one.source(self._settled_of(one.text)) for one in shown_so_far(text))

    def _settled_of(self, shown: str) -> int:
        """By its end, which has as many signs as the longest word, however it is seen."""
        ends, size = [undecided(shown)], 3 * self._longest + MARGIN
        while True:
            start = _begin_of_run(shown, len(shown) - size)
            for view in seen_so_far(shown[start:]):
                settled = self._settled(view.text, is_whole=not start)
                if settled is None:
                    break
                ends.append(start + view.source(settled))
            else:
                return min(ends)
            size *= 2

    def _settled(self, text: str, *, is_whole: bool) -> int | None:
        """As it is written. None: it is too little of a text to tell."""
        end = _tail(text)
        known = folded(text[:end])
        if is_whole and not (known.signs and known.may_go_on):
            return end
        signs, heard = known.signs.translate(SKELETON), Sounded(known)
        if not is_whole and len(heard.codes) < self._longest + MARGIN:
            return None
        if not known.may_go_on:
            return end
        cut = self._open(signs, self._begins, known, range(len(signs)))
        return min(
            cut, self._open(heard.codes, self._sound_begins, known, [first for first, _ in heard.spans])
        )

    def _open(self, signs: str, begins: frozenset[str], known: Folded, places: Sequence[int]) -> int:
        """Where the longest word begins that may go on. `places`: of each sign the first in `known`."""
        ends_there = known.ends[-1] == len(known.text) - 1
        for start in range(max(0, len(signs) - self._longest), len(signs)):
            some = signs[start:]
            # Of a whole word it is known what stands behind it, once anything does.
            is_open = some in begins or (ends_there and some in self._whole)
            if is_open and _may_go_on(known, places[start]):
                return known.where[places[start]]
        return len(known.text)


class _Automata:
    """Several, since the library lets no other thread go on while it builds one."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._parts: list[tuple[int, AhoCorasick]] = []
        first = size = 0
        for place, one in enumerate(patterns):
            size += len(one)
            if size >= BUILT_AT_ONCE or place == len(patterns) - 1:
                self._parts.append((first, AhoCorasick(patterns[first : place + 1])))
                first, size = place + 1, 0

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Which pattern, from where, up to where; also of those that overlap."""
        for first, part in self._parts:
            for which, start, end in part.find_matches_as_indexes(text, overlapping=True):
                yield first + which, start, end


def _begin_of_run(text: str, place: int) -> int:
    """Where the letters begin in the middle of which a place is; 0 for what is before a text."""
    at = max(0, place)
    while at and place - at < LONGEST_RUN and text[at - 1].isascii() and text[at - 1].isalnum():
        at -= 1
    return at


def _beginnings(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word[:length] for word in words for length in range(1, len(word)))


def _may_go_on(known: Folded, start: int) -> bool:
    """Whether what stands between the signs from there on allows that they belong together."""
    return all(known.between(i) is not None for i in range(start, len(known.signs) - 1))


def _tail(text: str) -> int:
    """Where the letters begin that stand at the end, and may go on."""
    at = len(text)
    while at and len(text) - at < LONGEST_TAIL:
        if _is_of_run(text[at - 1]):
            at -= 1
        elif at > 1 and is_letter_apart(text, at - 2):
            at -= 2
        else:
            break
    return at


def _is_of_run(sign: str) -> bool:
    if sign in BESIDE_LETTERS:
        return True
    known = folded(f"a{sign}").signs  # beside a letter
    return len(known) > 1 and known[-1].isascii()


def _is_written(one: Pattern, known: Folded, start: int) -> bool:
    """Whether what looks like it is meant: by its signs, and by what stands between them."""
    end = start + len(one.signs)
    for place, sign in enumerate(one.signs):
        if not _is_sign(sign, known, start + place, len(one.signs)):
            return False
    if one.signs[0].isascii() and not known.ends_word(known.where[start] - 1):
        return False
    if one.signs[-1].isascii() and not known.ends_word(known.ends[end - 1] + 1):
        return False
    if not any(known.signs[start + i] == sign for i, sign in enumerate(one.signs)):
        return False
    gaps = [known.between(i) for i in range(start, end - 1)]
    return _belong(one, known, start, gaps)


def _is_sign(sign: str, known: Folded, place: int, length: int) -> bool:
    there = known.signs[place]
    if there == sign:
        return True
    if not sign.isalpha():
        return False
    if not there.isalpha():
        return LEET.get(there) == sign or (sign == "l" and there in "1|!")
    return {there, sign} == {"i", "l"} and (length > LATIN_APART or known.text[known.where[place]] == "I")


def _belong(one: Pattern, known: Folded, start: int, gaps: Sequence[Between | None]) -> bool:
    """Whether signs with that between them are one word."""
    if None in gaps:
        return False
    inner = [gap for i, gap in enumerate(gaps) if i not in one.borders]
    seen = [gap for gap in inner if gap not in ("", "unseen")]
    if not seen:
        return True
    if one.signs.isascii():
        return _letters_belong(one, known, start, gaps)
    # With a comma in between they are two words, unless each sign stands alone.
    if "hard" not in seen:
        return True
    last = known.ends[start + len(one.signs) - 1]
    alone = known.stands_alone(known.where[start] - 1) and known.stands_alone(last + 1)
    return alone and all(gap not in ("", "unseen") for gap in inner)


def _letters_belong(one: Pattern, known: Folded, start: int, gaps: Sequence[Between | None]) -> bool:
    """In each of its words every two letters are apart, or parts are held together by a mark: no spaces here
    and there."""
    if len(one.signs) < LATIN_APART:
        return False
    begin = 0
    for end in [*sorted(one.borders), len(one.signs) - 1]:
        inner = range(begin, end)
        seen = [i for i in inner if gaps[i] not in ("", "unseen")]
        if len(seen) < len(inner) and any(known.is_spaced(start + i) for i in seen):
            return False
        begin = end + 1
    return True


def _sounds_meant(one: Pattern, known: Folded, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether somebody wrote other characters, or pinyin, on purpose: two characters need one as it is
    and the other with its tone; three, one as it is; more may all be others of the same tones."""
    as_it_is = same_tone = letters = 0
    for sign, (first, _) in zip(one.signs, spans, strict=True):
        there = known.signs[first]
        if there.isascii():
            letters += 1
        elif there == sign:
            as_it_is += 1
        elif set(readings(there)[:1]) & set(readings(sign)):
            same_tone += 1
    count = len(one.signs)
    if as_it_is == count or not _at_borders(known, spans):
        return False
    if letters == count:
        meant = sum(last - first + 1 for first, last in spans) >= 4
    elif count == 2:
        meant = as_it_is == 1 and as_it_is + same_tone + letters == 2
    else:
        meant = as_it_is > 0 or (count > 3 and same_tone + letters == count)
    if not meant:
        return False
    gaps = [known.between(spans[i][1]) for i in range(count - 1)]
    return None not in gaps and "hard" not in gaps


def _at_borders(known: Folded, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether letters at either end are not a part of a longer word."""
    first, last = spans[0][0], spans[-1][1]
    begins = not known.signs[first].isascii() or known.ends_word(known.where[first] - 1)
    return begins and (not known.signs[last].isascii() or known.ends_word(known.ends[last] + 1))


def _holds(one: Match, other: Match) -> bool:
    return one.start <= other.start and other.end <= one.end


def _outermost(found: Sequence[Match]) -> list[Match]:
    kept: list[Match] = []
    for one in sorted(set(found), key=lambda match: (match.start, -match.end, match.word)):
        if not kept or not _holds(kept[-1], one):
            kept.append(one)
    return kept
