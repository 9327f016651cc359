"""What an agent remembers of whoever tries it out: as long as the program runs, and in no store."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from runtime.message import Exchange
from runtime.newest import Newest
from runtime.person import Person, Summary
from runtime.turn.keeping import KeptHere

AGENTS = 100
CHATS = 100


@dataclass
class Tried(KeptHere):
    """Implements Kept. Facts are of all chats with the agent, a summary is of the chat that it sums up."""

    summaries: Newest[str, Summary] = field(default_factory=lambda: Newest(CHATS))
    marks: Sequence[str] = ()
    lately: bool = False

    def begins(self, history: Sequence[Exchange]) -> list[Exchange]:
        """A turn does: the chat's exchanges, numbered."""
        self.marks = _marks(history)
        self.lately, self.asked, self.erased = self.asked, False, False
        known = (self.summaries.get(mark, None) for mark in reversed(self.marks))
        self.summary = next((one for one in known if one), None)
        return [replace(one, number=n) for n, one in enumerate(history, 1)]

    async def was_asked(self) -> bool:
        return self.lately

    async def sum_up(self, summary: Summary) -> None:
        self.summary = self.summaries[self.marks[summary.upto - 1]] = summary

    async def erase(self) -> None:
        self.summaries = Newest(CHATS)
        await super().erase()


TRIED = Newest[tuple[str, str], Tried](AGENTS)
"""By the installation and the agent."""


def tried(home: Path, agent: str) -> Tried:
    return TRIED.of((str(home), agent), lambda: Tried(who=Person("playground", "playground")))


def _marks(history: Sequence[Exchange]) -> list[str]:
    """One for the chat up to each of its exchanges."""
    digest = hashlib.sha256()
    marks = []
    for one in history:
        digest.update(f"{one.text}\n{one.reply}\n".encode("utf-8", "surrogatepass"))
        marks.append(digest.hexdigest())
    return marks
