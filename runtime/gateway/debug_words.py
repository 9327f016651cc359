"""Secret words of publications, as the gateway sees them."""

from typing import Any, Protocol


class DebugWord(Protocol):
    @property
    def mark(self) -> str:
        """Another one for another word."""
        ...

    @property
    def hours(self) -> float: ...
    @property
    def draft(self) -> bool: ...


class DebugWords(Protocol):
    """The control store: secret words of publications."""

    def find(self, id: str) -> Any | None:
        """The DebugWord of a publication."""
        ...

    def opens(self, id: str, word: str) -> bool: ...


class NoDebugWords:
    def find(self, id: str) -> None:
        return None

    def opens(self, id: str, word: str) -> bool:
        return False
