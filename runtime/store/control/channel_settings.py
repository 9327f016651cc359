"""A publication's settings as its channel gets them: its application's and its own, secrets opened."""

import contextlib
from collections.abc import Mapping
from typing import Any

from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.store.control.applications import Applications
from runtime.store.control.records import Publication
from runtime.store.control.secrets import SecretBox
from runtime.store.control.table import Table

NONE = Text("没有「{id}」这个发布。", "There is no publication {id!r}.")


class ChannelSettings:
    """Raises NotFound for a publication that is not there, and as Control does."""

    def __init__(self, rows: Table[Publication], applications: Applications, box: SecretBox) -> None:
        self._rows = rows
        self._applications = applications
        self._box = box

    def opened(self, id: str) -> dict[str, Any]:
        """Raises BadSettings if a secret does not open."""
        publication = self._the(id)
        shared = self._applications.opened(publication.application) if publication.application else {}
        return {**shared, **publication.settings, **self.secrets(publication)}

    def known(self, id: str) -> dict[str, Any]:
        """Without the secrets that do not open: those are to be entered again."""
        publication = self._the(id)
        shared = self._applications.known(publication.application) if publication.application else {}
        known = {**shared, **publication.settings}
        for name, sealed in publication.secrets.items():
            with contextlib.suppress(BadSettings):
                known[name] = self._box.open(sealed, f"{id}.{name}")
        return known

    def former(self, id: str) -> dict[str, Any]:
        """Those that were changed lately, as they were. Raises BadSettings if one does not open."""
        publication = self._rows.get(id)
        sealed = publication.former.items() if publication else ()
        return {name: self._box.open(value, f"{id}.{name}") for name, value in sealed}

    def secrets(self, publication: Publication) -> dict[str, str]:
        sealed = publication.secrets.items()
        return {name: self._box.open(value, f"{publication.id}.{name}") for name, value in sealed}

    def seal(self, id: str, values: Mapping[str, str]) -> dict[str, str]:
        return {name: self._box.seal(value, f"{id}.{name}") for name, value in values.items()}

    def reseal(self, publication: Publication) -> int:
        """Seal anew what an older key sealed. How many open. Raises BadSettings."""
        opened, former = self.secrets(publication), self.former(publication.id)
        if not all(map(self._box.is_current, (*publication.secrets.values(), *publication.former.values()))):
            change = {
                "secrets": self.seal(publication.id, opened),
                "former": self.seal(publication.id, former),
            }
            self._rows.put(publication.model_copy(update=change))
        return len(opened)

    def _the(self, id: str) -> Publication:
        publication = self._rows.get(id)
        if publication is None:
            raise NotFound(NONE.fill(id=id))
        return publication
