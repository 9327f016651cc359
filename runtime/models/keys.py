"""A key of an endpoint, and what it takes."""

from dataclasses import dataclass, field

MAIN = "main"
"""The name of an endpoint's first key."""


@dataclass(frozen=True)
class Key:
    """`per_minute`: questions; None: no bound that we know, here and of tokens."""

    name: str
    secret: str = field(repr=False)
    per_minute: int | None = None
    tokens_per_minute: int | None = None
