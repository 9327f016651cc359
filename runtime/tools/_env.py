"""What a tool may use besides its arguments: all of it comes from us, and none from a model."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from runtime.errors import ToolFailed
from runtime.knowledge.search.found import Searches
from runtime.lang import Text
from runtime.mcp.protocol import Peer
from runtime.mcp.sessions import Sessions
from runtime.network.addresses import Addresses
from runtime.network.fetched import Http
from runtime.network.mail import Letter, MailServer
from runtime.network.reach import Reach
from runtime.person import NOBODY, Person
from runtime.tools._reminders import Reminders
from runtime.tools._shared import Shared


class Said(Protocol):
    @property
    def text(self) -> str: ...


Asks = Callable[[str, str], Awaitable[Said]]

SECRET = "secret"
"""What `{{ secret.erp }}` begins with."""


class Secrets(Protocol):
    """What the owner keeps sealed; only requests that are being built may ask."""

    def open(self, name: str, host: str) -> str:
        """The value, to be sent to `host`. Raises ToolFailed."""
        ...


class NoSecrets:
    """Where none are kept. Implements Secrets."""

    def open(self, name: str, host: str) -> str:
        raise ToolFailed(
            Text("密钥「{name}」还没有设置。", "The secret {name!r} is not set.").fill(name=name)
        )


class Mails(Protocol):
    """runtime.network.mail.Mail."""

    async def send(self, server: MailServer, letter: Letter) -> None:
        """Raises ToolFailed: nobody, or not everybody, got it."""
        ...


class Says(Protocol):
    """What is said where an account only writes, such as a group's robot."""

    async def say(self, publication: str, text: str, key: str = "") -> Sequence[tuple[str, str]]:
        """`key`: what has the same is sent once. Each part's state, and the platform's code.

        Raises NotFound, BadSettings.
        """
        ...


class RunsPrograms(Protocol):
    """MCP servers that are programs on this machine, as far as this installation allows them."""

    async def peer(self, name: str, whose: str) -> Peer:
        """For that person, "" being nobody. Raises ToolFailed: not allowed, not started, too many."""
        ...


class Made(Protocol):
    """A file that a tool made."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def hash(self) -> str: ...
    @property
    def bytes(self) -> int: ...
    @property
    def address(self) -> str:
        """Under which it is public for whoever has it."""
        ...

    @property
    def reaches(self) -> bool:
        """Whether the address leads here from outside."""
        ...


class SentBytes(Protocol):
    """A file that the person sent, as it is kept. `type`: what its content is, such as image/png."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def content(self) -> bytes: ...


class Sent(Protocol):
    """The files that the person sent in this conversation (runtime/turn/sent.py)."""

    async def open(self, name: str) -> SentBytes:
        """The newest for "". Raises ToolFailed: there is none of that name, or it is gone."""
        ...


class Makes(Protocol):
    """Keeps what a tool made, as long as the message for which it was made (runtime/media/made.py)."""

    async def make(self, name: str, ending: str, content: bytes) -> Made:
        """`ending`: png, jpg, webp, pdf, docx, xlsx or html. Raises NotSaved."""
        ...

    async def make_picture(
        self, name: str, content: bytes, *, by_ai: bool = False, producer: str = ""
    ) -> Made:
        """Of what it really is; `by_ai`: and says of itself that AI made it. Raises BadMedia for what is no
        picture that is shown, NotSaved."""
        ...

    def lend(self, hash: str, type: str) -> str:
        """Where anybody gets a kept picture or sound who has the address; "" where nobody outside can."""
        ...


class Visit(Protocol):
    """What a browser saw: see runtime/browser/running.py."""

    @property
    def pages(self) -> Sequence[Mapping[str, str]]: ...
    @property
    def shot(self) -> bytes: ...
    @property
    def failed(self) -> str: ...
    @property
    def blocked(self) -> Sequence[str]: ...


class Browses(Protocol):
    async def visit(self, steps: Sequence[Mapping[str, str]], reach: Reach) -> Visit:
        """Raises ToolFailed: there is no browser, it took too long, or it ended."""
        ...


class Painting(Protocol):
    """What a model drew: see runtime/models/painting.py."""

    @property
    def content(self) -> bytes: ...
    @property
    def url(self) -> str: ...


class Paints(Protocol):
    async def paint(self, model: str, prompt: str, size: str, seconds: float) -> Painting:
        """Raises ModelFailed."""
        ...


@dataclass(frozen=True)
class Env:
    """What a tool may use besides its arguments."""

    http: Http
    now: datetime
    """Aware, in the agent's time zone."""
    values: Mapping[str, Any]
    """What templates of this turn see: `message`, variables, results of earlier blocks. Plain data."""
    addresses: Addresses = field(default_factory=Addresses)
    """Those that the person wrote in this conversation, the owner in the agent, or a search gave."""
    secrets: Secrets = field(default_factory=NoSecrets)
    knowledge: Searches | None = None
    """None: there are no bases."""
    person: Person = NOBODY
    """For whom it acts. It comes from us: no argument of a model's ever says who that is."""
    proves: Callable[[str, str], bool] = lambda name, value: True
    """Whether a value of the person, by name, is theirs and not what a model made up."""
    ask: Asks | None = None
    """Another agent, by its id, answers a text. None: there is no turn that it would be within."""
    call: str = ""
    """Names this use within the turn, however often it is tried."""
    mail: Mails | None = None
    says: Says | None = None
    makes: Makes | None = None
    paints: Paints | None = None
    browser: Browses | None = None
    once: str = ""
    """The same whenever this very use is tried again, and never for another one."""
    reminders: Reminders | None = None
    """None: for nobody."""
    sent: Sent | None = None
    """None: outside of a turn."""
    shared: Shared | None = None
    """None: for nobody, or outside of a turn."""
    earlier: int = 0
    """How often the turn acted before: what is without end is stopped."""
    programs: RunsPrograms | None = None
    sessions: Sessions = field(default_factory=Sessions)
    """Of servers that keep a state for each person."""
    whose: str = ""
    """For whom those are: nobody else has the same. "": nothing is kept over this use."""
