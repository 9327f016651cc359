"""The contract of a channel: a surface people write on. One file a channel, which exports `CHANNEL`.

A channel translates and sends. It does not wait, store, retry or think: the gateway does that once for all.
"""

import functools
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, runtime_checkable

from runtime.lang import Text
from runtime.message import Message
from runtime.plugins import discover
from runtime.schema import About, Strict


@dataclass(frozen=True)
class WebRequest:
    """What a callback needs of an HTTP request. Header names are lower case.

    A query parameter that was given twice is left out: nobody can say which one was meant.
    """

    method: str
    query: Mapping[str, str]
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


SELF_TEST = "hongyan-self-test-"
"""How the nonce begins when we call our own address: a check that passes then is not the platform's."""


@dataclass(frozen=True)
class WebResponse:
    body: str = ""
    status: int = 200
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Verified(WebResponse):
    """The platform checked the callback URL, and this answers it."""


@dataclass(frozen=True)
class Quota:
    """How many parts may be pushed after something a person did, and for how many seconds."""

    pushes: int
    seconds: float


@dataclass(frozen=True)
class Limits:
    """What the surface allows. Times in seconds, sizes in UTF-8 bytes."""

    max_bytes: int = 2048
    """One part of an answer."""
    pushes: int = 5
    """Parts that may be pushed for one message of the person…"""
    push_seconds: float = 48 * 3600
    """…and for how long."""
    window: float = 4.5
    """How long a response may take before the platform hangs up (with a margin)."""
    attempts: int = 3
    """How often the platform sends one message when it gets no response."""


class Channel(ABC):
    """One publication's surface, made from its settings. Its methods do no I/O and never block."""

    about: ClassVar[About]
    Settings: ClassVar[type[Strict]]
    """Credentials and options. Fields with widget "secret" are SecretStr and stored sealed.

    Raises (validation) when a needed secret is missing, empty or a placeholder: the error names the field.
    """
    limits: ClassVar[Limits] = Limits()
    proven_codes: ClassVar[frozenset[str]] = frozenset()
    """Refusals that only the platform itself can have caused: they come after its signature was right."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    @classmethod
    def suggest(cls) -> Mapping[str, str]:
        """Fresh values for settings that the owner may leave to us and then copies to the platform."""
        return {}

    @classmethod
    def explain(cls, code: str) -> Text:
        """The `code` of a refusal or a failed sending, in one sentence: what it means, what to do."""
        return Text("", "")

    @property
    def caution(self) -> Text | None:
        """What these settings leave unsafe, and what would be safe; None when nothing."""
        return None

    def quota(self, message: Message) -> Quota:
        """What may be pushed after this message; the newest message counts alone."""
        return Quota(self.limits.pushes, self.limits.push_seconds)

    def invite(self, label: str, url: str, word: str) -> str:
        """One tap to see more: the page at `url`, or, when that is empty, by sending `word`."""
        return f"{label} {url}" if url else f"{label} ({word})"

    @abstractmethod
    def render(self, markdown: str) -> list[str]:
        """The answer as the surface shows it, split into parts within the limits. Never empty strings."""


@runtime_checkable
class CanReceive(Protocol):
    """The platform calls us."""

    def receive(self, request: WebRequest, now: float) -> Message | WebResponse:
        """A message to accept, or a finished response (handshake, ignored event). `now`: seconds since 1970.

        Raises Refused (code = counted reason) for anything not authentic or malformed. Verifies, then parses.
        """
        ...

    def respond(self, message: Message, part: str, now: float) -> WebResponse:
        """One part as the response to this message's callback."""
        ...

    def acknowledge(self) -> WebResponse:
        """The response that says: received, nothing to show now."""
        ...


class Api(Protocol):
    """JSON over HTTPS to the platform's own API host. Raises SendFailed when it cannot be reached."""

    async def post(self, path: str, query: Mapping[str, str], body: Mapping[str, Any]) -> dict[str, Any]: ...

    async def get(self, path: str, query: Mapping[str, str]) -> dict[str, Any]: ...


@dataclass(frozen=True)
class AccessToken:
    """`expires_in`: seconds from now."""

    value: str
    expires_in: float


@runtime_checkable
class CanPush(Protocol):
    """The account may send without being asked in the same second."""

    stale_token_codes: ClassVar[Sequence[str]]
    """Another token helps."""
    unreachable_codes: ClassVar[Sequence[str]]
    """This person cannot be reached until they write again."""
    blocking_codes: ClassVar[Mapping[str, float]]
    """The whole account cannot push for so many seconds: credentials, allow-list, daily quota."""
    api_host: ClassVar[str]
    """Default host, e.g. https://api.weixin.qq.com ."""
    api_host_setting: ClassVar[str]
    """Environment variable that replaces it, e.g. HONGYAN_WECHAT_API."""

    @property
    def account(self) -> str:
        """Names the account that an access token belongs to, e.g. the AppID."""
        ...

    @property
    def may_push(self) -> bool:
        """False when the owner said that this account cannot (unverified), or gave no secret."""
        ...

    async def fetch_token(self, api: Api) -> AccessToken:
        """Raises SendFailed with the platform's code."""
        ...

    async def push(self, api: Api, token: str, to: str, part: str) -> None:
        """Send one part. Raises SendFailed: `code` is the platform's, or `uncertain`: it may have arrived."""
        ...

    async def probe(self, api: Api, token: str) -> bool:
        """May this account push? Sends nothing to anybody. Raises SendFailed when it cannot be told."""
        ...


@runtime_checkable
class CanType(Protocol):
    """The person can be shown that an answer is being written."""

    typing_seconds: ClassVar[float]
    """How long it is shown."""

    async def show_typing(self, api: Api, token: str, to: str) -> None:
        """Raises SendFailed."""
        ...


@functools.cache
def registry() -> dict[str, type[Channel]]:
    """Every channel by name."""
    return discover(sys.modules[__name__], "CHANNEL")
