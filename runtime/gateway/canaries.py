"""What is kept of versions that answer a part of the people, as the gateway sees it."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Protocol


class Canary(Protocol):
    @property
    def version(self) -> int: ...
    @property
    def share(self) -> float:
        """Of all people, in percent."""
        ...

    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def salt(self) -> str: ...
    @property
    def since(self) -> float: ...


class Canaries(Protocol):
    """The control store; ending one writes to the disk."""

    def find(self, id: str) -> Any | None:
        """The Canary of a publication."""
        ...

    def end(self, id: str, version: int, why: Any, at: float, *, sides: Any = ()) -> bool: ...


class NoCanaries:
    """Where there is one version only."""

    def find(self, id: str) -> None:
        return None

    def end(self, id: str, version: int, why: str, at: float, *, sides: Sequence[Any] = ()) -> bool:
        return False


def place_of(salt: str, who: str) -> float:
    """Of somebody among all people, from 0 up to 100: always the same, whatever the share is, and told by
    nobody who does not know the salt. Whose place is below the share is among them, so a larger share only
    adds people."""
    digest = hmac.digest(salt.encode(), who.encode(), hashlib.sha256)
    return int.from_bytes(digest[:7]) / 2**56 * 100
