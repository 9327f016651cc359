"""A platform that judges contents itself: texts at once, files later, by a call to us."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from runtime.answer import MediaKind
from runtime.channels._abilities import AsksPlatform
from runtime.channels._media import MediaLimits
from runtime.channels._wire import ApiAnswer, ApiRequest
from runtime.inspected import Inspected, Sort


class Inspects(AsksPlatform):
    """It is asked where the agent's owner wants that. What a file came to arrives as Arrivals.inspected."""

    inspected_characters: ClassVar[int]
    """Of a text that is judged at once."""
    inspected_media: ClassVar[Mapping[MediaKind, MediaLimits]]

    @property
    @abstractmethod
    def may_inspect(self) -> bool:
        """Whether there is a way to its API with these settings; the platform may refuse all the same."""

    @abstractmethod
    def inspect(self, text: str, sender: str, sort: Sort) -> ApiRequest:
        """Asks about a text of that length at most, by or for that person."""

    @abstractmethod
    def inspected(self, answer: ApiAnswer) -> Inspected:
        """Raises SendFailed."""

    @abstractmethod
    def inspect_media(self, kind: MediaKind, url: str, sender: str, sort: Sort) -> ApiRequest:
        """Asks about a file, which the platform gets from there."""

    @abstractmethod
    def inspection(self, answer: ApiAnswer) -> str:
        """The trace by which its answer is known later. Raises SendFailed."""
