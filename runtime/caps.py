"""How much of a day there may be: messages, tokens and money, of whomever that is."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

ALL = "all"
"""A budget of all models together, and what all agents take."""
ZONE = "Asia/Shanghai"
"""Whose midnight begins a day where the owner says no other; an agent and its people have the agent's."""
What = Literal["messages", "tokens", "money"]


@dataclass
class Sum:
    """`cost` in US dollars of what has a price; `unpriced`: tokens whose price nobody knows."""

    tokens: int = 0
    cost: float = 0.0
    unpriced: int = 0
    messages: int = 0


class Cap(NamedTuple):
    """None: no bound. `money` in US dollars."""

    messages: int | None = None
    tokens: int | None = None
    money: float | None = None

    @property
    def any(self) -> "Cap | None":
        """Itself, where it bounds anything."""
        return None if self == Cap() else self

    def share(self, spent: Sum) -> float:
        """Which part of it that is: of the bound of which more is gone; 1 and above: it is used up."""
        return max([0.0, *(part for _, part in self._parts(spent))])

    def left(self, spent: Sum) -> float:
        """The share that is left of the bound of which less is left, 0 to 1."""
        return max(0.0, 1 - self.share(spent))

    def used_up(self, spent: Sum) -> What | None:
        """Which of its bounds is."""
        return next((what for what, part in self._parts(spent) if part >= 1), None)

    def _parts(self, spent: Sum) -> list[tuple[What, float]]:
        taken: list[tuple[What, float, float | None]] = [
            ("messages", spent.messages, self.messages),
            ("tokens", spent.tokens, self.tokens),
            ("money", spent.cost, self.money),
        ]
        return [(what, part / most if most else 1.0) for what, part, most in taken if most is not None]


class Today(NamedTuple):
    """What was taken today, and the seconds until tomorrow."""

    spent: Sum
    seconds: float
