"""Reminders, set and ended beside a running gateway."""

from pathlib import Path

from runtime.store.messages.beside import writing
from runtime.store.messages.reminders import Reminder, cancel, of, put


class RemindersList:
    """Raises StoreFailed. Each may block for a few seconds."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(
        self, publication: str, sender: str, key: str, text: str, due: float, now: float
    ) -> Reminder | None:
        """None: there are as many as there may be."""
        with writing(self._path) as db:
            return put(db, publication, sender, key, text, due, now)

    def all(self, publication: str, sender: str) -> list[Reminder]:
        with writing(self._path) as db:
            return of(db, publication, sender)

    def cancel(self, publication: str, sender: str, id: int) -> bool:
        with writing(self._path) as db:
            return cancel(db, publication, sender, id)
