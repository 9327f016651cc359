"""What happened in a run, as whoever plays the platform and the model saw it. bench/invariants.py judges it.

A message carries the mark `Q7E`, its answer `A7A` (a further part `A7p2A`), whatever way it takes.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

QUESTION = re.compile(r"Q(\d+)E")
ANSWER = re.compile(r"(?<![A-Za-z0-9_-])A(\d+)(?:p(\d+))?A(?![A-Za-z0-9_-])")
"""Not what happens to look like one in the secret of a page."""

State = Literal["done", "kept", "uncertain", "failed", "shed", "pending"]
"""How far the store says a message came. `kept` waits for the person, `uncertain` was perhaps sent."""


@dataclass(frozen=True)
class Pushed:
    """A message at its first attempt. Times in seconds, of one clock throughout."""

    id: str
    account: str
    person: str
    at: float


@dataclass(frozen=True)
class ModelCall:
    """`round` counts the calls of a turn. One that failed, or whose caller went away, is not `answered`."""

    id: str
    round: int
    began: float
    ended: float
    answered: bool = True


@dataclass(frozen=True)
class Shown:
    account: str
    person: str
    at: float
    text: str


@dataclass
class History:
    """Filled by whoever plays the platform and the model."""

    pushed: dict[str, Pushed] = field(default_factory=dict)
    acknowledged: dict[str, float] = field(default_factory=dict)
    parts: int = 1
    """That every answer has."""
    told: set[str] = field(default_factory=set)
    """Messages whose response showed something else than the answer: busy, or still thinking."""
    refused: set[str] = field(default_factory=set)
    """Those of them whose person was told to write again: what they say may be stored later all the same."""
    calls: list[ModelCall] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    kills: list[float] = field(default_factory=list)
    starved: dict[float, float] = field(default_factory=dict)
    """By kill, seconds in which the process had wanted a core and had none since it was ready."""
    unrecorded: list[tuple[float, float]] = field(default_factory=list)
    """From when to when somebody may have learned what could not be kept."""
    states: dict[str, State] = field(default_factory=dict)
    """From the store, at the end."""
    secrets: dict[str, str] = field(default_factory=dict)
    """Name and value of what must not be found anywhere."""

    def answers(self) -> dict[str, list[Shown]]:
        """What was shown, by message."""
        found: defaultdict[str, list[Shown]] = defaultdict(list)
        for shown in self.shown:
            for id in dict.fromkeys(match[1] for match in ANSWER.finditer(shown.text)):
                found[id].append(shown)
        return dict(found)
