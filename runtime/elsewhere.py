"""What is said on another publication than the one that somebody writes to."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Elsewhere:
    """`field`: the setting that names the publication. `to`: to whom; () for whom it has by itself. `tapped`:
    with something to tap on."""

    field: str
    publication: str
    to: Sequence[str] = ()
    tapped: bool = False


class SaysElsewhere(ABC):
    """A block, tool or start that says something there."""

    @property
    @abstractmethod
    def elsewhere(self) -> Sequence[Elsewhere]:
        """Where, as it is set up."""
