"""What the insights' script works on. Streamlit runs it anew for every click, so it finds it here."""

from collections.abc import Callable
from dataclasses import dataclass

from runtime.store.control.control import Control
from runtime.store.messages.insights import Insights

_placed: list["Desk"] = []


@dataclass(frozen=True)
class Desk:
    """`again` and `done` take a message's number, wait until it is so, and raise HongyanError."""

    insights: Insights
    control: Control
    again: Callable[[int], None]
    """Send a kept answer again, or run a message that failed."""
    done: Callable[[int], None]
    """Take a message off the list of what is to do."""
    held_back: Callable[[], int] = lambda: 0
    """How many messages a restore holds back until the owner says so."""


def place(desk: Desk) -> None:
    _placed[:] = [desk]


def desk() -> Desk:
    """The running program's."""
    return _placed[0]
