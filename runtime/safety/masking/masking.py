"""One conversation without what tells who somebody is: alike things are replaced alike, all over it.

First all of it is looked through (`learn`), then it is replaced (`masked`): what is said of a name later
counts for what stands before, too. Rules miss some; whoever keeps the result looks it over.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from runtime.safety.masking.fields import fits, is_open, kind_of, said
from runtime.safety.masking.found import Found, Kind, narrow
from runtime.safety.masking.known import SHORTEST, Known, is_slight
from runtime.safety.masking.made_up import made_up, parts, people_in
from runtime.safety.masking.names import names
from runtime.safety.masking.numbers import numbers
from runtime.safety.masking.places import places
from runtime.safety.masking.unsaid import unsaid

DEEPEST = 40
"""Fields within fields that are looked into; what is deeper is left out."""
MOST = 5000
"""Different things that are replaced."""
TRIES = 1000
"""Made-up things of which one is to be free; else it says only what stood there."""
LONGEST_NAME = 12
"""Characters."""

Span = tuple[int, int, Kind | None]
"""From where to where; None: of what is known already."""


class Masking:
    def __init__(
        self,
        known: Iterable[str] = (),
        *,
        keeps: Collection[Kind] = (),
        public: Iterable[str] = (),
        chosen: Iterable[str] = (),
    ) -> None:
        """`known`: what the person is called, and what else is of nobody else. `keeps`: kinds that
        are to stay. `public`: what anybody may read, such as the agent's own texts. `chosen`: what somebody
        saw and wants replaced, however short it is."""
        self._keeps, self._public = frozenset(keeps), "\n".join(public)
        self._instead: dict[str, str] = {}
        self._given = set[str]()
        """All that stands for something."""
        self._made: Counter[str] = Counter()
        self._used_up = set[Kind]()
        self._found: list[tuple[str, Kind]] = []
        """What is to be replaced, once all of it was looked through: what stands instead is said nowhere."""
        self._said = set[str]()
        """What tells of somebody, and people who are called as ours are: none of it stands for anything."""
        self._known = Known()
        self.replaced: dict[str, str] = {}
        """What was, so far, and by what."""
        for one in map(str.strip, known):
            self._know(one, kind_of_value(one), is_sure=True)
        self._chosen = [one for one in map(str.strip, chosen) if len(one) >= SHORTEST]
        for one in self._chosen:
            self._find(one, kind_of_value(one))

    def learn(self, value: Any, name: str = "", beside: Collection[str] = (), depth: int = 0) -> None:
        """Before anything is replaced: what fields of arguments and results, and sentences, tell."""
        if depth > DEEPEST:
            return
        if isinstance(value, Mapping):
            for key, one in value.items():
                self.learn(one, str(key), value.keys(), depth + 1)
        elif isinstance(value, list | tuple):
            for one in value:
                self.learn(one, name, beside, depth + 1)
        elif isinstance(value, str | int) and not isinstance(value, bool):
            self._learn(str(value), name, beside)

    def _learn(self, text: str, name: str, beside: Collection[str]) -> None:
        if (kind := kind_of(name, beside, text)) and fits(kind, text):
            self._know(text.strip(), kind)
        self._said.update(people_in(text))
        for start, end, found in _chosen([(one.start, one.end, one.kind) for one in _all(text)]):
            if found:
                self._said.add(text[start:end])
                self._know(text[start:end], found)

    def masked(self, value: Any, name: str = "", beside: Collection[str] = (), depth: int = 0) -> Any:
        """The same without them."""
        self._settle()
        if depth > DEEPEST:
            return None
        if isinstance(value, Mapping):
            return {key: self.masked(one, str(key), value.keys(), depth + 1) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.masked(one, name, beside, depth + 1) for one in value]
        if isinstance(value, bool) or not isinstance(value, str | int):
            return value
        text = str(value)
        if isinstance(value, int) and is_open(name):
            return value
        kind = kind_of(name, beside, text)
        shown = self._field(text, kind) if kind else self._text(text)
        return (
            int(shown) if isinstance(value, int) and shown.isdecimal() else shown if shown != text else value
        )

    def _field(self, text: str, kind: Kind) -> str:
        """A field that holds nothing but what is of a person."""
        plain = text.strip()
        if not plain or plain in self._given or not self._goes(plain, kind):
            return text
        if "{{" in plain:  # what is to be filled in tells of nobody
            return self._text(text)
        self.replaced[plain] = self._stands_for(plain, kind)
        return self.replaced[plain]

    def _text(self, text: str) -> str:
        """What was put there is not looked at again."""
        known: list[Span] = [(start, end, None) for start, end in self._known.spans(text)]
        spans: list[Span] = [(one.start, one.end, one.kind) for one in _all(text)]
        for start, end, kind in reversed(_chosen([*known, *spans])):
            piece = text[start:end]
            if kind is None or (piece not in self._given and self._goes(piece, kind)):
                instead = self._instead[piece] if kind is None else self._stands_for(piece, kind)
                self.replaced[piece] = instead
                text = text[:start] + instead + text[end:]
        return text

    def _goes(self, piece: str, kind: Kind) -> bool:
        return kind not in self._keeps and (piece in self._instead or piece not in self._public)

    def _know(self, value: str, kind: Kind, *, is_sure: bool = False) -> None:
        if len(value) < SHORTEST or value in self._given:
            return
        if is_sure or (self._goes(value, kind) and not is_slight(value)):
            self._find(value, kind)

    def _find(self, value: str, kind: Kind) -> None:
        self._said.add(value)
        self._found.append((value, kind))

    def _settle(self) -> None:
        """Whatever was found so far has something that stands for it."""
        found, self._found = self._found, []
        for value, kind in found:
            if value not in self._given:
                self._stands_for(value, kind)
        for one in self._chosen if found else ():
            self._known.add(one, however_slight=True)

    def _stands_for(self, value: str, kind: Kind) -> str:
        """However it is written: with spaces, in wide figures."""
        if (there := self._instead.get(value)) is not None:
            return there
        same = re.sub(r"[\s-]", "", narrow(value)) if kind not in ("name", "address") else narrow(value)
        known = self._instead.get(same)
        if known is None:
            if len(self._instead) >= MOST:
                return f"[{kind}]"
            known = self._another(value, kind)
            for one, other in parts(value, known) if kind == "name" else ():
                self._put(one, self._instead.get(one, other))
            self._put(same, self._instead.get(same, known))
        self._put(value, known)
        return known

    def _another(self, value: str, kind: Kind) -> str:
        """That is nobody who is spoken of, nor called in part as whom it stands for."""
        for _ in range(0 if kind in self._used_up else TRIES):
            self._made[kind] += 1
            made = made_up(kind, value, self._made[kind])
            pieces = [(value, made), *(parts(value, made) if kind == "name" else ())]
            if self._said.isdisjoint([*people_in(made), *(other for _, other in pieces)]) and all(
                one != other for one, other in pieces
            ):
                return made
        self._used_up.add(kind)
        return f"[{kind}]"

    def _put(self, value: str, instead: str) -> None:
        self._instead[value] = instead
        self._given.add(instead)
        self._known.add(value)


def _chosen(spans: Sequence[Span]) -> list[Span]:
    """Of several that stand at one place the longest; of those that are as long the first. In their order."""
    taken: list[Span] = []
    starts: list[int] = []
    for one in sorted(spans, key=lambda span: span[0] - span[1]):
        place = bisect_left(starts, one[0])
        before = taken[place - 1] if place else None
        after = taken[place] if place < len(taken) else None
        if (before is None or before[1] <= one[0]) and (after is None or one[1] <= after[0]):
            taken.insert(place, one)
            starts.insert(place, one[0])
    return taken


def _all(text: str) -> Iterator[Found]:
    for find in (said, numbers, places, names, unsaid):
        yield from find(text)


def kind_of_value(value: str) -> Kind:
    """Of something of a person of which no field says what it is."""
    whole = (found.kind for found in numbers(value) if (found.start, found.end) == (0, len(value)))
    if found := next(whole, None):
        return found
    return "opaque" if re.search(r"\d", value) or len(value) > LONGEST_NAME else "name"
