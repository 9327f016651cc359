"""What an agent shares out, as its tools see it."""

from runtime.tools import Shared
from runtime.turn.keeping import Kept
from runtime.turn.settings import Composed


def shared_of(agent: Composed, kept: Kept) -> Shared | None:
    """None: it is nobody's turn."""
    shares = kept.shares(agent.id)
    return Shared({one.name: one for one in agent.shared}, shares) if shares else None
