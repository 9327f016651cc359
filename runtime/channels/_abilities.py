"""What a channel can, one small class each, which it inherits. Whoever needs an ability asks for its class.

None of the methods does I/O or waits. They turn bytes into messages and parts into requests; sockets, timers,
retries, leases, cursors and quotas are the gateway's, once for all.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from runtime.channels._wire import (
    AccessToken,
    AddressCheck,
    ApiAnswer,
    ApiRequest,
    Arrivals,
    Frame,
    Page,
    WebRequest,
    WebResponse,
)
from runtime.message import Message, Quota


class Receives(ABC):
    """The platform calls us."""

    proven_codes: ClassVar[frozenset[str]]
    """Refusals that only the platform itself can have caused: they come after its signature was right."""
    person_in: ClassVar[str] = ""
    """Parameter of the address that names who wrote, for whoever passes callbacks on; "": there is none."""

    @abstractmethod
    def receive(self, request: WebRequest, now: float) -> Arrivals:
        """Verifies, then parses. `now`: seconds since 1970.

        Raises Refused (code = counted reason) for anything not authentic or malformed.
        """

    @abstractmethod
    def acknowledge(self) -> WebResponse:
        """The response that says: received, nothing to show now."""

    def turn_away(self) -> WebResponse:
        """The response that says: not taken, to be sent again later."""
        return WebResponse(status=503)


class Verifies(Receives):
    """The platform checks the callback's address before it uses it; so can we, from outside."""

    ports: ClassVar[frozenset[int]]
    """Those that the platform calls; empty for any."""
    patience: ClassVar[float]
    """Seconds after which the platform hangs up."""

    @property
    def is_called(self) -> bool:
        """Whether these settings have the platform call us at all."""
        return True

    @abstractmethod
    def address_check(self, mark: str, now: float) -> AddressCheck:
        """A check as the platform makes it, with our `mark` (letters, digits and `-`) in it, which `receive`
        gives back in Verified: so that nobody takes our call for the platform's."""


@dataclass(frozen=True)
class Codes:
    """What the platform's codes mean, as in SendFailed.code."""

    stale: frozenset[str] = frozenset()
    """Another access token helps."""
    forbidden: frozenset[str] = frozenset()
    """The account may not push at all, until the platform lets it."""
    unreachable: frozenset[str] = frozenset()
    """This person cannot be reached until they write again."""
    throttled: frozenset[str] = frozenset()
    """Not now; the same request may go through a little later."""
    gone: frozenset[str] = frozenset()
    """An uploaded file is not there any more; another upload helps."""
    blocking: Mapping[str, float] = field(default_factory=dict)
    """The whole account cannot push for so many seconds: credentials, allow-list, daily quota."""
    either: frozenset[str] = frozenset()
    """Of these the ones that may be about what was sent alone: something else that is taken shows it."""
    daily: Mapping[str, float] = field(default_factory=dict)
    """Of these the ones that last until midnight, at so many seconds east of Greenwich."""
    credentials: frozenset[str] = frozenset()
    """What the owner entered is wrong, or was frozen: the account's name, its secret."""
    address: frozenset[str] = frozenset()
    """The address that we call from is not in the account's allow-list."""
    lost: frozenset[str] = frozenset()
    """Nothing of the account works any more until it is joined anew, see Pairs."""


class AsksPlatform(ABC):
    """It has an account at the platform and calls its API."""

    api_host: ClassVar[str]
    """Default host, e.g. https://api.example.com ."""
    api_host_setting: ClassVar[str]
    """Environment variable that replaces it: HONGYAN_…_API."""
    api_hosts: ClassVar[frozenset[str]] = frozenset()
    """Other hosts of its API that a request may name, `*.example.com` for all below one."""
    codes: ClassVar[Codes]
    rests: ClassVar[Sequence[float]] = (0.5, 5.0, 15.0, 30.0, 60.0)
    """Seconds without a push, for the first trouble of an account and each further one that no sent message
    came between."""

    @property
    @abstractmethod
    def account(self) -> str:
        """Names the account at the platform, within this channel."""

    def outgoing(self, request: ApiRequest) -> ApiRequest:
        """The request as it leaves: with what each one carries, and what is to be fresh in each."""
        return request


class Authenticates(AsksPlatform):
    """Its API wants an access token, which is fetched once per account and replaced when it is stale."""

    @abstractmethod
    def token_request(self) -> ApiRequest:
        """Asks for a token."""

    @abstractmethod
    def token(self, answer: ApiAnswer) -> AccessToken:
        """Raises SendFailed with the platform's code."""

    @abstractmethod
    def authorized(self, request: ApiRequest, token: str) -> ApiRequest:
        """The same request with the token."""


@dataclass(frozen=True)
class Rate:
    """At most so many pushes in any span of so many seconds."""

    pushes: int
    seconds: float


class Pushes(AsksPlatform):
    """The account may send without being asked in the same second."""

    rates: ClassVar[Sequence[Rate]] = ()
    """How often one person may be pushed to. What is more waits at ours, in order: a platform that has such a
    limit drops it, or refuses it for a long time."""
    most_pushed: ClassVar[int] = 1000
    """Parts after something that a person wrote, see `quota`. Of more, the last says where the rest is."""
    push_seconds: ClassVar[float]
    """The longest that anything may be pushed after a person's message."""
    knows_repeats: ClassVar[bool]
    """What comes twice with the same key is shown once: so what may have arrived may be sent again."""

    @property
    def may_push(self) -> bool:
        """False when the owner said that this account cannot, or gave no secret."""
        return True

    def quota(self, message: Message) -> Quota:
        """What may be pushed after this message; the newest message counts alone."""
        return Quota(self.most_pushed, self.push_seconds)

    def limited_as(self, to: str) -> str:
        """Against whose limit it counts what is sent to them: people of one conversation share one."""
        return to

    @abstractmethod
    def push(self, part: str, to: str, key: str) -> ApiRequest | Frame:
        """Sends one part. `key`: the same for the same part however often it is tried, up to 32 letters and
        digits, for a platform that knows a repeat by it. Raises SendFailed when nobody can be sent anything
        without a message of theirs."""

    @classmethod
    def worded(cls, part: str) -> str:
        """The words of a part as they are sent, where the account shows what its surface can."""
        return part

    def push_after(self, message: Message, part: str, key: str) -> ApiRequest | Frame:
        """Sends one part to whoever wrote `message`, their newest, where the platform wants something that
        came with it (Message.handle)."""
        return self.push(part, message.sender, key)

    def answers_until(self, message: Message) -> float:
        """Seconds since 1970 until which `push_after` may use what came with it; later on it is pushed as if
        nothing had come."""
        return math.inf

    @abstractmethod
    def pushed(self, answer: ApiAnswer) -> None:
        """It was taken. Raises SendFailed: `code` is the platform's, or one of ours: `uncertain`, it may have
        arrived; `not_shown`, it was taken, and most likely nobody sees it."""

    def probe(self) -> ApiRequest | Frame | None:
        """Asks whether this account may push; sends nothing to anybody. None: there is nothing to ask."""
        return None

    def probed(self, answer: ApiAnswer) -> bool:
        """May it? Raises SendFailed when it cannot be told."""
        self.pushed(answer)
        return True


class Announces(Pushes):
    """Somebody may be written to who did not write."""

    receiver: ClassVar[str] = ""
    """To whom it goes when nobody is named; "" where somebody must be."""

    @abstractmethod
    def check_receiver(self, to: str) -> None:
        """Raises Wrong for what is no receiver."""

    def push_unasked(self, part: str, to: str, key: str) -> ApiRequest | Frame:
        """Sends one part to somebody who may not have written for long, where that is another thing than an
        answer, see Pushes.push. Raises SendFailed."""
        return self.push(part, to, key)


class Types(AsksPlatform):
    """The person can be shown that an answer is being written."""

    typing_seconds: ClassVar[float]
    """How long it is shown."""

    @abstractmethod
    def typing(self, to: str) -> ApiRequest:
        """Shows it."""

    @abstractmethod
    def typed(self, answer: ApiAnswer) -> None:
        """Raises SendFailed."""

    def typing_over(self, to: str) -> ApiRequest | None:
        """Takes it away, where it would stay; its answer is not looked at."""
        return None


class Greets(AsksPlatform):
    """Some events may be answered once by a request of their own, in a short time, before a person wrote."""

    @abstractmethod
    def greet(self, part: str, message: Message, key: str) -> ApiRequest | Frame | None:
        """Sends one part as the answer to this event; None when it is answered like any message."""


class Fetches(AsksPlatform):
    """Messages wait at the platform, in pages with a cursor."""

    fetch_seconds: ClassVar[float]
    """Between two looks that no signal asked for."""
    ticket_seconds: ClassVar[float] = 0.0
    """So long a signal's ticket is good…"""
    refused_tickets: ClassVar[frozenset[str]] = frozenset()
    """…unless the platform refuses it with one of these codes; then it goes without."""
    fresh_seconds: ClassVar[float]
    """The first look ever also shows what was written before the account was ours: what is older than this by
    then is taken in and not answered."""
    holds: ClassVar[float] = 0.0
    """Seconds that the platform keeps a look waiting until there is something. Then one look follows another,
    and nobody else may look at the same time; 0: it answers at once."""

    @property
    def fetches(self) -> bool:
        """False when the owner chose that the platform calls us instead, see Receives."""
        return True

    @property
    def owner(self) -> str:
        """Whose the account is, where accounts of one owner share an address: a signal that came there names
        nobody else's."""
        return self.account

    @abstractmethod
    def fetch(self, cursor: str, ticket: str) -> ApiRequest:
        """The page from there on; "" for the first ever. `ticket`: a signal's, while it is good, or ""."""

    def at_once(self, look: ApiRequest) -> ApiRequest:
        """The same look, for which the platform keeps nobody waiting, where it can do that."""
        return look

    @abstractmethod
    def page(self, answer: ApiAnswer) -> Page:
        """Raises SendFailed."""

    def is_same(self, earlier: Message, later: Message) -> bool:
        """Whether `later` is what the same person wrote before, sent once more under another id."""
        return False

    def hello(self) -> ApiRequest | None:
        """Tells that somebody looks from now on; what it answers is not looked at."""
        return None

    def goodbye(self) -> ApiRequest | None:
        """…and that nobody does any more."""
        return None
