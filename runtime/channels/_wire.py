"""What passes between a channel and the gateway: plain values, no sockets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.inspected import Inspected
from runtime.lang import Text
from runtime.message import Bounce, Message


@dataclass(frozen=True)
class WebRequest:
    """What a callback needs of an HTTP request. Header names are lower case.

    A query parameter that was given twice is left out: nobody can say which one was meant.
    """

    method: str
    query: Mapping[str, str]
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WebResponse:
    body: str = ""
    status: int = 200
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Verified(WebResponse):
    """The platform checked the callback's address, and this answers it. `mark`: what its request carried in
    the place where an AddressCheck of ours carries our own."""

    mark: str = ""


@dataclass(frozen=True)
class Notice:
    """What the platform tells the account's owner of the account. `is_well`: what it told before is over."""

    text: Text
    is_well: bool = False


@dataclass(frozen=True)
class Arrivals:
    """What one call of the platform's brought: any number of messages, each possibly for the second time.

    `signal`: more waits on the platform's side, see Fetches; `ticket`: the right to fetch it, and `account`:
    for which of the channel's accounts, when several share an address. `bubble`: one of ours of which the
    platform wants the newest text, see Streams. `response`: for a call that brings nothing, what it is to be
    answered with. `notice`: something that is not for the agent but for its owner. `inspected`: what a file
    came to, see Inspects. `bounces`: parts of answers that did not arrive.
    """

    messages: Sequence[Message] = ()
    signal: bool = False
    response: WebResponse | None = None
    ticket: str = field(default="", repr=False)
    account: str = ""
    notice: Notice | None = None
    bubble: str = ""
    inspected: Inspected | None = None
    bounces: Sequence[Bounce] = ()


@dataclass(frozen=True)
class AddressCheck:
    """A request such as the platform makes to check an address, and the body that must come back."""

    request: WebRequest
    expected: bytes


@dataclass(frozen=True)
class FormFile:
    """A file in a form, as a browser sends it (multipart/form-data). `key`: the form's name for it."""

    key: str
    name: str
    content: bytes = field(repr=False)
    type: str = "application/octet-stream"
    more: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The form's other fields."""


@dataclass(frozen=True)
class ApiRequest:
    """One call to the platform's API host: `body` is posted as JSON, without one it is a GET."""

    path: str
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    upload: FormFile | bytes | None = field(default=None, repr=False)
    """Posted instead of `body`: a form with a file, or bytes as they are."""
    host: str = ""
    """Another host of the platform's, `https://cdn.example.com`, see AsksPlatform.api_hosts and
    MediaIn.media_hosts; "" for the usual one. It is asked without the access token. Whoever replaces the
    API's host replaces this one with it."""
    most: int = 0
    """Not 0: the answer may be that many bytes, which are in `content`. What is plainly a JSON object is in
    `data` all the same: platforms say so that there are none."""
    largest: int = 64 * 1024
    """Bytes of an answer that is JSON: most are a few hundred, a page of messages many."""
    seconds: float | None = None
    """That it may take, where the platform holds a call until there is something; None: as usual."""
    method: str = ""
    """PUT, PATCH or DELETE, where it is neither of the two."""


@dataclass(frozen=True)
class Frame:
    """Something sent over a connection that we hold, see Connects. `key`: what the platform's answer to it is
    known by; "" when none is wanted."""

    text: str = field(repr=False)
    key: str = ""


@dataclass(frozen=True)
class ApiAnswer:
    """What it answered: its HTTP status and a JSON object, which is hostile like all that comes in."""

    status: int
    data: Mapping[str, Any] = field(repr=False)
    content: bytes = field(default=b"", repr=False)
    """The bytes that were asked for with `most`; b"" where `data` came instead."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Names in lower case."""
    wait: float = 0.0
    """Seconds that it asks us to wait."""


@dataclass(frozen=True)
class AccessToken:
    """`expires_in`: seconds from now."""

    value: str = field(repr=False)
    expires_in: float


@dataclass(frozen=True)
class Page:
    """A page of what waited. `cursor`: where the next one begins, None: where this one did; `more`: whether
    there is one already."""

    messages: Sequence[Message]
    cursor: str | None
    more: bool = False
    bounces: Sequence[Bounce] = ()
