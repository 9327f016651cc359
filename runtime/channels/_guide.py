"""What a channel tells its owner: how its things are called, what to enter here, what to copy there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

from runtime.lang import Text

TRY_IT = Text("现在用手机给{account}发一条消息试试。", "Now write to the {account} with your phone.")


@dataclass(frozen=True)
class Words:
    """How a surface's things are called, for sentences of ours about it: `{platform}` and so on."""

    platform: Text
    """Who calls us."""
    console: Text
    """Where the owner enters at the platform what we tell."""
    account: Text
    """What people write to."""
    proof: Text
    """The setting by which a request proves to be the platform's."""
    try_it: Text = TRY_IT
    """What an owner does to see whether it answers."""

    def fill(self, sentence: Text, **more: object) -> Text:
        """The sentence with these words in it; neither of our languages inflects them."""
        return sentence.fill(
            platform=self.platform, console=self.console, account=self.account, proof=self.proof, **more
        )


NEUTRAL = Words(
    platform=Text("平台", "the platform"),
    console=Text("平台的后台", "its console"),
    account=Text("账号", "account"),
    proof=Text("密钥", "secret"),
)
"""Where a surface has no names of its own."""


Audience = Literal["anyone", "members", "oneself", "readers", "programs"]
"""For whom a surface is: anyone at the platform, members of the owner's organisation, the owner alone, those
who only read there, or programs."""
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
"""In the order in which surfaces are shown."""


@dataclass(frozen=True)
class Family:
    """Surfaces among which an owner looks for one. Those of the lowest `rank` stand first."""

    id: str
    title: Text
    rank: int


WORK = Family("work", Text("办公软件", "Chat at work"), 5)
MESSENGERS = Family("messengers", Text("其他聊天软件和邮件", "Other messengers and mail"), 10)
OWN = Family("own", Text("自己的网站和程序", "Sites and programs of your own"), 20)
DEVICES = Family("devices", Text("设备和内部系统", "Devices and systems of your own"), 30)


@dataclass(frozen=True)
class Profile:
    """What an owner weighs before choosing this surface."""

    audience: Audience
    writes: Text
    """Who can write to the agent there."""
    needs: Text
    """What the owner has to have at the platform."""
    cost: Text
    risk: Text
    """What may go wrong, and what the platform does not want."""
    public_address: bool
    """Whether it works only where the platform can reach this server."""
    mark_asked: bool = False
    """Whether the law asks there that people see what a model wrote: the public of mainland China."""
    family: Family = MESSENGERS
    foremost: bool = False
    """Most who look in its family look for it."""


@dataclass(frozen=True)
class Note:
    """Something to know, and why or how."""

    title: Text
    hint: Text


@dataclass(frozen=True)
class ToCopy:
    """One line of the platform's own form. With `choose` it has no value but things to tick there."""

    name: str
    """Names it in the page."""
    label: Text
    value: str = field(default="", repr=False)
    choose: Sequence[Text] = ()


@dataclass(frozen=True)
class Guide:
    """What the publish page says of the platform, whoever the owner is."""

    ask: Sequence[str]
    """Settings in the order in which the platform's console shows them; others follow."""
    rare: Sequence[str]
    """Settings that hardly anybody changes."""
    title: Text
    """Above the settings."""
    where: Text
    """Where to find what is asked."""
    advice: Sequence[Note]
    paste: Text
    """Where to copy the rest to."""
    called: tuple[str, str] | None = None
    """Where we connect unless the owner chooses to be called: the setting and the value by which he does."""


class Guides:
    """An owner connects an account by hand: enters some things here and copies others to the platform."""

    guide: ClassVar[Guide]
    verified_by: ClassVar[frozenset[str]] = frozenset()
    """Settings that the platform has too: when one changes, it is to verify the address anew."""

    @classmethod
    def suggest(cls) -> Mapping[str, str]:
        """Fresh values for settings that the owner may leave to us and then copies to the platform."""
        return {}

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        """In the order of the platform's own form. `address`: of the callback."""
        return ()

    @property
    def reminders(self) -> Sequence[Note]:
        """What else is to be done at the platform with these settings."""
        return ()
