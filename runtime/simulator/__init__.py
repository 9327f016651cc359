"""The platforms' sides, played: what they send, what they accept, and what a person sees and when.

A folder a channel, of its name, which exports `SIMULATION`. Nothing here is shared with the channels, so that
a test does not check our code with itself. Time is an argument everywhere: with fast_loop a model that takes
five minutes is over in milliseconds.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from runtime.lang import Text
from runtime.plugins import Registry
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.sockets import Wire

Side = Literal["me", "account", "platform"]
Route = Literal["", "reply", "push", "page"]


@dataclass(frozen=True)
class Knock:
    """A request of the platform's to a callback."""

    query: dict[str, str]
    body: bytes = b""
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    """Below the callback's address."""


Door = Callable[[Knock], Awaitable[tuple[int, str]]]
"""A callback: status and body. Raises OSError when nobody opens."""
OpenPage = Callable[[str], Awaitable[str]]
"""The text of the page at an address, once it shows one."""


@dataclass(frozen=True)
class Kind:
    """A kind of account that can be chosen, and what such an account may do."""

    name: Text
    may: Text


@dataclass(frozen=True)
class Link:
    """Something to tap that opens a page."""

    label: str
    url: str


@dataclass(frozen=True)
class Taken:
    """By whom something was written. `is_sure`: the platform keeps it until it is taken, or was told that it
    was; False: nothing tells it; None: it gave up."""

    person: str
    is_sure: bool | None


@dataclass(frozen=True)
class Seen:
    """One thing in the chat. `at`: seconds since 1970; side `platform` is its own line."""

    at: float
    side: Side
    sent: str
    """As it came over the wire."""
    pieces: Sequence[str | Link]
    """As the person reads it."""
    route: Route = ""
    attempt: int = 0
    """Which attempt of the platform's the reply came to."""


class Simulation(ABC):
    """One account with its platform and one person who writes to it."""

    kinds: ClassVar[Mapping[str, Kind]]
    api_host_setting: ClassVar[str]
    """The environment variable of the API host that `call` plays."""
    link_host_setting: ClassVar[str] = ""
    """…and of the host to which we connect, which `serve` plays; "" for none."""
    settings: Mapping[str, str]
    """What the account's owner enters to publish on it."""
    kept: Mapping[str, Mapping[str, str]] = {}
    """What the platform gave earlier and access tokens hang on, by the name under which that is kept."""

    @property
    def entered(self) -> Mapping[str, str]:
        """Of the settings what somebody enters, where the platform brings the others."""
        return self.settings

    @abstractmethod
    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        """`kind`: of `kinds`; `clock`: seconds since 1970."""

    @abstractmethod
    def call(self, request: Request) -> Response:
        """What the API host answers; for http.Server."""

    async def serve(self, wire: Wire) -> None:
        """One connection of ours; for sockets.SocketServer."""
        await wire.close()

    @abstractmethod
    def connect(self, door: Door, open_page: OpenPage) -> None:
        """From now on the platform may call. Before anything of the following."""

    @abstractmethod
    async def write(self, text: str) -> None:
        """The person writes. Over when the platform has no attempt left to make."""

    @abstractmethod
    async def follow(self, link: Link) -> None:
        """The person taps a link, and reads the page."""

    @abstractmethod
    def seen(self) -> Sequence[Seen]:
        """The chat so far, in order."""

    @classmethod
    @abstractmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        """What came over the wire, as a person reads it."""

    @abstractmethod
    def typing(self) -> tuple[float, float] | None:
        """From when the sign was shown, and until when if nothing came sooner; None if never."""

    @abstractmethod
    def repeats(self) -> Sequence[tuple[float, int]]:
        """When the platform sent the message again, which nobody sees, and the attempt's number."""

    @abstractmethod
    def pushes(self) -> tuple[int, int]:
        """How many the account sent, and how many it may after one message."""

    @abstractmethod
    async def settle(self) -> None:
        """Wait for requests that nobody listens to any more."""


class Crowded(Simulation):
    """…and several others who write to it at the same time, for who plays a rush."""

    people: ClassVar[int] = 12
    """How many may write to it."""
    crowded_kind: ClassVar[str] = ""
    """On which kind of account they do; the first one when it is empty."""

    @property
    @abstractmethod
    def account(self) -> str:
        """What it is called in what is shown."""

    @abstractmethod
    async def written_by(self, number: int, text: str) -> Taken:
        """One of them writes. Over when the platform has no attempt left to make."""

    @abstractmethod
    def everybody_saw(self) -> Sequence[Shown]:
        """What all of them have by now; of a bubble that grows, its newest text."""

    async def opened_by(self, number: int) -> bool | None:
        """One of them opens the chat; as `Taken.is_sure`, and False where the platform tells nobody."""
        return False

    def told(self) -> Collection[str]:
        """Marks of messages whose response showed something else than the answer, see History."""
        return ()

    def unfinished(self) -> int:
        """Bubbles that still say that an answer is being written."""
        return 0


class Carded(Crowded):
    """…and that are shown cards with buttons."""

    @abstractmethod
    async def tapped_by(self, member: str, label: str, saying: str) -> None:
        """Somebody taps that button on their newest card with these words. Raises LookupError when they see
        none that was not settled."""


registry: Registry[type[Simulation]] = Registry(__name__, "SIMULATION", folders_only=True)
"""Who plays a channel, by its name."""
