"""Ways in that lead elsewhere and come back: what the sign-in page asks of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from runtime.lang import Text


@dataclass(frozen=True)
class Offer:
    """A button on the sign-in page. `path`: ours, asked with `?next=` and a path of ours to go to."""

    words: Text
    path: str


class Others(Protocol):
    """Whoever comes back from there is given to Arrivals.come, with what they proved."""

    def offers(self) -> Sequence[Offer]: ...

    def no_password(self, user: str) -> Text | None:
        """Why that one comes in by no password; None for whoever does."""


class NoOthers:
    """Passwords and passkeys are all there is."""

    def offers(self) -> Sequence[Offer]:
        return ()

    def no_password(self, user: str) -> Text | None:
        return None
