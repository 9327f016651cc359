"""What is said on another publication than the one that somebody writes to."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Through:
    """`field`: the setting that names the publication. `to`: to whom; () for whom it has by itself. `tapped`:
    with something to tap on."""

    field: str
    publication: str
    to: Sequence[str] = ()
    tapped: bool = False


class SpeaksThrough(ABC):
    """A block, tool or start that says something there."""

    @property
    @abstractmethod
    def speaks_through(self) -> Sequence[Through]:
        """Where, as it is set up."""
