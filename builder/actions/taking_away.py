"""What takes something away says beside it how that is had back, or that it cannot be.

There is one way for either: the page offers "Undo" where something went (common/undo.js), and asks before
what is for good. tests/builder/test_taking_away.py finds what takes away and says neither.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class TakesAway:
    """`undone_by`: the action, of the same page, that gives it back; "": none does. `asks`: the key of the
    sentence by which the page asks before, and says why it is for good; "" where nobody needs to be asked."""

    undone_by: str = ""
    asks: str = ""


def undone_by(action: str) -> Callable[[F], F]:
    """What went comes back whole by that action, which is asked with what the Notice says is its `undo`."""
    return _declared(TakesAway(undone_by=action))


def for_good(asks: str) -> Callable[[F], F]:
    """Nothing brings it back, and should not: credentials, links, what is kept of people."""
    return _declared(TakesAway(asks=asks))


def taken_away(function: Callable[..., Any]) -> TakesAway | None:
    """None for what says nothing."""
    found = getattr(function, _TAKES, None)
    return found if isinstance(found, TakesAway) else None


def _declared(takes: TakesAway) -> Callable[[F], F]:
    def declare(function: F) -> F:
        vars(function)[_TAKES] = takes
        return function

    return declare


_TAKES = "takes_away"
