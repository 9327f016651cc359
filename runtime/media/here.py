"""What is taken from this machine where it would be fetched from another."""

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Here:
    """A page as an Http gives it."""

    body: bytes
    status: int = 200
    cut: bool = False


class Http(Protocol):
    """As much of runtime.network.fetched.Http as is asked here."""

    async def fetch(self, method: str, url: str, *, seconds: float, max_bytes: int, reach: Any) -> Any: ...
