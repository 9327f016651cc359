"""The contract of a memory strategy: what of a conversation a model sees. One file each, with `MEMORY`."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Protocol

from runtime.lang import Text
from runtime.message import Exchange
from runtime.models.completion import Models
from runtime.person import Summary
from runtime.plugins import Registry


class Uses(Protocol):
    """What a strategy may use in a turn."""

    @property
    def models(self) -> Models: ...

    @property
    def question(self) -> str:
        """What the person asks now."""
        ...

    @property
    def summary(self) -> Summary | None:
        """What the conversation came to, as it was last summed up."""
        ...

    async def ask(self, told: Text, given: str, model: str = "") -> str:
        """A model's answer, asked once even when the turn is cut off and continued; its cost is the turn's.

        `told`: what it is to do, `given`: with what, which is data. `model`: the agent's own if empty.
        Raises HongyanError.
        """
        ...

    async def meanings(self, texts: Sequence[str]) -> Sequence[bytes]:
        """See knowledge.search.found.Searches; none when it takes too long, or nobody can tell."""
        ...

    async def sum_up(self, summary: Summary) -> None:
        """Keep it with the conversation."""
        ...

    def tell(self, title: Text, text: str) -> None:
        """Show the model something besides the exchanges, marked as data."""
        ...


class Strategy(ABC):
    """Made for one turn. `turns`: how many exchanges the agent's owner wants to be remembered word for word;
    `tokens`: and how many tokens at most; `model`: who sums up, the agent's own model if empty."""

    title: ClassVar[Text]
    """What an agent's owner chooses it by."""
    needs: ClassVar[frozenset[str]] = frozenset({"turns", "tokens"})
    """Which of the three it has use for: the form asks for these."""
    sums_up: ClassVar[bool] = False
    """It keeps a summary, which the person may see and have erased."""

    def __init__(self, turns: int, tokens: int | None = None, model: str = "") -> None:
        self.turns = turns
        self.tokens = tokens
        self.model = model

    @property
    @abstractmethod
    def loads(self) -> int:
        """How many of the newest exchanges are read from the store before the turn."""

    @abstractmethod
    async def remembered(self, history: Sequence[Exchange], uses: Uses) -> Sequence[Exchange]:
        """What a model is shown of those, oldest first. Raises HongyanError when the turn cannot go on."""


registry: Registry[type[Strategy]] = Registry(__name__, "MEMORY")
"""Every strategy by name, as the agent file has it."""
