"""Where something stands in what a platform sends, as its owner writes it: `data.user.id`, `entry[0].text`,
`header:X-User`, `query:hub.challenge`. And where our answer's fields are to stand in what it gets."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from runtime.channels import WebRequest
from runtime.errors import Wrong
from runtime.lang import Text

STEP = re.compile(r"([^.\[\]\s]{1,64})((?:\[\d{1,4}\])*)")
INDEX = re.compile(r"\d{1,4}")
DEEPEST = 12
LITERAL = re.compile(r'"([^"\n]{0,200})"')
MOST_FIELDS = 20
FIELDS = ("id", "to", "in_reply_to", "content", "parts")
"""Of a StandardAnswer."""

NO_PATH = Text(
    "写法不对：如 data.user.id、entry[0].text、header:X-User 或 query:name",
    "is no place: write data.user.id, entry[0].text, header:X-User or query:name",
)
NO_CONDITION = Text("写法不对：如 event=message_created", "should be like event=message_created")
NO_SHAPE = Text(
    '写法不对：如 data.text=content, ok="yes"；等号右边是 {names}，或引号里的文字',
    'should be like data.text=content, ok="yes"; right of the sign one of {names}, or words in quotes',
).fill(names=", ".join(FIELDS))


@dataclass(frozen=True)
class Path:
    """In the body, or in a header or a parameter of the address."""

    place: Literal["body", "header", "query"]
    steps: tuple[str | int, ...]

    @classmethod
    def parse(cls, written: str) -> "Path":
        """Raises Wrong."""
        place, sign, rest = written.strip().partition(":")
        if sign and place in ("header", "query"):
            if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", rest):
                raise Wrong(NO_PATH)
            return cls(
                "header" if place == "header" else "query", (rest.lower() if place == "header" else rest,)
            )
        steps: list[str | int] = []
        for one in written.strip().removeprefix("$.").split("."):
            found = STEP.fullmatch(one)
            if found is None:
                raise Wrong(NO_PATH)
            steps += [int(found[1]) if INDEX.fullmatch(found[1]) else found[1]]
            steps += [int(number) for number in INDEX.findall(found[2])]
        if len(steps) > DEEPEST:
            raise Wrong(NO_PATH)
        return cls("body", tuple(steps))

    def __str__(self) -> str:
        if self.place != "body":
            return f"{self.place}:{self.steps[0]}"
        return "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in self.steps).removeprefix(
            "."
        )

    def of(self, body: object, request: WebRequest) -> Any:
        """What is there; None for nothing."""
        if self.place == "header":
            return request.headers.get(str(self.steps[0]))
        if self.place == "query":
            return request.query.get(str(self.steps[0]))
        found: Any = body
        for step in self.steps:
            if isinstance(found, Mapping):
                found = found.get(str(step))
            elif isinstance(step, int) and isinstance(found, Sequence) and not isinstance(found, str):
                found = found[step] if step < len(found) else None
            else:
                return None
        return found


def condition(written: str) -> tuple[Path, str]:
    """A place, and what has to stand there. Raises Wrong."""
    place, sign, wanted = written.partition("=")
    if not sign or not wanted.strip() or len(wanted) > 200:
        raise Wrong(NO_CONDITION)
    return Path.parse(place), wanted.strip().strip('"')


def shape(written: str) -> Sequence[tuple[tuple[str, ...], str, str]]:
    """Of each field of an answer where it stands, its name, or "" and words. Raises Wrong."""
    found: list[tuple[tuple[str, ...], str, str]] = []
    for one in re.split(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*\Z)|\n", written[:4000]):
        if not one.strip():
            continue
        place, sign, what = (part.strip() for part in one.partition("="))
        words = LITERAL.fullmatch(what)
        path = Path.parse(place) if sign else None
        if path is None or path.place != "body" or not (words or what in FIELDS):
            raise Wrong(NO_SHAPE)
        found.append((tuple(map(str, path.steps)), "" if words else what, words[1] if words else ""))
    if len(found) > MOST_FIELDS or _collide([steps for steps, _, _ in found]):
        raise Wrong(NO_SHAPE)
    return tuple(found)


def _collide(places: Sequence[tuple[str, ...]]) -> bool:
    """One stands where another has its inside."""
    return any(a is not b and b[: len(a)] == a for a in places for b in places)


def shaped(shape: Sequence[tuple[tuple[str, ...], str, str]], answer: Mapping[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for steps, name, words in shape:
        inside = whole
        for step in steps[:-1]:
            inside = inside.setdefault(step, {})
        inside[steps[-1]] = answer[name] if name else words
    return whole
