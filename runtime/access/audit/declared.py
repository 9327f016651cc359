"""Which actions leave a record, said beside each: all that a permission to change something is needed for.

Looking leaves none, except at conversations, which are somebody else's. What is otherwise says so itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Any, TypeVar

from runtime.access.permissions import needed

F = TypeVar("F", bound=Callable[..., Any])
ID = re.compile(r"[\w.@:/+-]{1,80}")
OURS = ("studio", "gateway", "talks", "who", "file")
"""Arguments that name nothing."""
PROOFS = ("present", "password", "code", "nonce")
"""Nor do those by which somebody proves who they are: they are written nowhere."""
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


def named(how: Kept, function: Callable[..., Any], arguments: Mapping[str, Any]) -> str:
    """What it is done to, of those arguments: an id or a number; "" for whatever else stands there."""
    first = next((name for name in signature(function).parameters if name not in (*OURS, *PROOFS)), "")
    value = arguments.get(first if how.of is None else how.of)
    if isinstance(value, int) or (isinstance(value, str) and ID.fullmatch(value)):
        return str(value)
    return ""


def _said(how: Kept) -> Callable[[F], F]:
    def declare(function: F) -> F:
        vars(function)[_KEPT] = how
        return function

    return declare


_KEPT = "kept_in_the_audit_log"
