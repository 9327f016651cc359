"""What was fetched from the outside."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fetched:
    """A response from the outside: `body` is cut at the limit, `text` is decoded by its charset."""

    url: str
    status: int
    content_type: str
    text: str
    body: bytes = b""
    cut: bool = False
