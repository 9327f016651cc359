"""What the owner decided about models beyond where they are asked."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from runtime.caps import ZONE
from runtime.models.budgets import Budget
from runtime.models.prices import Price
from runtime.models.routes import Route


class Policy(Protocol):
    """Nothing in it blocks: it is asked for each question, and changed while we run."""

    def route(self, name: str) -> Route | None:
        """The rules of that name."""
        ...

    def price(self, model: str) -> Price | None:
        """What the owner says that a model costs."""
        ...

    def budgets(self) -> Sequence[Budget]: ...

    def headers(self) -> Mapping[str, str]:
        """That go along with every question."""
        ...

    def zone(self) -> str:
        """Whose midnight begins the day of a budget."""
        ...


class NoPolicy:
    """Nothing was decided."""

    def route(self, name: str) -> Route | None:
        return None

    def price(self, model: str) -> Price | None:
        return None

    def budgets(self) -> Sequence[Budget]:
        return ()

    def headers(self) -> Mapping[str, str]:
        return {}

    def zone(self) -> str:
        return ZONE


NOTHING_DECIDED = NoPolicy()
