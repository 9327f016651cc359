"""One surface, and which there are."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from runtime.answer import AnswerPart
from runtime.channels._abilities import Fetches, Receives
from runtime.channels._connecting import Connects
from runtime.channels._guide import AUDIENCES, NEUTRAL, Note, Profile, Words
from runtime.channels._limits import Limits
from runtime.channels._rich import split_off
from runtime.channels._signing_in import SignsIn
from runtime.channels._symptoms import Symptom
from runtime.lang import NOTHING, Text
from runtime.message import Event, Message
from runtime.plugins import Registry
from runtime.schema import About, Strict


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
    shows_card: bool = False
    """Anybody may see what the agent is, before they hold a key."""
    by_key: ClassVar[bool] = False
    """Whoever writes there holds an API key: its name stands before the first colon of the sender."""
    machines_write: ClassVar[bool] = False
    """Programs write there as people do (notes of absence, other bots), and nobody says which. Then
    two that answer each other are stopped, see runtime/safety/machines.py; elsewhere nobody is suspected."""

    knows_who: bool = True
    """Nobody can pose there as somebody else. Where they can, what is sent to somebody still comes to them
    alone: so nothing is undone for good before they sent a code back, and none that makes two people one is
    taken."""

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

    @property
    def secrets_go_to(self) -> frozenset[str]:
        """Where its settings say that its secrets are shown; nothing where only its platform sees them."""
        return frozenset()

    def who(self, message: Message) -> str:
        """The same of one person alone and in each group there, see Message.who_there."""
        return message.who_there

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

    def cut(self, text: str) -> list[str]:
        """A part as this publication's settings want it: shorter ones, perhaps."""
        return [text]

    def own_parts(self, markdown: str) -> list[AnswerPart]:
        """See `parts` and `cut`."""
        found: list[AnswerPart] = []
        for part in self.parts(markdown):
            found += map(AnswerPart, self.cut(part.text)) if part.kind == "text" else [part]
        return found

    @classmethod
    def invite(cls, label: str, url: str, word: str) -> str:
        """One tap to see more: the page at `url`, or, when that is empty, by sending `word`."""
        return f"{label} {url}" if url else f"{label} ({word})"


def is_for_people(kind: type[Channel]) -> bool:
    """Somebody writes there who can be answered later; a program that asks waits for its response."""
    return issubclass(kind, Receives | Fetches | Connects | SignsIn)


def connects(channel: Channel) -> bool:
    """With its settings we hold a connection to the platform, or a look that it keeps waiting; then it does
    not call us."""
    if isinstance(channel, Receives) and isinstance(channel, Fetches):
        return looks(channel)
    return isinstance(channel, Connects) and channel.connects


def looks(channel: Channel) -> bool:
    """With its settings one look of ours follows another, and the platform knows no address of ours."""
    return isinstance(channel, Fetches) and channel.fetches and channel.holds > 0


def widest_first() -> list[tuple[str, type[Channel]]]:
    """Every channel, those with the widest audience first."""
    return sorted(registry().items(), key=lambda entry: AUDIENCES.index(entry[1].profile.audience))


def by_family() -> list[tuple[str, type[Channel]]]:
    """Every channel as an owner looks for them: families together, in each what most look for and then the
    widest audience first."""
    return sorted(
        widest_first(), key=lambda entry: (entry[1].profile.family.rank, not entry[1].profile.foremost)
    )


registry: Registry[type[Channel]] = Registry("runtime.channels", "CHANNEL")
"""Every channel by name."""
