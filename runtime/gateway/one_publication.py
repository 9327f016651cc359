"""One publication that no control store holds: for a rehearsal, and for whoever tries a channel out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.channels import Notice
from runtime.errors import Compared
from runtime.lang import Text


@dataclass(frozen=True)
class OnePublication:
    """Implements Publications, and is the one publication that there is."""

    channel: str
    settings: Mapping[str, Any]
    agent: Mapping[str, Any]
    id: str = "p"
    version: int = 1
    enabled: bool = True

    def publication(self, id: str) -> "OnePublication | None":
        return self if id == self.id else None

    def publications(self) -> list["OnePublication"]:
        return [self]

    def unreadable(self) -> Mapping[str, Text]:
        return {}

    def channel_settings(self, id: str) -> Mapping[str, Any]:
        return self.settings

    def frozen_agent(self, id: str, version: int) -> Mapping[str, Any]:
        return self.agent


class Unobserved:
    """Implements Observer: nobody looks."""

    def saw(
        self, publication: str, what: str, code: str, at: float, compared: Sequence[Compared] = ()
    ) -> None:
        """Not kept."""

    def trouble(self, publication: str, text: Text | None, at: float) -> None:
        """Not kept."""

    def told(self, publication: str, notice: Notice, at: float) -> None:
        """Not kept."""
