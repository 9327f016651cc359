"""A channel whose messages come over a connection that we hold, and what the gateway asks of it.

The channel's side is a state machine that is told what happened and says what to send; the socket, the clock,
the lease and the reconnecting are the gateway's (gateway/links.py).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from runtime.channels._abilities import AsksPlatform
from runtime.channels._wire import ApiAnswer, ApiRequest, Frame
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.message import Message

PASSING = 60.0
"""Seconds."""


@dataclass(frozen=True)
class End:
    """The connection is to be closed, or did not come about."""

    text: Text
    """Why, and what the owner does about it."""
    code: str = ""
    """The platform's, or a word of the channel's."""
    again: float | None = None
    """Seconds until the next try. None: never by itself, since the platform says that it would do harm."""

    @property
    def is_trouble(self) -> bool:
        """It does not pass in a minute, so the owner is told."""
        return self.again is None or self.again > PASSING


@dataclass(frozen=True)
class Step:
    """What follows from something that happened on the connection."""

    send: Sequence[Frame] = ()
    messages: Sequence[Message] = ()
    after: Sequence[Frame] = ()
    """To be sent once the messages are on the disk: it acknowledges them."""
    answers: Sequence[tuple[str, ApiAnswer]] = ()
    """To frames of ours, by their key."""
    end: End | None = None


NOTHING_FOLLOWS = Step()


class Link(ABC):
    """One connection after another to one account. No I/O.

    `now`: seconds since 1970 by a clock that does not jump as long as the connection lasts.
    """

    is_up: bool = False
    """Frames of ours are taken. Set by the channel in a step, taken back by `closed`."""
    tick_at: float = 0.0
    """When to `tick` at the latest, by the clock of `now`."""
    next_address: str = ""
    """Where the platform said over this connection that the next one is to go, wss://, see
    Connects.link_hosts; "" as usual."""
    tries: int = 0
    """How often in a row it ended or did not come about."""
    longest_pause: ClassVar[float] = 60.0
    """Seconds: each pause is twice the one before it, from one second on, and none is longer."""

    @abstractmethod
    def opened(self, now: float) -> Step:
        """The socket is open."""

    @abstractmethod
    def frame(self, text: str, now: float) -> Step:
        """Something came. Raises Refused (`malformed`) for what is none of the platform's frames."""

    @abstractmethod
    def tick(self, now: float) -> Step:
        """It is `tick_at`: a heartbeat is due, or an answer has not come."""

    @abstractmethod
    def closed(self, now: float) -> End:
        """The socket is gone, or could not be opened."""

    def hung_up(self, code: int, now: float) -> End:
        """The platform ended it. `code`: of the WebSocket's close, 0 for none."""
        return self.closed(now)

    def refused(self, error: SendFailed, now: float) -> End:
        """The platform did not tell where to connect, see Connects.address."""
        return self.closed(now)

    def ended(self, end: End) -> End:
        self.is_up = False
        return end

    def retried(self, text: Text, code: str) -> End:
        self.tries += 1
        return self.ended(End(text, code, min(2.0 ** min(self.tries - 1, 10), self.longest_pause)))


class Connects(AsksPlatform):
    """We connect to the platform, and messages come over that connection."""

    link_host: ClassVar[str]
    """Default address, e.g. wss://link.example.com ."""
    link_host_setting: ClassVar[str]
    """Environment variable that replaces it: HONGYAN_…_WS."""
    exclusive: ClassVar[bool]
    """The platform keeps one connection an account and ends the older one: so one process may connect."""
    link_hosts: ClassVar[frozenset[str]] = frozenset()
    """Where an address that the platform tells may lead, `*.example.com` for all below one."""
    binary: ClassVar[bool] = False
    """Frames are bytes: each sign of a frame's text stands for one of them (Latin-1)."""
    heartbeat: ClassVar[float | None] = None
    """Seconds between two pings of the WebSocket itself; None where the link has a heartbeat of its own."""
    answer_seconds: ClassVar[float]
    """How long the platform takes at most to answer a frame that has a key."""

    @property
    def is_repeat(self) -> Callable[[Message, Message], bool] | None:
        """Tells whether the second is the first once more, under another id, where the platform sends
        again what
        it has no receipt for. Asked of a person's newest."""
        return None

    @property
    def connects(self) -> bool:
        """False when the owner chose that the platform calls us instead, see Receives."""
        return True

    @abstractmethod
    def link(self) -> Link:
        """A new one, which was never connected."""

    def address_request(self) -> ApiRequest | None:
        """Asks where to connect this time; None where it is always `link_host`."""
        return None

    def address(self, answer: ApiAnswer) -> str:
        """What it answered, wss:// with what proves that it is us. Raises SendFailed."""
        raise NotImplementedError
