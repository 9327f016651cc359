"""What an agent gives to everybody it talks with, each place to one person: slots, numbers, stock, lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MOST = 200
"""Places that one person holds at most of one thing that is shared, whatever its settings say."""
FULL = 500
"""Keys that are told to be full, those that sort last: of days, the latest."""

Outcome = Literal["taken", "again", "full", "enough", "gone"]
"""`again`: the person has as much of the key as one may have; `enough`: that, or of all keys together, would
be too much; `full`: others have it; `gone`: what was written was taken back meanwhile."""


@dataclass(frozen=True)
class Wanted:
    """A claim. `cap`: places that there are of the key, None: without end; `each`: of it for one person;
    `most`: of all keys for one person."""

    name: str
    key: str
    places: int = 1
    cap: int | None = 1
    each: int | None = 1
    most: int | None = None


@dataclass(frozen=True)
class Claimed:
    """What became of it. `held`: places of the key that the person has; `number`: theirs, counted up within
    the key and never given twice; `ahead`: claims before it; `left`: None for without end."""

    outcome: Outcome
    held: int = 0
    number: int = 0
    ahead: int = 0
    left: int | None = None


@dataclass(frozen=True)
class Held:
    """One claim. `at`: seconds since 1970; `seq`: of the message that made it."""

    id: int
    key: str
    number: int
    places: int
    at: float
    publication: str = ""
    sender: str = ""
    seq: int = 0


@dataclass(frozen=True)
class Room:
    """Of one key. `places`: as the operator says instead of the agent's file."""

    key: str
    taken: int
    places: int | None = None


def decided(wanted: Wanted, mine: Sequence[Held], left: int | None) -> Outcome:
    """`mine`: what the person holds of the same thing; `left`: places of the key."""
    has = sum(one.places for one in mine if one.key == wanted.key)
    if wanted.each is not None and has + wanted.places > wanted.each:
        return "again" if has else "enough"
    if sum(one.places for one in mine) + wanted.places > min(wanted.most or MOST, MOST):
        return "enough"
    return "full" if left is not None and wanted.places > left else "taken"
