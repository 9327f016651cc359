"""What each kind of provider does: leads a browser there, and finds out who came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from runtime.errors import Refused
from runtime.lang import Text

CLOCK_SKEW = 60.0
"""Seconds that two clocks may differ."""
LONGEST_CODE = 4096
"""Characters of what a browser brings back."""


@dataclass(frozen=True)
class Trip:
    """One browser's way to a provider and back. All of it is ours, and no page sees it."""

    state: str
    nonce: str
    verifier: str
    """Of PKCE (RFC 7636)."""
    back: str
    """The address of ours that the provider sends the browser to."""


@dataclass(frozen=True)
class Came:
    """Who came, as the provider says."""

    realm: str
    """The issuer, enterprise or application that says so."""
    subjects: tuple[str, ...]
    """Who it is there. The first is kept; by the others they may be known from before."""
    name: str = ""
    login: str = ""
    """What they are called by there."""
    email: str = ""
    is_email_verified: bool = False
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """All that is told of them, for the rules."""
    token: str = field(default="", repr=False)
    """By which the provider knows what is to be ended there; "" where it is not asked."""


@dataclass(frozen=True)
class Finding:
    """One line of a check. `hint`: what to do."""

    ok: bool
    says: Text
    hint: Text | None = None


class WayIn(Protocol):
    """Every method may raise Refused (code `provider`) with what is wrong, for who does the settings."""

    async def address(self, trip: Trip, agent: str) -> str:
        """Where the browser goes. `agent`: what the browser says that it is."""

    async def who(self, trip: Trip, query: Mapping[str, str], now: float) -> Came:
        """Who came back with that query, whose state was compared. `now`: seconds since 1970."""

    async def check(self, back: str, now: float) -> list[Finding]:
        """Whether it would work, as far as that can be told without a person. Raises nothing."""

    async def end_address(self, token: str, after: str) -> str:
        """Where the browser goes to sign out there as well; "" where that is not offered."""

    @property
    def realm(self) -> str: ...


def trouble(text: Text) -> Refused:
    """The provider, or the settings, are at fault."""
    return Refused(text, code="provider")


def stranger(text: Text) -> Refused:
    """What the browser brought proves nothing."""
    return Refused(text, code="proof")


def code_of(query: Mapping[str, str]) -> str:
    """What the browser brought. Raises Refused."""
    code = query.get("code", "")
    if not code or len(code) > LONGEST_CODE:
        raise stranger(Text("登录没有完成，请再试一次。", "The sign-in was not finished. Try again."))
    return code
