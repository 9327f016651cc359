"""A turn that ends at a place and goes on there when something comes: a message, a decision, a call, a time.

Nothing of it is in memory meanwhile. What was finished is carried as plain data: `Past`.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from runtime.errors import TurnFailed, WaitOver
from runtime.lang import NOTHING, Text, stored
from runtime.message import Message

Awaited = Literal["message", "decision", "call", "time", "results"]
"""The person's next message, somebody's yes or no, a call from outside, that a time comes, or what the tools
of the program that asked gave."""

LONGEST = 90 * 86_400.0
"""Seconds that anything is waited for."""
LONGEST_NOTE = 1000
"""Characters of what who decides says to it."""
MOST_CARRIED = 4_000_000
"""Characters of what one waiting turn carries."""

LATE = Text("等得太久，这件事先放下了。需要的话再找我。", "That took too long, so I have put it aside.")
WAY_OUT = Text("要做别的，先回复「{word}」。", " For anything else, reply “{word}” first.")
CANCELLED = Text("好的，已取消。", "All right, cancelled.")
TOO_MUCH = Text(
    "到这里为止的结果太大，没法留着等。请让前面的积木少给一些内容。",
    "What was found so far is too large to be kept while waiting. Let the earlier blocks give less.",
)


@dataclass(frozen=True)
class Wait:
    """What a block waits for. `says`: what the person is told (Markdown), perhaps nothing. `what`: the same
    for who looks at the waiting ones. `until`: seconds since 1970, None for the longest that is allowed.
    """

    kind: Awaited
    says: str = ""
    what: Text = NOTHING
    until: float | None = None
    token: str = ""
    """What a call from outside has to show; only its hash is kept. See Turn.token."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """What else whoever decides is shown or judged by: plain JSON."""


def way_out(words: Sequence[str], lang: str) -> str:
    """For whoever wants something else meanwhile, in a word of their language."""
    word = next((one for one in words if one.isascii() == (lang == "en")), "".join(words[:1]))
    return WAY_OUT.fill(word=word).to(lang) if word else ""


@dataclass(frozen=True)
class Came:
    """What ended a wait. `late` and `cancelled` are how it did not come. `data`: of a decision `yes`, `by`,
    `note`; of a call what was posted; of `results` these, by call. It is written by us, never by who writes
    messages.
    """

    kind: Awaited | Literal["late", "cancelled"]
    data: Mapping[str, Any] = field(default_factory=dict)
    at: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "data": dict(self.data), "at": self.at}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Came":
        return cls(data["kind"], data["data"], data["at"])

    def surely(self, awaited: Awaited) -> "Came":
        """Itself; raises WaitOver when it says that it did not come."""
        if self.kind == "cancelled":
            raise WaitOver(CANCELLED, code="cancelled")
        if self.kind == "late" and awaited != "time":
            raise WaitOver(LATE, code="late")
        return self


@dataclass
class Past:
    """What a turn that goes on brings along, and will bring along if it waits again. By whole names."""

    steps: dict[str, Any] = field(default_factory=dict)
    """Finished steps, and what came."""
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Finished blocks: their values, and those of the blocks inside them."""
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By path, what else the turn knew there."""
    start: str = ""
    """The beginning whose flow it is, "" for the usual flow…"""
    begun: dict[str, Any] = field(default_factory=dict)
    """…and what the flow sees of that."""
    given: dict[str, Any] = field(default_factory=dict)
    """What whoever tries a piece of a flow says that earlier blocks gave."""
    written: str = ""
    """What the person wrote last…"""
    goes_on: bool = False

    @property
    def is_late(self) -> bool:
        """It goes on because nothing came in time: nobody wrote, so nobody is owed an answer."""
        came = next(reversed(self.steps.values()), None) if self.goes_on else None
        return isinstance(came, dict) and came.get("kind") == "late"

    def message(self, message: Message) -> Message:
        """…which stays the message where what comes is nobody's: a decision, a call, a time, results."""
        if self.goes_on and (message.unasked or "results" in message.wishes):
            return replace(message, text=self.written)
        self.written = message.text
        return message

    def begin(self, start: str, begun: dict[str, Any]) -> None:
        """What began the turn, unless it goes on."""
        if not self.goes_on:
            self.start, self.begun = start, {**begun, **self.given}

    def to_json(self) -> str:
        """Raises TurnFailed when it is more than is kept."""
        text = json.dumps(vars(self), ensure_ascii=False)
        if len(text) > MOST_CARRIED:
            raise TurnFailed(TOO_MUCH, code="too_long")
        return text

    @classmethod
    def from_json(cls, text: str) -> "Past":
        return cls(**{**json.loads(text), "goes_on": True})


class Waiting(Exception):
    """Raised by Turn.wait: the turn ends here, and goes on when `wait` is over. Never caught by a block."""

    def __init__(self, step: str, block: str, wait: Wait) -> None:
        super().__init__(step)
        self.step = step
        self.block = block
        self.wait = wait


TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def new_token() -> str:
    return secrets.token_urlsafe(24)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest() if token else ""


def kept_text(text: Text) -> str:
    return json.dumps(text.by_language(), ensure_ascii=False)


def read_text(kept: str) -> Text:
    return stored(json.loads(kept)) if kept else NOTHING
