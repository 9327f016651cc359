"""Which actions leave a record, said beside each: all that a permission to change something is needed for.

Looking leaves none, except at conversations, which are somebody else's. What is otherwise says so itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from runtime.access.permissions import needed

F = TypeVar("F", bound=Callable[..., Any])
LOOKS = ("view", "run", "watch")
"""Acts that change nothing of what others have."""


@dataclass(frozen=True)
class Kept:
    """`of`: the argument that names what it is done to; None: the first one; "": none. `why`: it leaves no
    record, and why. `afterwards`: written once it is done, as it replaces what holds the records."""

    of: str | None = None
    why: str = ""
    afterwards: bool = False


def recorded(of: str | None = None, *, afterwards: bool = False) -> Callable[[F], F]:
    """It leaves a record, whatever it needs."""
    return _said(Kept(of, afterwards=afterwards))


def unrecorded(why: str) -> Callable[[F], F]:
    """It needs a permission to change something, and changes nothing that stays."""
    return _said(Kept(why=why))


def kept(function: Callable[..., Any]) -> Kept | None:
    """How it is recorded; None: it is not. Raises TypeError for one that says no permission."""
    found = vars(function).get(_KEPT)
    if isinstance(found, Kept):
        return None if found.why else found
    return None if needed(function).id.rpartition(".")[2] in LOOKS else Kept()


def _said(how: Kept) -> Callable[[F], F]:
    def declare(function: F) -> F:
        vars(function)[_KEPT] = how
        return function

    return declare


_KEPT = "kept_in_the_audit_log"
