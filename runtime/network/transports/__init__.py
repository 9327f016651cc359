"""Lines to a server that its owner named, of whatever protocol: texts both ways, as a channel's Link speaks.

By the scheme of the address. Each protocol is a file that is imported when the first line of its kind is
opened;
what passes is JSON, one object a text, whose names are in that file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

from runtime.lang import Text


@dataclass(frozen=True)
class Server:
    """`url`: scheme, host and port. `tool`: what an operator permits it as, see HONGYAN_EGRESS_ALLOW."""

    url: str
    tool: str
    authority: str = ""
    """Certificates, PEM, that alone are trusted; "": those of the system."""
    certificate: str = field(default="", repr=False)
    """Ours, PEM, and its key."""
    key: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of the request that opens it, where the protocol has one."""


class Line(Protocol):
    """One connection, closed at the end of `async with`."""

    @property
    def ended_with(self) -> int:
        """The code by which the other side said why it ended it; 0 while it has not, or without codes."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    async def send(self, text: str) -> None:
        """Raises OSError when it is gone."""

    async def receive(self) -> str | None:
        """What came; None when it is over, or sent what nobody may send."""


class Unopened(OSError):
    """There is no line, and the owner can do something about it: `text` says what. `code` names it."""

    def __init__(self, text: Text, code: str) -> None:
        super().__init__(code)
        self.text, self.code = text, code
