"""People who come to us themselves, from a page or an app of ours, and read there what they are answered.

They show a proof of who they are once, and get tokens by which they go on; no platform is between.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from runtime.channels._abilities import AsksPlatform
from runtime.channels._domain import Domain
from runtime.channels._guide import Note
from runtime.channels._wire import ApiAnswer, ApiRequest
from runtime.person import Described

LONGEST_PROOF = 4096
"""Characters."""


@dataclass(frozen=True)
class SignedIn:
    """`sender`: who it is on this channel; `described`: what the proof tells of them."""

    sender: str
    described: Described = field(default_factory=Described)


class SignsIn(ABC):
    """See runtime/server/people."""

    proof: ClassVar[str]
    """How a request calls it."""
    needs_proof: ClassVar[bool]
    """False: whoever shows none is somebody new."""
    origins_in: ClassVar[str] = ""
    """The setting that names pages of other sites which may come; "": none may."""
    known_by: ClassVar[Note]
    """As what each is known, in words for them; and what for."""
    domain: ClassVar[Domain | None] = None
    """What bounds our address; None: people come by a browser, to any."""

    @abstractmethod
    def signs_in(self, proof: str, now: float) -> SignedIn | ApiRequest:
        """Who that is, or what to ask the platform, see AsksWho. Raises Refused (proof)."""

    @property
    def origins(self) -> Collection[str]:
        """Pages of other sites that may come, as browsers write them: https://example.com"""
        return ()

    @property
    def title(self) -> str:
        """What it is called there; "": as the agent is."""
        return ""

    @property
    def color(self) -> str:
        """#rrggbb, or "" for ours."""
        return ""

    @property
    def opening(self) -> str:
        """What is shown before anybody wrote; "": the agent's greeting."""
        return ""

    @property
    def suggestions(self) -> Sequence[str]:
        """What one could ask first; none: what the agent suggests."""
        return ()


class AsksWho(SignsIn, AsksPlatform):
    """The platform says who it is."""

    @abstractmethod
    def told_who(self, answer: ApiAnswer) -> SignedIn:
        """Raises SendFailed with the platform's code; Refused (proof) where another proof helps."""
