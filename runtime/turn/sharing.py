"""What a tool may use of the person whose turn it is, and of what everybody shares."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runtime.tools import Shared
from runtime.turn.sent import SentHere

if TYPE_CHECKING:
    from runtime.turn.turn import Turn


def of_person(turn: "Turn") -> Mapping[str, Any]:
    """By the names that Env has for them."""
    return {
        "person": turn.person,
        "reminders": turn.kept.reminders,
        "whose": turn.kept.whose,
        "shared": _shared(turn),
        "sent": SentHere(turn.message, turn.history, turn.services.reads),
    }


def _shared(turn: "Turn") -> Shared | None:
    """None: it is nobody's turn."""
    shares = turn.kept.shares(turn.agent.id)
    return Shared({one.name: one for one in turn.agent.shared}, shares) if shares else None
