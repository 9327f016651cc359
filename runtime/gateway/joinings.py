"""What is kept of publications whose account is still to be joined by a scan."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Joining(Protocol):
    """How far a publication is, as it is kept."""

    @property
    def stage(self) -> str: ...
    @property
    def at(self) -> float:
        """When it came there, seconds since 1970."""
        ...

    @property
    def asked_at(self) -> float:
        """When somebody wanted a code."""
        ...

    @property
    def digits(self) -> str:
        """That somebody entered."""
        ...

    @property
    def trouble(self) -> Mapping[str, str]:
        """Why there is no code, by language."""
        ...

    @property
    def codes(self) -> int:
        """That were shown since somebody asked."""
        ...

    @property
    def tickets(self) -> Sequence[str]:
        """Of the pages where an account's owner may consent, the newest last."""
        ...

    @property
    def back(self) -> str:
        """With which a browser comes from any of them."""
        ...

    @property
    def proof(self) -> str:
        """Of a consent, that is not used yet."""
        ...


class Joinings(Protocol):
    """The control store, as joining sees it. Each of these may write to the disk."""

    def find(self, id: str) -> Joining: ...

    def change(self, id: str, **changes: Any) -> None: ...

    def came_back(self, id: str, back: str, proof: str) -> bool:
        """A browser came from the page where an owner consents: whether it was sent there, and not before."""
        ...

    def keep(
        self, id: str, account: str, settings: Mapping[str, Any], secrets: Mapping[str, str]
    ) -> None: ...
