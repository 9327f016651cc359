"""What an agent remembers of whoever tries it out: as long as the program runs, and in no store."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from runtime.message import Exchange
from runtime.newest import Newest
from runtime.person import Agreed, Person, Summary
from runtime.trying.playing import SENDER, Open
from runtime.turn.keeping import KeptHere

AGENTS = 100
CHATS = 100


@dataclass
class Tried(KeptHere):
    """Implements Kept. Facts are of all chats with the agent, a summary is of the chat that it sums up."""

    summaries: Newest[str, Summary] = field(default_factory=lambda: Newest(CHATS))
    waits: Newest[str, Sequence[Open]] = field(default_factory=lambda: Newest(CHATS))
    """All that wait, the oldest first, by the chat up to the message whose turn ended last."""
    marks: Sequence[str] = ()
    lately: bool = False
    agreed: tuple[str, str] = "", ""
    """To which question, and how."""

    def begins(self, history: Sequence[Exchange]) -> list[Exchange]:
        """A turn does: the chat's exchanges, numbered."""
        self.marks = _marks(history)
        self.lately, self.asked, self.erased = self.asked, False, False
        known = (self.summaries.get(mark, None) for mark in reversed(self.marks))
        self.summary = next((one for one in known if one), None)
        return [replace(one, number=n) for n, one in enumerate(history, 1)]

    def waiting(self, history: Sequence[Exchange], now: float) -> list[Open]:
        """What waits after these exchanges, the oldest first. `now`: seconds since 1970."""
        found = self.waits.get(_place(history[:-1], history[-1].text), ()) if history else ()
        return [one for one in found if one.wait.until is None or one.wait.until > now]

    def ended(self, history: Sequence[Exchange], text: str, waiting: Sequence[Open]) -> None:
        """A turn of the chat did, whose question is `text`; these wait now."""
        self.waits[_place(history, text)] = waiting

    def ended_silently(self, history: Sequence[Exchange], waiting: Sequence[Open]) -> None:
        """…and is no exchange of the chat."""
        if history:
            self.ended(history[:-1], history[-1].text, waiting)

    async def was_asked(self) -> bool:
        return self.lately

    async def sum_up(self, summary: Summary) -> None:
        self.summary = self.summaries[self.marks[summary.upto - 1]] = summary

    async def consent(self, version: str) -> Agreed | None:
        return Agreed(self.agreed[1]) if self.agreed[0] == version else None

    async def keep_consent(self, version: str, answer: str) -> None:
        self.agreed = version, answer

    async def erase(self) -> None:
        self.agreed = "", ""
        self.summaries, self.waits = Newest(CHATS), Newest(CHATS)
        await super().erase()


TRIED = Newest[tuple[str, str, str], Tried](AGENTS)
"""By the installation, the agent, and what of it."""


def tried(home: Path, agent: str, apart: str = "") -> Tried:
    """`apart`: of an agent that is tried with another model, or as it was, which remembers by itself."""
    return TRIED.of((str(home), agent, apart), lambda: Tried(who=Person(SENDER, SENDER)))


def _place(history: Sequence[Exchange], text: str) -> str:
    return hashlib.sha256(f"{_marks(history)[-1:]}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _marks(history: Sequence[Exchange]) -> list[str]:
    """One for the chat up to each of its exchanges."""
    digest = hashlib.sha256()
    marks = []
    for one in history:
        digest.update(f"{one.text}\n{one.reply}\n".encode("utf-8", "surrogatepass"))
        marks.append(digest.hexdigest())
    return marks
