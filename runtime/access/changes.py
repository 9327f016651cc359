"""The one place that every change of who may what passes, when it is done."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from runtime.errors import Conflict

log = logging.getLogger("hongyan.access")
_heard: ContextVar[list["Change"] | None] = ContextVar("heard", default=None)


@dataclass(frozen=True)
class Change:
    """What somebody changed. No secret stands in it."""

    what: str
    """`thing.act`, e.g. `user.roles`."""
    by: str
    of: str
    """`kind id`, e.g. `user anna`."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Changed(Conflict):
    """Somebody else was first: it is another by now than whoever asks has seen."""


def tell(change: Change) -> None:
    """It is done. The log has it, and the record of what somebody does at this moment."""
    log.info(
        "%s: %s of %s, %s → %s",
        change.by,
        change.what,
        change.of,
        ", ".join(change.before) or "-",
        ", ".join(change.after) or "-",
    )
    noted(change.before, change.after)


def noted(before: Sequence[str], after: Sequence[str]) -> None:
    """What it was and what it is, for the record of what somebody does. Of secrets: "changed"."""
    if (heard := _heard.get()) is not None:
        heard.append(Change("", "", "", tuple(before), tuple(after)))


@contextmanager
def told_here() -> Iterator[list[Change]]:
    """What is told meanwhile, also in threads that begin here."""
    changes: list[Change] = []
    former = _heard.set(changes)
    try:
        yield changes
    finally:
        _heard.reset(former)
