"""A channel whose calls its owner can try: what one looks like, and what is understood of another."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from runtime.channels._abilities import Receives
from runtime.lang import Text


@dataclass(frozen=True)
class Understood:
    """`fields`: of the first message, each with its value; `messages`: how many; `problems`: why there are
    none, or not more."""

    fields: Sequence[tuple[Text, str]] = ()
    messages: int = 0
    problems: Sequence[Text] = ()


class Tried(Receives):
    """Whoever set it up writes the other side, too."""

    @abstractmethod
    def example(self, address: str) -> Text:
        """A right call, to be run in a shell, saying something in the reader's language. It holds the secret.
        `address`: of the callback."""

    @abstractmethod
    def understood(self, pasted: str) -> Understood:
        """What a call with that body would bring. Never raises."""
