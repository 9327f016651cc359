"""Which clicks may last longer than a second, and how they are stopped: declared above each action.

An action that waits for something outside (`async`) or takes a file says one of three things; who says none
fails a test (tests/builder/test_long_work.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from runtime.lang import Text

AT_ONCE = "one request to the platform does it; whether it arrived is told"
"""Why what changes something there cannot be stopped."""
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Lasting:
    """`title`: what the person is told that it does. `stops`: whether leaving it ends it; else `why` not."""

    title: Text
    stops: bool = True
    why: str = ""


@dataclass(frozen=True)
class Begins:
    """It begins what goes on without the page: seen by the action `seen`, ended by `ended`."""

    seen: str
    ended: str


@dataclass(frozen=True)
class Brief:
    """It waits for nobody outside; `why`: for what, then."""

    why: str


Manner = Lasting | Begins | Brief


def lasts(title: Text, *, but: str = "") -> Callable[[F], F]:
    """The page shows it with how far it is, and a stop that cancels it; `but`: why it cannot be stopped."""
    return _declared(Lasting(title, stops=not but, why=but))


def begins(*, seen: str, ended: str) -> Callable[[F], F]:
    return _declared(Begins(seen, ended))


def brief(why: str) -> Callable[[F], F]:
    return _declared(Brief(why))


def manner_of(function: Callable[..., Any]) -> Manner | None:
    """What it says of how long it takes; None for one that says nothing."""
    found: Manner | None = vars(function).get(_MANNER)
    return found


def _declared(manner: Manner) -> Callable[[F], F]:
    def declare(function: F) -> F:
        vars(function)[_MANNER] = manner
        return function

    return declare


_MANNER = "how_long_it_takes"
