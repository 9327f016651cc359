"""What is remembered of the person of a turn: in the gateway's store, or nowhere that lasts."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Protocol

from runtime.errors import TurnFailed
from runtime.lang import Text
from runtime.person import (
    MOST_NOTES,
    NOBODY,
    Agreed,
    Bound,
    Handing,
    Joined,
    Known,
    Note,
    Person,
    Proof,
    Summary,
)
from runtime.tools import Promise, Reminder, Reminders, Shares
from runtime.turn.shares_here import SharesHere


class RemindersHere:
    """Implements Reminders where nobody can be written to later: the playground's. Nothing comes of them."""

    def __init__(self) -> None:
        self._set: dict[int, Reminder] = {}

    async def set(self, at: float, text: str, once: str) -> Promise | None:
        number = max(self._set, default=0) + 1
        self._set[number] = Reminder(number, text, at)
        return Promise(number, "never")

    async def all(self) -> Sequence[Reminder]:
        return list(self._set.values())

    async def cancel(self, id: int) -> bool:
        return self._set.pop(id, None) is not None


HERE = Text(
    "这里是试聊，没有保存谁的数据。发布以后，这里会给出只能用一次的下载地址。",
    "This is the playground, which keeps nobody's data. Published, it gives an address that opens once.",
)


class Value(NamedTuple):
    """One that an agent keeps of a person. `kind`: the type that it is declared as."""

    name: str
    kind: str
    value: Any


Change = Callable[[Mapping[str, Any]], Sequence[Value]]
"""Gets what is kept of the person, by name; gives what of it is something else now. Called once or more."""


class Kept(Protocol):
    """Of one person, for one agent. Each lasts when it returns. Raises StoreFailed."""

    async def known(self) -> Known: ...

    async def keep(self, note: Note) -> bool:
        """Another of its name goes. False: there are as many as there may be."""
        ...

    async def drop(self, name: str) -> bool:
        """Whether there was such a note."""
        ...

    async def sum_up(self, summary: Summary) -> None: ...

    async def start_anew(self) -> None:
        """The summary counts no more."""
        ...

    async def asks(self) -> None:
        """The person is asked whether they really wish to be forgotten."""
        ...

    async def was_asked(self) -> bool:
        """Whether that was the last thing they were told, a short while ago."""
        ...

    async def erase(self) -> None:
        """Forget the person: words, facts, summaries, files."""
        ...

    async def may_erase(self) -> bool:
        """Not when they did so again and again today."""
        ...

    async def consent(self, version: str) -> Agreed | None:
        """How they answered that question; None: they were not asked it."""
        ...

    async def keep_consent(self, version: str, answer: str) -> None:
        """yes, no or asked, with when, and by which message."""
        ...

    async def leave_nothing(self) -> None:
        """Of this message, but that it came and what was answered."""
        ...

    async def export(self, title: str) -> str:
        """Where all that is kept of them can be fetched: an address that is good once and soon, or a file of
        that title, as Markdown. "": they did so again and again today. Raises NotSaved, TurnFailed."""
        ...

    async def give_code(self) -> str:
        """What joins another surface to this person, when it is typed there soon."""
        ...

    async def take_code(self, code: str) -> Joined: ...

    @property
    def is_sure(self) -> bool:
        """Nobody can write there in somebody else's name."""
        ...

    async def ask_proof(self, deed: str) -> str:
        """A code that only they get who are named, and send back with their wish for that deed."""
        ...

    async def take_proof(self, deed: str, code: str) -> Proof: ...

    async def part(self) -> bool:
        """This surface is a person of its own again; False when it was."""
        ...

    async def bind(self, code: str) -> Bound:
        """Make the person the customer for whom the owner's system had that code made."""
        ...

    async def unbind(self) -> bool:
        """Whether they were bound."""
        ...

    async def belongs(self, hash: str, type: str, size: int) -> None:
        """A kept file was made for this message, and goes with it."""
        ...

    async def open_ticket(self, step: str, handing: Handing) -> int:
        """Somebody is to answer them: the ticket's number, once for that step of the turn."""
        ...

    @property
    def whose(self) -> str:
        """Names the person beside all others, wherever they write; "" for nobody."""
        ...

    @property
    def who(self) -> Person:
        """By what the surface knows them: nothing that is kept."""
        ...

    @property
    def reminders(self) -> Reminders | None:
        """None: it is nobody's turn."""
        ...

    def shares(self, agent: str) -> Shares | None:
        """What that agent shares out among everybody. None: it is nobody's turn."""
        ...

    async def person(self) -> Person:
        """Who writes; `values` as they are kept."""
        ...

    async def write(self, step: str, by: Literal["agent", "model"], change: Change) -> Mapping[str, Any]:
        """Change values, once for that step of the turn: upon what is kept, whoever else writes meanwhile.

        What was changed, by name. Raises StoreFailed, TurnFailed, and what `change` raises.
        """
        ...


@dataclass
class KeptHere:
    """Implements Kept for a turn, or a chat, that nobody else shares: the playground's."""

    notes: dict[str, Note] = field(default_factory=dict)
    summary: Summary | None = None
    asked: bool = False
    erased: bool = False
    who: Person = NOBODY
    """Without values."""
    values: dict[str, Value] = field(default_factory=dict)
    reminders: Reminders | None = field(default_factory=lambda: RemindersHere())
    whose: str = field(default_factory=lambda: secrets.token_hex(8))
    places: dict[str, SharesHere] = field(default_factory=dict)
    """By agent."""
    is_sure: bool = True

    async def known(self) -> Known:
        return Known(list(self.notes.values()), self.summary)

    async def keep(self, note: Note) -> bool:
        if note.name not in self.notes and len(self.notes) >= MOST_NOTES:
            return False
        self.notes[note.name] = note
        return True

    async def drop(self, name: str) -> bool:
        return self.notes.pop(name, None) is not None

    async def sum_up(self, summary: Summary) -> None:
        self.summary = summary

    async def start_anew(self) -> None:
        self.summary = None

    async def asks(self) -> None:
        self.asked = True

    async def was_asked(self) -> bool:
        asked, self.asked = self.asked, False
        return asked

    async def erase(self) -> None:
        self.notes.clear()
        self.values.clear()
        self.places.clear()
        self.summary, self.erased = None, True

    async def may_erase(self) -> bool:
        return True

    async def consent(self, version: str) -> Agreed | None:
        return Agreed("yes")  # nobody is there to be asked

    async def keep_consent(self, version: str, answer: str) -> None:
        """Nobody is asked."""

    async def leave_nothing(self) -> None:
        """It is kept by nobody."""

    async def export(self, title: str) -> str:
        raise TurnFailed(HERE, code="playground")

    async def give_code(self) -> str:
        return f"{secrets.randbelow(10**8):08}"

    async def take_code(self, code: str) -> Joined:
        return "wrong"

    async def ask_proof(self, deed: str) -> str:
        return await self.give_code()

    async def take_proof(self, deed: str, code: str) -> Proof:
        return "wrong"

    async def part(self) -> bool:
        return False

    async def bind(self, code: str) -> Bound:
        return "wrong"

    async def unbind(self) -> bool:
        return False

    async def belongs(self, hash: str, type: str, size: int) -> None:
        """It goes soon: no message has it."""

    async def open_ticket(self, step: str, handing: Handing) -> int:
        return 1

    def shares(self, agent: str) -> Shares | None:
        return self.places.setdefault(agent, SharesHere())

    async def person(self) -> Person:
        return replace(self.who, values=self._values())

    async def write(self, step: str, by: Literal["agent", "model"], change: Change) -> Mapping[str, Any]:
        changed = change(self._values())
        self.values |= {one.name: one for one in changed}
        return {one.name: one.value for one in changed}

    def _values(self) -> dict[str, Any]:
        return {name: one.value for name, one in self.values.items()}
