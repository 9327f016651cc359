"""What a channel brings to the tests that all channels share."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from runtime.channels import ApiRequest, Channel, WebRequest
from runtime.message import Message


@dataclass(frozen=True)
class Incoming:
    """A call of the platform's: what it brings, or the code of the refusal."""

    id: str
    request: WebRequest
    messages: Sequence[Message] = ()
    refused: str = ""
    signal: bool = False


@dataclass(frozen=True)
class Outgoing:
    """A part of an answer, and the request that brings it."""

    id: str
    part: str
    request: ApiRequest


@dataclass(frozen=True)
class Answered:
    """What the platform says to a push: taken, or the code of the failure."""

    id: str
    data: dict
    code: str = ""
    status: int = 200


@dataclass(frozen=True)
class Tables:
    channel: Channel
    now: float = 0.0
    to: str = "somebody"
    secrets: Sequence[str] = ()
    """Values that must not be seen in any text or log."""
    incoming: Sequence[Incoming] = ()
    outgoing: Sequence[Outgoing] = ()
    answered: Sequence[Answered] = field(default_factory=list)
