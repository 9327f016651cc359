"""Which models a name with rules means for a question, and why."""

import functools
import hashlib
import operator
import struct
import unicodedata
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from runtime.lang import NOTHING, Text, as_it_is, joined
from runtime.models.completion import Request
from runtime.models.policy import Policy
from runtime.models.routes import DEEPEST, Route, Rule
from runtime.newest import Newest
from runtime.time_zones import zone
from runtime.unhurried import in_time

MOST = 12
"""Models of one question."""
LONGEST = 2_000
"""Characters of a question in which its intent is looked for…"""
SEARCHED = 20_000
"""…and words."""
ALIKE = 0.42
"""From where on two texts mean the same, as the encoder tells: 0.15 to 0.38 where they have nothing in
common, 0.39 to 0.84 where they have (15 questions, 14 examples)."""
SHARED = 0.3
"""The same where only words tell."""
PATIENCE = 1.5
"""Seconds that a question waits to know what it means; words tell then."""
AT_EASE = 20.0
"""The same where somebody tries rules out: whoever tells may have to begin first."""
REMEMBERED = 2_000
"""Texts whose meaning is remembered."""

Meanings = Callable[[Sequence[str]], Awaitable[Sequence[bytes]]]
"""What texts mean, as runtime.knowledge.search.found.Searches tells; none when nobody can."""


async def nobody_tells(texts: Sequence[str]) -> Sequence[bytes]:
    return ()


@dataclass(frozen=True)
class Asked:
    """`at`: seconds since 1970. `left`: the share that is left of the budget that has least of it, 0 to 1."""

    text: str
    picture: bool
    at: float
    left: Callable[[], float] = lambda: 1.0

    @classmethod
    def of(cls, request: Request, at: float, left: Callable[[], float] = lambda: 1.0) -> "Asked":
        """What the person said last, as the model is told it."""
        said = [message for message in request.messages if message.get("role") == "user"]
        content = said[-1].get("content") if said else ""
        if not isinstance(content, list):
            return cls(str(content or ""), False, at, left)
        parts = [part for part in content if isinstance(part, Mapping)]
        text = "\n".join(str(part.get("text", "")) for part in parts if part.get("type") == "text")
        return cls(text, any(part.get("type") != "text" for part in parts), at, left)


@dataclass(frozen=True)
class Chosen:
    """`rule`: its number from 1 on; 0: none held."""

    route: str
    rule: int
    title: str
    why: Text
    models: Sequence[str]

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "models": list(self.models), "why": self.why.by_language()}


@dataclass
class Found:
    """`names`: models without rules, in the order of asking."""

    names: list[str] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)


class Routing:
    """Used on one event loop. `meanings` may come later, once somebody can tell."""

    def __init__(self, policy: Policy, default: Callable[[], str]) -> None:
        self._policy, self._default = policy, default
        self.meanings: Meanings = nobody_tells
        self.left: Callable[[], float] = lambda: 1.0
        """The share that is left of today's budget of which least is left."""
        self._known = Newest[bytes, bytes](REMEMBERED)

    async def of(self, names: Sequence[str], asked: Asked) -> Found:
        """The models that these names mean for a question; a name that was gone through is not again."""
        found = Found()
        await self._follow(names, asked, found, set(), DEEPEST)
        found.names = found.names or list(names[:1])  # a circle that was written by hand leads nowhere
        return found

    async def _follow(
        self, names: Sequence[str], asked: Asked, found: Found, gone: set[str], left: int
    ) -> None:
        for name in names:
            meant = (self._default() or name) if name == "default" else name
            route = self._policy.route(meant) if left else None
            if route is None:
                if meant not in found.names and len(found.names) < MOST:
                    found.names.append(meant)
            elif meant not in gone:
                gone.add(meant)
                chosen = await self.choose(route, asked)
                found.chosen.append(chosen)
                await self._follow(chosen.models, asked, found, gone, left - 1)

    async def choose(self, route: Route, asked: Asked, patience: float = PATIENCE) -> Chosen:
        """The first rule that holds. `patience`: seconds to wait for whoever tells what it means."""
        meant = await self._meant(route, asked, patience)
        for number, rule in enumerate(route.rules, 1):
            if (why := _holds(rule, route, asked, meant == number)) is not None:
                return Chosen(route.id, number, rule.title, why, rule.models)
        return Chosen(route.id, 0, "", NO_RULE, route.otherwise)

    async def _meant(self, route: Route, asked: Asked, patience: float) -> int:
        """The number of the rule whose intent the question is most alike to; 0 for none."""
        wanted = {number: rule.means for number, rule in enumerate(route.rules, 1) if rule.means}
        text = asked.text[:LONGEST].strip()
        if not wanted or not text:
            return 0
        told = await self._told([text, *(one for means in wanted.values() for one in means)], patience)
        alike, enough = _by_meaning(told) if told else _by_words(), ALIKE if told else SHARED
        near = {number: max(alike(text, one) for one in means) for number, means in wanted.items()}
        best = max(near, key=lambda number: near[number])
        return best if near[best] >= enough else 0

    async def _told(self, texts: Sequence[str], patience: float) -> Mapping[str, bytes]:
        """What these mean; nothing when that of one is not known in time."""
        marks = {text: hashlib.blake2b(text.encode("utf-8", "replace")).digest() for text in texts}
        new = [text for text, mark in marks.items() if mark not in self._known]
        came = await in_time(self.meanings(new), patience, ()) if new else ()
        if len(came) != len(new):
            return {}
        for text, meaning in zip(new, came, strict=True):
            self._known[marks[text]] = meaning
        told = {text: self._known.get(mark, b"") for text, mark in marks.items()}
        return told if len({len(meaning) for meaning in told.values()}) == 1 else {}


def _by_meaning(told: Mapping[str, bytes]) -> Callable[[str, str], float]:
    @functools.cache
    def numbers(text: str) -> tuple[float, ...]:
        return struct.unpack(f"<{len(told[text]) // 2}e", told[text])

    return lambda one, other: sum(map(operator.mul, numbers(one), numbers(other)))


def _by_words() -> Callable[[str, str], float]:
    pairs = functools.cache(_pairs)

    def alike(one: str, other: str) -> float:
        both = pairs(one) & pairs(other)
        return len(both) / max(1, min(len(pairs(one)), len(pairs(other))))

    return alike


def _pairs(text: str) -> frozenset[str]:
    text = folded(text)
    return frozenset(text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2].isalnum())


def folded(text: str) -> str:
    """Upper and lower case, and wide letters, are the same."""
    return unicodedata.normalize("NFKC", text[:SEARCHED]).casefold()


NO_RULE = Text("没有一条规则成立", "no rule holds")
AND = Text("，", ", ")


def _holds(rule: Rule, route: Route, asked: Asked, is_meant: bool) -> Text | None:
    """Why a rule holds; None when it does not."""
    reasons: list[Text] = []
    for reason in _reasons(rule, route, asked, is_meant):
        if reason is None:
            return None
        reasons.append(reason)
    return joined(reasons, AND) if reasons else NOTHING


def _reasons(rule: Rule, route: Route, asked: Asked, is_meant: bool) -> Iterator[Text | None]:
    """For each thing that it says why that holds, or None when it does not; the cheap ones first."""
    if rule.picture is not None:
        yield (PICTURE if asked.picture else NO_PICTURE) if asked.picture == rule.picture else None
    size = len(asked.text)
    if rule.longer is not None:
        yield SIZE.fill(size=size) if size >= rule.longer else None
    if rule.shorter is not None:
        yield SIZE.fill(size=size) if size <= rule.shorter else None
    if rule.since or rule.days:
        yield _in_time(rule, route, asked.at)
    if rule.words:
        said = folded(asked.text)
        word = next((word for word in rule.words if folded(word).strip() in said), None)
        yield WORD.fill(word=as_it_is(word)) if word else None
    if rule.means:
        yield MEANT.fill(intent=as_it_is(rule.intent or rule.examples[0])) if is_meant else None
    if rule.left is not None:
        left = asked.left()
        yield LEFT.fill(left=int(left * 100)) if left * 100 < rule.left else None


PICTURE, NO_PICTURE = Text("有图片", "it has a picture"), Text("没有图片", "it has no picture")
SIZE = Text("有 {size} 个字", "it has {size} characters")
WORD = Text("说到「{word}」", "it says {word!r}")
MEANT = Text("意思像「{intent}」", "it means something like {intent!r}")
TIME = Text("现在是 {now}", "it is {now} now")
LEFT = Text("今天的额度只剩 {left}%", "{left} % of today's budget is left")


def _in_time(rule: Rule, route: Route, at: float) -> Text | None:
    now = datetime.fromtimestamp(at, zone(route.timezone))
    clock = now.strftime("%H:%M")
    day = now
    if rule.since:
        over_midnight = rule.since > rule.until
        early = over_midnight and clock < rule.until
        inside = early or (clock >= rule.since and (over_midnight or clock < rule.until))
        if not inside:
            return None
        day = now - timedelta(days=1) if early else now
    if rule.days and day.isoweekday() not in rule.days:
        return None
    return TIME.fill(now=now.strftime("%a %H:%M"))
