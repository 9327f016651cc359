"""Accounts that are joined by a scan: how far each is, and what the scan brought."""

import hmac
from collections.abc import Callable, Mapping
from typing import Any

from runtime.store.control.records import Joining, Publication
from runtime.store.control.table import Table

Seal = Callable[[str, Mapping[str, str]], Mapping[str, str]]


LATER = 0.001
"""Seconds."""


class Joinings:
    """Raises as Control does."""

    def __init__(self, rows: Table[Joining], publications: Table[Publication], seal: Seal) -> None:
        self._rows = rows
        self._publications = publications
        self._seal = seal

    def find(self, id: str) -> Joining:
        """By publication; a fresh one when nothing is known."""
        return self._rows.get(id) or Joining(id=id)

    def change(self, id: str, **changes: Any) -> None:
        """What is told later counts as later, also when the clock was set back in between."""
        with self._rows.exclusive():
            known = self.find(id)
            if "at" in changes:
                changes["at"] = max(changes["at"], known.asked_at)
            if "asked_at" in changes:
                changes["asked_at"] = max(changes["asked_at"], known.at + LATER)
            self._rows.put(known.model_copy(update=changes))

    def came_back(self, id: str, back: str, proof: str) -> bool:
        """Whether `back` is what the browser was sent away with; it counts once."""
        if not self._is_back(id, back):
            return False  # strangers come here: none of them holds the lock
        with self._rows.exclusive():
            if not self._is_back(id, back):
                return False
            known = self.find(id)
            self._rows.put(known.model_copy(update={"back": "", "proof": proof}))
        return True

    def _is_back(self, id: str, back: str) -> bool:
        known = self.find(id).back
        return bool(known) and hmac.compare_digest(known.encode(), back.encode())

    def keep(self, id: str, account: str, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
        """What a scan brought is the publication's from now on. Nothing happens when it is gone."""
        with self._publications.exclusive():
            if publication := self._publications.get(id):
                changes = {
                    "account": account,
                    "settings": {**publication.settings, **settings},
                    "secrets": {**publication.secrets, **self._seal(id, secrets)},
                }
                self._publications.put(publication.model_copy(update=changes))
