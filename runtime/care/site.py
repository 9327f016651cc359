"""An installation that is looked at, and how a look at one thing of it is made."""

import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runtime.channels import Told
from runtime.lang import NOTHING, Text
from runtime.network.outside import Outside
from runtime.settings import CHECKOUT, Settings
from runtime.store.control.control import Control

DAY = 86_400.0
MB, GB = 1_000_000, 1_000_000_000


@dataclass(frozen=True)
class Site:
    """`root`: where the system's own files are, as /proc and /etc/systemd; `clock`: seconds since 1970."""

    settings: Settings
    control: Control
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    outside: Outside = field(default_factory=Outside)
    clock: Callable[[], float] = time.time
    root: Path = Path("/")
    checkout: Path = CHECKOUT

    @property
    def messages(self) -> Path:
        return self.settings.data / "messages.db"

    @property
    def public_url(self) -> str:
        return self.control.public_url(self.settings.public_url)


@dataclass(frozen=True)
class Look:
    """`id` is what scripts know it by. `see`: None where there is nothing to tell; one that blocks is plain,
    and is called in a thread. Either may raise HongyanError."""

    id: str
    title: Text
    see: Callable[[Site], Told | Awaitable[Told | None] | None]


def told(ok: bool | None, says: Text, do: Text = NOTHING, /, **values: object) -> Told:
    """Both sentences with these values. `ok` None: it cannot be said; a `do` beside True: it will be due."""
    return Told(ok, says.fill(**values), do.fill(**values) if do != NOTHING else NOTHING)


def size(number: float) -> str:
    """Bytes, as a person reads them."""
    if number >= GB:
        return f"{number / GB:.1f} GB"
    return f"{number / MB:.0f} MB" if number >= MB else f"{number / 1000:.0f} kB"
