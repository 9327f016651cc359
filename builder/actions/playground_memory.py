"""What an agent remembers of whoever tries it out: as long as the program runs, and in no store."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from runtime.message import Exchange
from runtime.newest import Newest
from runtime.person import Person, Summary
from runtime.turn.events import Event, Waited
from runtime.turn.keeping import KeptHere
from runtime.turn.restart import is_word
from runtime.turn.waiting import Came, Past

AGENTS = 100
CHATS = 100


@dataclass
class Tried(KeptHere):
    """Implements Kept. Facts are of all chats with the agent, a summary is of the chat that it sums up."""

    summaries: Newest[str, Summary] = field(default_factory=lambda: Newest(CHATS))
    waits: Newest[str, Waited] = field(default_factory=lambda: Newest(CHATS))
    """By the chat up to the message whose turn waits."""
    marks: Sequence[str] = ()
    lately: bool = False

    def begins(self, history: Sequence[Exchange]) -> list[Exchange]:
        """A turn does: the chat's exchanges, numbered."""
        self.marks = _marks(history)
        self.lately, self.asked, self.erased = self.asked, False, False
        known = (self.summaries.get(mark, None) for mark in reversed(self.marks))
        self.summary = next((one for one in known if one), None)
        return [replace(one, number=n) for n, one in enumerate(history, 1)]

    def going_on(self, history: Sequence[Exchange], text: str, cancel: Sequence[str]) -> Past | None:
        """What a turn of the chat brings along that waits for what is written now."""
        wait = self.waits.get(_place(history[:-1], history[-1].text)) if history else None
        came = _came(wait, text, cancel) if wait else None
        if wait is None or came is None:
            return None
        past = Past.from_json(wait.carried)
        past.steps[wait.step] = came.to_json()
        return past

    def ended(self, history: Sequence[Exchange], text: str, event: Event) -> None:
        """A turn of the chat did."""
        place = _place(history, text)
        self.waits.pop(place, None)
        if isinstance(event, Waited):
            self.waits[place] = event

    async def was_asked(self) -> bool:
        return self.lately

    async def sum_up(self, summary: Summary) -> None:
        self.summary = self.summaries[self.marks[summary.upto - 1]] = summary

    async def erase(self) -> None:
        self.summaries, self.waits = Newest(CHATS), Newest(CHATS)
        await super().erase()


TRIED = Newest[tuple[str, str], Tried](AGENTS)
"""By the installation and the agent."""


def tried(home: Path, agent: str) -> Tried:
    return TRIED.of((str(home), agent), lambda: Tried(who=Person("playground", "playground")))


DECIDES: dict[str, Came] = {
    "/approve": Came("decision", {"yes": True, "by": "playground", "note": ""}),
    "/deny": Came("decision", {"yes": False, "by": "playground", "note": ""}),
    "/late": Came("late"),
    "/call": Came("call"),
    "/cancel": Came("cancelled"),
}
"""What whoever tries an agent out taps or writes to play the part of others."""


def _came(wait: Waited, text: str, cancel: Sequence[str]) -> Came | None:
    """What this message is for a turn that waits; None: nothing."""
    if is_word(text, cancel):
        return Came("cancelled")
    played = DECIDES.get(text.strip())
    if played and played.kind in (wait.wait, "late", "cancelled"):
        return Came("time") if (wait.wait, played.kind) == ("time", "late") else played
    return Came("message") if wait.wait == "message" else None


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
