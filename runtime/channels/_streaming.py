"""A channel on which one bubble grows while the answer is written, and what the gateway asks of it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from runtime.answer import MediaKind
from runtime.channels._abilities import AsksPlatform, Pushes
from runtime.channels._media import Media, MediaLimits, MediaOut, Steps
from runtime.channels._wire import ApiAnswer, ApiRequest, Frame, WebResponse
from runtime.choices import Choices
from runtime.message import Message


@dataclass(frozen=True)
class Bubble:
    """`id`: up to 40 letters, digits and `-`, the same for a message however often it is begun.

    `message`: what it answers; None for one of which nothing is known any more, which is only ended.
    """

    id: str
    message: Message | None


@dataclass(frozen=True)
class Pieces:
    """How often a bubble may grow, within what the platform takes from one conversation."""

    quick: float
    """Seconds between two pieces…"""
    few: int
    """…as long as fewer than so many went out in a minute."""
    slow: float
    """Seconds between two after that."""


class Streams(ABC):
    """The answer grows in one bubble. Where the platform calls us it asks for the text again and again, and
    `grow` is the response; elsewhere `grow` is a request of ours.

    Every bubble is ended, whatever becomes of its turn; what it did not hold is pushed.
    """

    pieces: ClassVar[Pieces]
    bubble_seconds: ClassVar[float]
    """After the message, in which its bubble is to be ended, with a margin."""
    bubble_over: ClassVar[frozenset[str]]
    """Codes of SendFailed: this bubble takes nothing more."""

    @abstractmethod
    def grows(self, message: Message) -> bool:
        """Whether what answers this message may be a bubble."""

    @abstractmethod
    def grow(
        self, bubble: Bubble, text: str, now: float, *, done: bool
    ) -> WebResponse | ApiRequest | Frame | Steps[None]:
        """The whole text so far, within the channel's limits; "" before there is any. As Steps where a piece
        takes several calls: they raise SendFailed, and `grown` is not asked.

        The same once more changes nothing of what the person sees.
        """

    def grown(self, answer: ApiAnswer) -> None:
        """The platform's answer to a request of ours. Raises SendFailed."""
        raise NotImplementedError


class Drafts(AsksPlatform):
    """What is written so far is shown for a moment and vanishes by itself: an ornament, like the typing sign.
    The answer is pushed like any other once it is there."""

    draft_seconds: ClassVar[float]
    """Between two of one answer…"""
    draft_life: ClassVar[float]
    """…and after which one that does not change has to be shown again."""

    @abstractmethod
    def drafts(self, message: Message) -> bool:
        """Whether it can be shown where this message is answered."""

    @abstractmethod
    def draft(self, bubble: Bubble, text: str) -> ApiRequest:
        """The text so far, within the channel's limits. Of a bubble whose message is known."""

    @abstractmethod
    def drafted(self, answer: ApiAnswer) -> None:
        """Raises SendFailed: then no more of this answer is shown."""


class Edits(Pushes):
    """In some places what is written so far is a message, which is edited until it is the answer's first
    part."""

    edit_pieces: ClassVar[Pieces]

    @abstractmethod
    def edits(self, message: Message) -> bool:
        """Whether what answers this message is shown so."""

    @abstractmethod
    def begin(self, message: Message, text: str) -> ApiRequest:
        """Shows the first of it."""

    @abstractmethod
    def begun(self, answer: ApiAnswer) -> str:
        """By what it is edited. Raises SendFailed."""

    @abstractmethod
    def edit(self, handle: str, text: str) -> ApiRequest:
        """Shows this instead; the same once more changes nothing."""

    @abstractmethod
    def edited(self, answer: ApiAnswer) -> None:
        """Raises SendFailed: also where the message is gone, so that the answer becomes another one."""

    @abstractmethod
    def withdraw(self, handle: str) -> ApiRequest:
        """Takes it away; the answer is read by `edited`."""


@dataclass(frozen=True)
class Held:
    """What the end of a bubble holds besides its text."""

    media: Sequence[Media] = ()
    choices: Choices | None = None


class StreamsMedia(Streams, MediaOut):
    """The end of a bubble that the platform asks for may hold more than text."""

    bubble_media: ClassVar[Mapping[MediaKind, MediaLimits]]
    """What it holds; of another kind the words stand in its text."""
    bubble_files: ClassVar[int]
    """How many at most…"""
    bubble_bytes: ClassVar[int]
    """…and how much of all."""

    @abstractmethod
    def end(self, bubble: Bubble, text: str, held: Held, now: float) -> WebResponse:
        """Its end. Off the loop: it may be large."""
