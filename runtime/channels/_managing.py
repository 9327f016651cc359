"""What the owner of an account can look after from here, as far as its platform lets it.

The calls block: they are made in a thread, seldom, and never while a person waits for an answer. They go over
the line that they are given, which bounds and reads whatever comes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args

from runtime.channels._abilities import Authenticates
from runtime.channels._menu import Menu, MenuFound, MenuLimits, Whom
from runtime.lang import Text

Offer = Literal[
    "callback_check",
    "callback_addresses",
    "quota",
    "call_made",
    "menu",
    "menus_for",
    "automatic_answers",
    "people",
    "names",
    "accounts",
]
Counted = Literal["pushes", "uploads", "tokens"]
"""What a platform may count the calls of."""


@dataclass(frozen=True)
class Line:
    """The way to the platform's API: `host` without a slash at its end; `session`, a requests.Session that
    reaches nothing else, keeps no cookies and never asks again by itself."""

    host: str
    session: Any = field(repr=False)


@dataclass(frozen=True)
class Ping:
    """How the platform reached one address of ours: packets lost, and how long it took, as it says them."""

    address: str
    operator: str
    lost: str
    took: str


@dataclass(frozen=True)
class CallbackChecked:
    """What the platform found when it looked for our callback: the addresses of its name, and each ping."""

    addresses: Sequence[str]
    pings: Sequence[Ping]


@dataclass(frozen=True)
class QuotaLeft:
    """Calls of one path today."""

    most: int
    used: int
    left: int


@dataclass(frozen=True)
class CallMade:
    """One call of ours as the platform remembers it, by its request id. `at`: seconds since 1970."""

    at: float
    path: str
    """Without its query, in which the access token was."""
    address: str
    """Where it came from, as the platform saw it."""
    took: int
    """Milliseconds."""
    answer: str


@dataclass(frozen=True)
class WordsAnswered:
    """What the platform says by itself to whoever says one of these words, or has one in a sentence."""

    words: Sequence[str]
    contained: bool
    text: str


@dataclass(frozen=True)
class AutomaticAnswers:
    """What the account's owner wrote at the platform. `left_out`: names of what is no text."""

    greeting: str
    keywords: Sequence[WordsAnswered]
    left_out: Sequence[str] = ()


@dataclass(frozen=True)
class Neighbour:
    """One of several accounts that the same credentials reach."""

    id: str
    name: str


class Management:
    """One account's calls. A surface overrides what it offers, see METHODS. Each raises SendFailed."""

    menu_limits: ClassVar[MenuLimits]
    """Of one that offers a menu."""
    why_no_menu: ClassVar[Text]
    """…and why a menu that was made at the platform may not be seen any more."""
    counted: ClassVar[Mapping[Counted, str]] = {"pushes": ""}
    """Of one that tells quotas: the paths that it is worth asking for."""

    def __init__(self, channel: Any, line: Line, token: str) -> None:
        self.channel, self.line, self.token = channel, line, token

    @classmethod
    def offers(cls) -> frozenset[Offer]:
        """What is whole; contract tests see to it that nothing is half there."""
        return frozenset(offer for offer, names in METHODS.items() if all(map(cls._has, names)))

    @classmethod
    def _has(cls, name: str) -> bool:
        return getattr(cls, name) is not getattr(Management, name)

    def check_callback(self) -> CallbackChecked:
        """Let the platform look for the callback that its console knows."""
        raise NotImplementedError

    def callback_addresses(self) -> Sequence[str]:
        """From where the platform calls."""
        raise NotImplementedError

    def quota(self, path: str = "") -> QuotaLeft:
        """What is left today of the calls of a path; "": of the one that answers are pushed by."""
        raise NotImplementedError

    def call_made(self, id: str) -> CallMade:
        """What a request id stands for, which the platform puts into its errors."""
        raise NotImplementedError

    def menu(self) -> MenuFound:
        """The account's menu."""
        raise NotImplementedError

    def put_menu(self, menu: Menu) -> None:
        """Show this one instead of any other."""
        raise NotImplementedError

    def remove_menu(self) -> None:
        """Show none."""
        raise NotImplementedError

    def put_menu_for(self, menu: Menu, whom: Whom) -> None:
        """Show this one to some, beside everybody's, which there must be."""
        raise NotImplementedError

    def remove_menu_for(self, id: str) -> None:
        """End one of these."""
        raise NotImplementedError

    def automatic_answers(self) -> AutomaticAnswers:
        """What the platform would answer by itself."""
        raise NotImplementedError

    def people(self) -> int:
        """How many may write to the account."""
        raise NotImplementedError

    def names(self, people: Sequence[str]) -> Mapping[str, str]:
        """What these call themselves, by id; of whom it is not known is not among them."""
        raise NotImplementedError

    def accounts(self) -> Sequence[Neighbour]:
        """Those that the same credentials reach."""
        raise NotImplementedError


METHODS: Mapping[Offer, Sequence[str]] = {
    "callback_check": ("check_callback",),
    "callback_addresses": ("callback_addresses",),
    "quota": ("quota",),
    "call_made": ("call_made",),
    "menu": ("menu", "put_menu", "remove_menu"),
    "menus_for": ("put_menu_for", "remove_menu_for"),
    "automatic_answers": ("automatic_answers",),
    "people": ("people",),
    "names": ("names",),
    "accounts": ("accounts",),
}
OFFERS: frozenset[Offer] = frozenset(get_args(Offer))


class Managed(Authenticates):
    """The account can be looked after from here."""

    Management: ClassVar[type[Management]]
