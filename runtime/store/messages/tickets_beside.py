"""Who waits for an operator, seen and worked on beside a running gateway."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from runtime.answer import AnswerPart
from runtime.store.messages import tickets
from runtime.store.messages.beside import is_there, reading, writing
from runtime.store.messages.states import TicketState
from runtime.store.messages.tickets import Line, LineKind, Outcome, Ticket


class TicketsBeside:
    """What is said here is sent by a running gateway within seconds, else after the next start.

    `by`: the operator. Raises StoreFailed. Each may block for up to 2 s.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def listed(self, *, done: bool) -> Iterator[Ticket]:
        """All of them, however many: read page by page."""
        skip = 0
        while is_there(self._path):
            with reading(self._path) as db:
                found = tickets.listed(db, done=done, skip=skip)
            yield from found
            if len(found) < tickets.MOST_LISTED:
                return
            skip += len(found)

    def find(self, id: int) -> tuple[Ticket, list[Line]] | None:
        """With what happened to it."""
        if not is_there(self._path):
            return None
        with reading(self._path) as db:
            found = tickets.find(db, id)
            return (found, tickets.lines_of(db, id)) if found else None

    def take(self, id: int, by: str, now: float) -> Outcome:
        with writing(self._path) as db:
            return tickets.take(db, id, by, now)[0]

    def say(
        self, id: int, by: str, text: str, parts: Sequence[AnswerPart], key: str, now: float
    ) -> tuple[Outcome, int]:
        """See tickets.say."""
        with writing(self._path) as db:
            return tickets.say(db, id, by, text, parts, key, now)

    def note(self, id: int, by: str, text: str, now: float) -> None:
        with writing(self._path) as db:
            tickets.add_line(db, id, "note", by, text, now)

    def move(self, id: int, by: str, state: TicketState, kind: LineKind, now: float) -> Outcome:
        with writing(self._path) as db:
            return tickets.move(db, id, by, state, kind, now)
