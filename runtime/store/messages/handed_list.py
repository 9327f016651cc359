"""Whom humans have, asked and told beside a running gateway."""

from pathlib import Path

from runtime.store.messages.beside import look, writing
from runtime.store.messages.handed import Handed, everybody, returning


class HandedList:
    """A running gateway tells the platform of what is changed here within seconds, else the next start does.

    Raises StoreFailed. Each may block for up to 2 s.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def everybody(self, now: float) -> list[Handed]:
        """The longest first."""
        return look(self._path, lambda db: everybody(db, now), [])

    def give_back(self, publication: str, sender: str, now: float) -> bool:
        """The agent is to answer the person again; False when no human has them."""
        if not any((one.publication, one.sender) == (publication, sender) for one in self.everybody(now)):
            return False
        with writing(self._path) as db:
            return returning(db, publication, sender)
