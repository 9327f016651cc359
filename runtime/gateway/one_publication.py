"""One publication that no control store holds: for a rehearsal, and for whoever tries a channel out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from runtime.channels import Notice
from runtime.errors import Compared
from runtime.gateway.applications import NoApplications
from runtime.gateway.canaries import NoCanaries
from runtime.gateway.debug_words import NoDebugWords
from runtime.gateway.grants import GrantsInMemory
from runtime.lang import Text


@dataclass
class OneJoining:
    """Implements Joinings, and is the one joining that there is."""

    id: str = "p"
    stage: str = "asking"
    at: float = 0.0
    content: str = ""
    trouble: Mapping[str, str] = field(default_factory=dict)
    asked_at: float = 0.0
    digits: str = ""
    codes: int = 0
    tickets: Sequence[str] = ()
    back: str = ""
    proof: str = ""
    brought: dict[str, Any] = field(default_factory=dict)
    """What a scan did."""

    def find(self, id: str) -> "OneJoining":
        return replace(self)

    def change(self, id: str, **changes: Any) -> None:
        vars(self).update(changes)

    def came_back(self, id: str, back: str, proof: str) -> bool:
        return False

    def keep(self, id: str, account: str, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
        self.brought.update({**settings, **secrets})


@dataclass(frozen=True)
class OnePublication:
    """Implements Publications, and is the one publication that there is."""

    channel: str
    settings: Mapping[str, Any]
    agent: Mapping[str, Any]
    id: str = "p"
    version: int = 1
    enabled: bool = True
    joinings: "OneJoining" = field(default_factory=OneJoining, compare=False)
    former_at: float | None = None
    rests_since: float | None = None
    paused_text: str = ""
    judged: bool = False
    score_after: int = 0
    grants: GrantsInMemory = field(default_factory=GrantsInMemory, compare=False)
    applications: NoApplications = field(default_factory=NoApplications, compare=False)
    canaries: NoCanaries = field(default_factory=NoCanaries, compare=False)
    debug_words: NoDebugWords = field(default_factory=NoDebugWords, compare=False)

    def publication(self, id: str) -> "OnePublication | None":
        if id != self.id:
            return None
        return replace(self, settings=self.channel_settings(id)) if self.joinings.brought else self

    def publications(self) -> list["OnePublication"]:
        return [self]

    def unreadable(self) -> Mapping[str, Text]:
        return {}

    def channel_settings(self, id: str) -> Mapping[str, Any]:
        return {**self.settings, **self.joinings.brought}

    def former_settings(self, id: str) -> Mapping[str, Any]:
        return {}

    def frozen_agent(self, id: str, version: int) -> Mapping[str, Any]:
        return self.agent


class Unobserved:
    """Implements Observer: nobody looks."""

    def saw(
        self, publication: str, what: str, code: str, at: float, compared: Sequence[Compared] = ()
    ) -> None:
        """Not kept."""

    def trouble(self, publication: str, text: Text | None, at: float) -> None:
        """Not kept."""

    def told(self, publication: str, notice: Notice, at: float) -> None:
        """Not kept."""
