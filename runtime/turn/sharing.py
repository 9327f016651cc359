"""What a tool may use of the person whose turn it is, and of what everybody shares."""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.message import Exchange, Message
from runtime.tools import Shared
from runtime.turn.keeping import Kept
from runtime.turn.sent import Reads, SentHere
from runtime.turn.settings import Composed


def of_person(
    agent: Composed, kept: Kept, message: Message, history: Sequence[Exchange], reads: Reads | None
) -> Mapping[str, Any]:
    """By the names that Env has for them."""
    return {
        "reminders": kept.reminders,
        "whose": kept.whose,
        "shared": _shared(agent, kept),
        "sent": SentHere(message, history, reads),
    }


def _shared(agent: Composed, kept: Kept) -> Shared | None:
    """None: it is nobody's turn."""
    shares = kept.shares(agent.id)
    return Shared({one.name: one for one in agent.shared}, shares) if shares else None
