"""One thing that is looked at, and of what it is judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from runtime.agents.agent import Agent
from runtime.lang import Text
from runtime.settings import Settings
from runtime.store.control.control import Control

State = Literal["bad", "warn", "ok"]
"""To be mended before anybody else can reach it; to be decided; as it should be."""
DAY = 86_400.0


@dataclass(frozen=True)
class Point:
    """`says` how it is, `why` that matters, `do` what mends it, `to`: the page where, below the root.

    `do` and `to` are of what is not "ok"; `to` is a page of the builder, or of the manual for settings.
    """

    id: str
    state: State
    says: Text
    why: Text
    do: Text
    to: str


@dataclass(frozen=True)
class Here:
    """An installation, as it is at `now` (seconds since 1970)."""

    settings: Settings
    control: Control
    agents: Sequence[Agent]
    now: float

    @property
    def public_url(self) -> str:
        return self.control.public_url(self.settings.public_url)

    @property
    def is_https(self) -> bool:
        return urlsplit(self.public_url).scheme == "https"

    @property
    def is_reached(self) -> bool:
        """Whether somebody on another machine may stand before the sign-in page."""
        return not self.settings.is_local or bool(self.public_url)
