"""One thing that is looked at, and of what it is judged."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from runtime.agents.agent import Agent
from runtime.lang import Text, listed
from runtime.settings import Settings
from runtime.store.control.control import Control

State = Literal["bad", "warn", "ok"]
"""To be mended before anybody else can reach it; to be decided; as it should be."""
DAY = 86_400.0
SHOWN = 5
"""Names in one sentence."""


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


def some(names: Sequence[str]) -> Text:
    """The first few, and how many others there are."""
    if len(names) <= SHOWN:
        return listed(names)
    return Text("{first} 等 {count} 个", "{first} and others, {count} in all").fill(
        first=listed(names[:SHOWN]), count=len(names)
    )


def of_names(
    id: str,
    names: Sequence[str],
    *,
    none: Text,
    found: Text,
    why: Text,
    do: Text,
    to: str,
    state: State = "warn",
    shown: Callable[[Sequence[str]], Text] = some,
    **more: object,
) -> Point:
    """All is well where there are no `names`, else `found` says them. `more`: fills both sentences."""
    says = (found if names else none).fill(names=shown(names), **more)
    return Point(id, state if names else "ok", says, why, do, to)


@dataclass(frozen=True)
class Here:
    """An installation, as it is at `now` (seconds since 1970)."""

    settings: Settings
    control: Control
    agents: Sequence[Agent]
    now: float
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    """For what is read where it is needed and not in the settings: where data is kept."""

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
