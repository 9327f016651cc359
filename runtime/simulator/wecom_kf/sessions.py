"""Whose a customer is: new, with the assistant, in the pool, with a human, or nobody's.

https://developer.work.weixin.qq.com/document/path/94669
"""

from dataclasses import dataclass, field
from typing import Final

NEW, ASSISTANT, POOL, HUMAN, OVER = range(5)
BY_API: Final[dict[int, frozenset[int]]] = {
    NEW: frozenset({ASSISTANT, POOL, HUMAN}),
    ASSISTANT: frozenset({POOL, HUMAN}),
    POOL: frozenset({HUMAN}),
    HUMAN: frozenset({HUMAN, OVER}),
    OVER: frozenset(),
}
"""To each state those that an app may bring it to."""
TAKEN, PASSED_ON, ENDED, TAKEN_AGAIN = range(1, 5)
"""change_type of what humans do."""
HOURS_48 = 48 * 3600.0
MOST_SENT = 5
"""Messages of the app's within 48 h of each of the customer's."""


@dataclass
class Session:
    """One customer's. Times are seconds since 1970."""

    state: int = OVER
    servicer: str = ""
    wrote_at: float = float("-inf")
    sent: int = 0
    """Since they wrote."""
    codes: dict[str, float] = field(default_factory=dict)
    """Welcome codes, and until when each is good."""

    def wrote(self, now: float) -> None:
        """A message of the customer's: whoever was nobody's is new."""
        if self.state == OVER or now - self.wrote_at > HOURS_48:
            self.state, self.servicer = NEW, ""
        self.wrote_at, self.sent = now, 0

    def may_send(self, now: float) -> int:
        """0, or the errcode."""
        if self.state not in (NEW, ASSISTANT):
            return 95018
        if now - self.wrote_at > HOURS_48:
            return 95002
        return 95001 if self.sent >= MOST_SENT else 0
