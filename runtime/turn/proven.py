"""Whether a value of the person is theirs, or what a model made of something that it read."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from runtime.message import Exchange, Message
from runtime.turn.settings import Composed


class Talks(Protocol):
    """What we need of a turn."""

    @property
    def agent(self) -> Composed: ...
    @property
    def message(self) -> Message: ...
    @property
    def history(self) -> Sequence[Exchange]: ...
    @property
    def outer(self) -> "Talks | None": ...


def is_proven(turn: Talks, name: str, value: str) -> bool:
    """No model may change it, or they wrote it themselves in this conversation: whatever pages and documents
    say to a model, it cannot choose by `person.email` who gets a letter."""
    around = list(_around(turn))
    if not any(one.name == name and one.who == "model" for each in around for one in each.agent.person):
        return True
    # What the innermost agent is told is a model's word; what the outermost is told is theirs.
    outermost = around[-1]
    message = outermost.message
    said = [*([] if message.unasked else [message.text]), *(one.text for one in outermost.history)]
    whole = re.compile(
        rf"(?<![a-z0-9._%+@-]){re.escape(value)}(?![a-z0-9_@-]|\.[a-z0-9])", re.IGNORECASE | re.ASCII
    )
    return any(whole.search(text) for text in said)


def _around(turn: Talks) -> Iterator[Talks]:
    """It, and those that it is inside of."""
    at: Talks | None = turn
    while at is not None:
        yield at
        at = at.outer
