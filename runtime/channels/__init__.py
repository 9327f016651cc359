"""The contract of a channel: a surface people write on. A file or a folder each, which exports `CHANNEL`.

A channel translates. It does no I/O, does not wait, store, retry or think: the gateway does that once for
all. What it can is an ability that it inherits (_abilities.py); what its surface allows is data.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from runtime.answer import AnswerPart
from runtime.channels._abilities import (
    Announces,
    AsksPlatform,
    Authenticates,
    Codes,
    Fetches,
    Greets,
    Pushes,
    Rate,
    Receives,
    Responds,
    Types,
    Verifies,
)
from runtime.channels._checking import Checked, Question, Told
from runtime.channels._choosing import ChoiceLimits, Chooses
from runtime.channels._connecting import NOTHING_FOLLOWS, Connects, End, Link, Step
from runtime.channels._consenting import Application, Consents, Granted, Scope, Trial
from runtime.channels._continuing import Continues, TypesByTicket, TypesUnder
from runtime.channels._guide import AUDIENCES, NEUTRAL, Guide, Guides, Note, Profile, ToCopy, Words
from runtime.channels._handing_over import HandsOver, Standings
from runtime.channels._identifying import Identifies
from runtime.channels._inspecting import Inspects
from runtime.channels._managing import (
    AutomaticAnswers,
    CallbackChecked,
    CallMade,
    Line,
    Managed,
    Management,
    Neighbour,
    Ping,
    QuotaLeft,
    WordsAnswered,
)
from runtime.channels._media import (
    Attached,
    CarriesMedia,
    Media,
    MediaIn,
    MediaLimits,
    MediaOut,
    PushesMedia,
    RespondsMedia,
    Shown,
    Steps,
    Uploaded,
)
from runtime.channels._menu import Button, Menu, MenuFound, MenuLimits, checked_menu
from runtime.channels._own_server import OwnServer, Server
from runtime.channels._pairing import Joins, Pairing, Pairs, Progress, ScanCode, Stage
from runtime.channels._registering import Registers
from runtime.channels._rich import split_off
from runtime.channels._streaming import Bubble, Drafts, Held, Pieces, Streams, StreamsMedia
from runtime.channels._symptoms import Symptom
from runtime.channels._wire import (
    AccessToken,
    AddressCheck,
    ApiAnswer,
    ApiRequest,
    Arrivals,
    FormFile,
    Frame,
    Notice,
    Page,
    Verified,
    WebRequest,
    WebResponse,
)
from runtime.lang import NOTHING, Text
from runtime.message import Bounce, Event
from runtime.plugins import Registry
from runtime.schema import About, Strict

__all__ = [
    "ABILITIES",
    "AUDIENCES",
    "NOTHING_FOLLOWS",
    "AccessToken",
    "AddressCheck",
    "Announces",
    "ApiAnswer",
    "ApiRequest",
    "Application",
    "Arrivals",
    "AsksPlatform",
    "Attached",
    "Authenticates",
    "AutomaticAnswers",
    "Bounce",
    "Bubble",
    "Button",
    "CallMade",
    "CallbackChecked",
    "CarriesMedia",
    "Channel",
    "Checked",
    "ChoiceLimits",
    "Chooses",
    "Codes",
    "Connects",
    "Consents",
    "Continues",
    "Drafts",
    "End",
    "Fetches",
    "FormFile",
    "Frame",
    "Granted",
    "Greets",
    "Guide",
    "Guides",
    "HandsOver",
    "Held",
    "Identifies",
    "Inspects",
    "Joins",
    "Limits",
    "Line",
    "Link",
    "Managed",
    "Management",
    "Media",
    "MediaIn",
    "MediaLimits",
    "MediaOut",
    "Menu",
    "MenuFound",
    "MenuLimits",
    "Neighbour",
    "Note",
    "Notice",
    "OwnServer",
    "Page",
    "Pairing",
    "Pairs",
    "Pieces",
    "Ping",
    "Profile",
    "Progress",
    "Pushes",
    "PushesMedia",
    "Question",
    "QuotaLeft",
    "Rate",
    "Receives",
    "Registers",
    "Responds",
    "RespondsMedia",
    "ScanCode",
    "Scope",
    "Server",
    "Shown",
    "Stage",
    "Standings",
    "Step",
    "Steps",
    "Streams",
    "StreamsMedia",
    "Symptom",
    "ToCopy",
    "Told",
    "Trial",
    "Types",
    "TypesByTicket",
    "TypesUnder",
    "Uploaded",
    "Verified",
    "Verifies",
    "WebRequest",
    "WebResponse",
    "Words",
    "WordsAnswered",
    "checked_menu",
    "connects",
    "is_for_people",
    "registry",
    "widest_first",
]

ABILITIES: tuple[type[ABC], ...] = (
    Receives, Responds, Verifies, Authenticates, Pushes, Announces, Types, Fetches, Greets, HandsOver,
    Connects, Streams, StreamsMedia, Guides, Managed, MediaIn, MediaOut, PushesMedia, RespondsMedia,
    Checked, Joins, Identifies, Inspects, Pairs, Granted, Consents, Continues, TypesByTicket, Chooses,
    OwnServer, Drafts, CarriesMedia, Registers, TypesUnder,
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What one part may hold: so many UTF-8 bytes, or characters; None: the surface sets no limit."""

    most: int | None
    unit: Literal["bytes", "characters"] = "bytes"

    @property
    def room(self) -> float:
        return math.inf if self.most is None else self.most

    def size(self, text: str) -> int:
        """How much of the limit a text takes."""
        return len(text.encode()) if self.unit == "bytes" else len(text)


class Channel(ABC):
    """One publication's surface, made from its settings."""

    about: ClassVar[About]
    profile: ClassVar[Profile]
    Settings: ClassVar[type[Strict]]
    """Credentials and options. Fields with widget "secret" are SecretStr and stored sealed.

    Raises (validation) when a needed secret is missing, empty or a placeholder: the error names the field.
    """
    limits: ClassVar[Limits]
    words: ClassVar[Words] = NEUTRAL
    symptoms: ClassVar[Sequence[Symptom]] = ()
    """What its users report; several channels may share theirs."""
    tells: ClassVar[Collection[Event]] = ()
    """What people do there besides writing, as far as the platform tells of it."""
    by_key: ClassVar[bool] = False
    """Whoever writes there holds an API key: its name stands before the first colon of the sender."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    @classmethod
    def explain(cls, code: str) -> Text:
        """The `code` of a refusal or a failed sending, in one sentence: what it means, what to do."""
        return NOTHING

    @property
    def caution(self) -> Note | None:
        """What these settings leave unsafe, and what would be safe; None when nothing."""
        return None

    @classmethod
    @abstractmethod
    def render(cls, markdown: str) -> list[str]:
        """The answer in text as the surface shows it, in parts within the limits. Never empty strings.

        The same whatever the settings: there may be none yet when the owner looks at it.
        """

    @classmethod
    def parts(cls, markdown: str) -> list[AnswerPart]:
        """The answer as the surface shows it: text, and what stands by itself in it and can be shown."""
        return split_off(cls, markdown)

    @classmethod
    def invite(cls, label: str, url: str, word: str) -> str:
        """One tap to see more: the page at `url`, or, when that is empty, by sending `word`."""
        return f"{label} {url}" if url else f"{label} ({word})"


def is_for_people(kind: type[Channel]) -> bool:
    """Somebody writes there who can be answered later; a program that asks waits for its response."""
    return issubclass(kind, Receives | Fetches | Connects)


def connects(channel: Channel) -> bool:
    """With its settings we hold a connection to the platform, or a look that it keeps waiting; then it does
    not call us."""
    if isinstance(channel, Receives) and isinstance(channel, Fetches):
        return channel.fetches and channel.holds > 0
    return isinstance(channel, Connects) and channel.connects


def widest_first() -> list[tuple[str, type[Channel]]]:
    """Every channel, those with the widest audience first."""
    return sorted(registry().items(), key=lambda entry: AUDIENCES.index(entry[1].profile.audience))


registry: Registry[type[Channel]] = Registry(__name__, "CHANNEL")
"""Every channel by name."""
