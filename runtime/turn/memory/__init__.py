"""The contract of a memory strategy: what of a conversation a model sees. One file each, with `MEMORY`."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Protocol

from runtime.lang import Text
from runtime.message import Exchange
from runtime.models.completion import Models
from runtime.plugins import Registry


class Uses(Protocol):
    """What a strategy may use, such as a model that sums up. The turn's services are."""

    @property
    def models(self) -> Models: ...


class Strategy(ABC):
    """Made for one turn. `turns`: how many exchanges the agent's owner wants to be remembered."""

    title: ClassVar[Text]
    """What an agent's owner chooses it by."""

    def __init__(self, turns: int) -> None:
        self.turns = turns

    @property
    @abstractmethod
    def loads(self) -> int:
        """How many of the newest exchanges are read from the store before the turn."""

    @abstractmethod
    async def remembered(self, history: Sequence[Exchange], uses: Uses) -> Sequence[Exchange]:
        """What a model is shown of those, oldest first. Raises HongyanError when the turn cannot go on."""


registry: Registry[type[Strategy]] = Registry(__name__, "MEMORY")
"""Every strategy by name, as the agent file has it."""
