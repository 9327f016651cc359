"""What was fetched from the outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
