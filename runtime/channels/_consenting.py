"""An account is joined by its owner's consent to an application of ours, and no secret of it is ever entered.

The application is set up at the platform once; any number of accounts consents to it. OAuth 2.0 (RFC 6749)
calls the two client and resource owner. What an access token hangs on comes from the platform, may change
with each use and cannot be asked for again, so it is kept on the disk before it is used.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from runtime.channels._abilities import Authenticates, Pushes, Receives
from runtime.channels._pairing import Joins
from runtime.channels._wire import AccessToken, ApiAnswer, ApiRequest, WebRequest, WebResponse
from runtime.lang import Text

Kept = Mapping[str, str]
"""What a token hangs on, by names of the channel's."""


@dataclass(frozen=True)
class Fresh:
    """An access token, and what is kept before it is used; what is not named in `kept` stays."""

    token: AccessToken
    kept: Kept = field(default_factory=dict, repr=False)


class Granted(Authenticates):
    """Its access tokens hang on what the platform gave us earlier."""

    @property
    @abstractmethod
    def kept_as(self) -> str:
        """Under which name that is kept: one for all publications of an account, and for all processes."""

    @property
    @abstractmethod
    def bearer(self) -> "Granted | None":
        """Whose access token a request for one of ours carries; None: nobody's."""

    @abstractmethod
    def fresh_request(self, kept: Kept) -> ApiRequest:
        """Asks for a token. Raises SendFailed when something that it takes is not there."""

    @abstractmethod
    def fresh(self, answer: ApiAnswer) -> Fresh:
        """Raises SendFailed."""

    def token(self, answer: ApiAnswer) -> AccessToken:
        return self.fresh(answer).token


@dataclass(frozen=True)
class Consented:
    """An account's owner consented, or consented to something else than before, or took that back.

    `code`: what the proof is got with, once; `ticket`: of the page where it was given, see
    Application.page_request.
    """

    account: str
    at: float
    """Seconds since 1970, by the platform's clock."""
    is_over: bool = False
    code: str = field(default="", repr=False)
    ticket: str = field(default="", repr=False)


@dataclass(frozen=True)
class Tidings:
    """What a call to the application's own address brings."""

    response: WebResponse
    kept: Kept = field(default_factory=dict, repr=False)
    """What the application's token hangs on."""
    consent: Consented | None = None


@dataclass(frozen=True)
class Proof:
    """What a consent is worth: whose it is, and what its tokens hang on. `token`: the first one, where the
    platform gives it along."""

    account: str
    kept: Kept = field(default_factory=dict, repr=False)
    token: AccessToken | None = None


@dataclass(frozen=True)
class ConsentPage:
    """Where an owner consents: `phone` is opened on the phone, or scanned, `computer` in a browser, which the
    platform lets in only from a page of ours."""

    ticket: str = field(repr=False)
    phone: str = field(repr=False)
    computer: str = field(repr=False)


class Application(Granted):
    """What accounts consent to. Made from the settings that they share; nobody writes to it."""

    prompt_seconds: ClassVar[float]
    """After so long without anything kept the platform is asked for it."""

    @abstractmethod
    def told(self, request: WebRequest, now: float) -> Tidings:
        """What the platform says of it. Raises Refused."""

    @abstractmethod
    def prompt_request(self) -> ApiRequest:
        """Asks the platform to bring what its token hangs on. It carries no token."""

    @abstractmethod
    def page_request(self) -> ApiRequest:
        """Asks for what one consent page is opened with."""

    @abstractmethod
    def page(self, answer: ApiAnswer, back: str, account: str) -> ConsentPage:
        """`back`: our address that the browser comes to afterwards; `account`: who alone is to consent, ""
        for anybody. Raises SendFailed."""

    @abstractmethod
    def proof_request(self, code: str) -> ApiRequest: ...

    @abstractmethod
    def proof(self, answer: ApiAnswer) -> Proof:
        """Raises SendFailed."""

    @abstractmethod
    def account_request(self, account: str) -> ApiRequest:
        """Asks who an account is that consented."""

    @abstractmethod
    def account_told(self, answer: ApiAnswer) -> tuple[Mapping[str, str], Proof]:
        """Settings that a consent brings (Joins.yields), and what it is worth now. Raises SendFailed."""


@dataclass(frozen=True)
class Scope:
    """Something that a consent may allow. `why`: what does not work here without it."""

    title: Text
    why: Text


@dataclass(frozen=True)
class Trial:
    """The platform tries whether an application works, before it lets accounts consent to it.

    `code`: to be proved with, upon which `text` is pushed to `to`.
    """

    response: WebResponse
    code: str = field(default="", repr=False)
    text: str = ""
    to: str = ""


class Consents(Joins, Granted, Pushes, Receives):
    """Its account consents to an application."""

    shared: ClassVar[frozenset[str]]
    """Settings that are the application's: the same for all its accounts…"""
    named_by: ClassVar[str]
    """…and the one among them that names it at the platform."""

    @property
    @abstractmethod
    def application(self) -> Application:
        """The one that these settings name."""

    @abstractmethod
    def of(self, account: str, brought: Mapping[str, str]) -> "Consents":
        """The same for that account of the application; `brought`: what its consent did, as far as known."""

    @property
    @abstractmethod
    def trials(self) -> Mapping[str, Mapping[str, str]]:
        """Accounts of the platform's own with which it tries the application, as long as it may, and what
        their consent brings."""

    @property
    @abstractmethod
    def allowed(self) -> Sequence[Text]:
        """What the consent allows, by name."""

    @property
    @abstractmethod
    def missing(self) -> Sequence[Scope]:
        """What the consent does not allow and these settings need."""

    @abstractmethod
    def tried(self, request: WebRequest, now: float) -> Trial:
        """A call that concerns one of `trials`. Raises Refused."""
