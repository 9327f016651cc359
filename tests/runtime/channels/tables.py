"""What a channel brings to the tests that all channels share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.channels import (
    ApiAnswer,
    ApiRequest,
    Bubble,
    Channel,
    Frame,
    Held,
    Media,
    Shown,
    WebRequest,
    WebResponse,
)
from runtime.choices import Choices
from runtime.message import Message


@dataclass(frozen=True)
class Incoming:
    """A call of the platform's: what it brings, or the code of the refusal."""

    id: str
    request: WebRequest
    messages: Sequence[Message] = ()
    refused: str = ""
    signal: bool = False
    bubble: str = ""
    ticket: str = ""
    account: str = ""


@dataclass(frozen=True)
class Outgoing:
    """A part of an answer, and the request that brings it; `after`: the person's newest message, where that
    is needed."""

    id: str
    part: str
    request: ApiRequest | Frame
    after: Message | None = None


@dataclass(frozen=True)
class Answered:
    """What the platform says to a push: taken, or the code of the failure."""

    id: str
    data: dict
    code: str = ""
    status: int = 200


@dataclass(frozen=True)
class Got:
    """A message with a file, the calls that get it, and its bytes in the clear or the code of the failure."""

    id: str
    message: Message
    calls: Sequence[tuple[ApiRequest, ApiAnswer]] = ()
    content: bytes = b""
    code: str = ""


@dataclass(frozen=True)
class Put:
    """What is brought to the platform, by which calls, and what shows it then or the code of the failure."""

    id: str
    media: Media
    calls: Sequence[tuple[ApiRequest | Frame, ApiAnswer]]
    data: dict = field(default_factory=dict)
    code: str = ""


@dataclass(frozen=True)
class MediaPushed:
    """What is shown, and the request that brings it; `after`: the person's newest message."""

    id: str
    shown: Shown
    request: ApiRequest | Frame
    after: Message | None = None


@dataclass(frozen=True)
class Asked:
    """What the platform answers to a question of the check-up, and what that means; `code`: of a failure."""

    id: str
    question: str
    data: dict
    ok: bool | None = None
    code: str = ""
    says: str = ""
    """That the sentence has in it, in English."""


@dataclass(frozen=True)
class Linked:
    """What happens on a connection, one after another, and what follows from the last of it.

    `opened`, `closed`, `closed 4004` (with that code), `tick` (it is time), or a frame's text.
    """

    id: str
    happens: Sequence[str]
    send: Sequence[Frame] = ()
    messages: Sequence[Message] = ()
    after: Sequence[Frame] = ()
    answers: Sequence[tuple[str, ApiAnswer]] = ()
    is_up: bool = False
    end: str | None = None
    """The code of the end; None: it goes on."""
    again: float | None = None
    leads: str = ""
    """Where the next one is to go."""


@dataclass(frozen=True)
class Grown:
    """A bubble so far, and what shows it: one request, or calls one after another."""

    id: str
    text: str
    done: bool
    request: WebResponse | ApiRequest | Frame | None = None
    calls: Sequence[tuple[ApiRequest | Frame, ApiAnswer]] = ()


@dataclass(frozen=True)
class Offered:
    """What is offered to choose from, and the request that brings it; `greeting`: as the answer to it."""

    id: str
    choices: Choices
    request: ApiRequest | Frame
    after: Message | None = None
    greeting: Message | None = None


@dataclass(frozen=True)
class Settled:
    """What the platform answered to something to tap, and what takes that away later; None: nothing can."""

    id: str
    answer: ApiAnswer
    words: str
    request: ApiRequest | Frame | None


@dataclass(frozen=True)
class Tapped:
    """A message that a tap brought, what the person had before them, and what shows that it was made."""

    id: str
    message: Message
    offered: Choices | None
    shown: Any


@dataclass(frozen=True)
class Ended:
    """The end of a bubble that holds more than text, in the clear."""

    id: str
    text: str
    held: Held
    shown: Any


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
    got: Sequence[Got] = ()
    put: Sequence[Put] = ()
    media_pushed: Sequence[MediaPushed] = ()
    linked: Sequence[Linked] = ()
    broken_frames: Sequence[str] = ()
    bubble: Bubble | None = None
    grown: Sequence[Grown] = ()
    ended: Sequence[Ended] = ()
    offered: Sequence[Offered] = ()
    tapped: Sequence[Tapped] = ()
    settled: Sequence[Settled] = ()
    opened: Callable[[Any], Any] | None = None
    """What shows a bubble, in the clear, where it is sealed on the way."""
    bubble_answered: Sequence[Answered] = ()
    edited: Sequence[Outgoing] = ()
    """What shows so much of an answer in a message below the person's newest, `after`; without that, what
    edits it."""
    begun: Sequence[tuple[dict, str]] = ()
    """What the platform answers to the first, and by what the message is edited; "!CODE": a failure's."""
    drafted: Sequence[Grown] = ()
    """What shows, for a moment, so much of an answer."""
    calls: str = ""
    """In a request, as a pattern: what would call somebody to a chat; "": there are no groups."""
    group: str = ""
    """Somebody who is written to in one."""
    registered: ApiRequest | None = None
    """What tells the platform to call https://bot.example/c/p ."""
    asked: Sequence[Asked] = ()
    identified: Sequence[tuple[dict, str]] = ()
    """What the platform answers when it is asked who somebody is, and who that is; "!CODE": a failure's."""
    inspected: Sequence[tuple[dict, str]] = ()
    """What the platform answers to a text that it is to judge, and the suggestion; "!CODE": a failure's."""
    looked_at: Sequence[tuple[Any, Any]] = ()
    """Its calls that tell what a file came to, and that; or the code of the refusal."""
    thread: str = "THR3AD"
    """What goes along with whatever is sent to a person, as the channel itself makes it, with that in it."""
    bots: Sequence[tuple[Any, Any]] = ()
    """What the platform tells of what a program wrote, and the same of a person: a call, or what happens
    on a connection."""
    stranger: tuple[dict, str] = ({}, "")
    """How the platform refuses the address that we call from, and the address that it names."""
