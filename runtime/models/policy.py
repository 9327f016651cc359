"""What the owner decided about models beyond where they are asked."""

from typing import Protocol

from runtime.models.routes import Route


class Policy(Protocol):
    """Nothing in it blocks: it is asked for each question, and changed while we run."""

    def route(self, name: str) -> Route | None:
        """The rules of that name."""
        ...


class NoPolicy:
    """Nothing was decided."""

    def route(self, name: str) -> Route | None:
        return None


NOTHING_DECIDED = NoPolicy()
