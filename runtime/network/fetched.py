"""What was fetched from the outside, and what fetches it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from runtime.network.reach import Reach


@dataclass(frozen=True)
class Fetched:
    """A response from the outside: `body` is cut at the limit, `text` is decoded by its charset."""

    url: str
    status: int
    content_type: str
    text: str
    body: bytes = b""
    cut: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    """Those that it came with, by name in lower case."""


class Http(Protocol):
    """The way out to public addresses (runtime/network/egress.py)."""

    async def fetch(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 15,
        max_bytes: int = 1_000_000,
        reach: Reach = Reach(),  # noqa: B008 # frozen
        enough: Callable[[bytearray], bool] | None = None,
    ) -> Fetched: ...
