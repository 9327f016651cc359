"""What is published, as the gateway sees it: the control store, or one publication that no store holds."""

from collections.abc import Mapping
from typing import Any, Protocol

from runtime.gateway.applications import Applications
from runtime.gateway.canaries import Canaries
from runtime.gateway.debug_words import DebugWords
from runtime.gateway.grants import Grants
from runtime.gateway.joinings import Joinings
from runtime.lang import Text


class Publication(Protocol):
    """What the control store keeps of one."""

    @property
    def id(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def enabled(self) -> bool: ...
    @property
    def former_at(self) -> float | None: ...
    @property
    def rests_since(self) -> float | None:
        """Since when its messages are kept and not answered."""
        ...

    @property
    def paused_text(self) -> str: ...
    @property
    def judged(self) -> bool:
        """Whether a thumb that somebody types is what they think of an answer."""
        ...

    @property
    def score_after(self) -> int:
        """Minutes of silence after which people are asked for a score; 0: never."""
        ...


class Publications(Protocol):
    """The control store, as the gateway sees it. Look-ups are cheap and never block for long."""

    def publication(self, id: str) -> Publication | None: ...

    def publications(self) -> list[Any]: ...

    def unreadable(self) -> Mapping[str, Text]:
        """Publications whose records themselves cannot be read, by id, and why."""
        ...

    def channel_settings(self, id: str) -> Mapping[str, Any]:
        """Unsealed."""
        ...

    def former_settings(self, id: str) -> Mapping[str, Any]:
        """Unsealed: those that were changed at `former_at`, as they were."""
        ...

    def frozen_agent(self, id: str, version: int) -> Mapping[str, Any]: ...

    @property
    def joinings(self) -> Joinings: ...

    @property
    def grants(self) -> Grants: ...

    @property
    def canaries(self) -> Canaries: ...

    @property
    def debug_words(self) -> DebugWords: ...

    @property
    def applications(self) -> Applications: ...
