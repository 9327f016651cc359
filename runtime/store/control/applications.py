"""Applications that accounts consent to: what is entered once for all of their publications."""

import contextlib
import secrets
import string
import time
from collections.abc import Mapping
from typing import Any

from runtime.errors import BadSettings
from runtime.store.control.records import Application, Publication
from runtime.store.control.secrets import SecretBox
from runtime.store.control.table import Table

SUFFIX = string.ascii_lowercase + string.digits


class Applications:
    """Raises as Control does."""

    def __init__(self, rows: Table[Application], publications: Table[Publication], box: SecretBox) -> None:
        self._rows = rows
        self._publications = publications
        self._box = box

    def find(self, id: str) -> Application | None:
        return self._rows.get(id)

    def all(self) -> list[Application]:
        """Oldest first."""
        return list(self._rows.all().values())

    def of(self, channel: str, account: str = "") -> Application | None:
        """The one of that name at its platform; without a name the only one that there is."""
        found = [one for one in self.all() if one.channel == channel and account in ("", one.account)]
        return found[0] if len(found) == 1 else None

    def publications(self, id: str) -> list[Publication]:
        """Those whose accounts consented to it, or are to."""
        return [one for one in self._publications.all().values() if one.application == id]

    def publication(self, id: str, account: str) -> Publication | None:
        """The one that answers on that account."""
        found = (one for one in self.publications(id) if one.enabled and one.account == account)
        return next(found, None)

    def lapse(self, id: str, at: float | None) -> None:
        """A publication's account does not consent any more; None: it does again."""
        with self._publications.exclusive():
            if known := self._publications.get(id):
                self._publications.put(known.model_copy(update={"lapsed_at": at}))

    def save(
        self,
        channel: str,
        account: str,
        settings: Mapping[str, Any],
        values: Mapping[str, str],
        *,
        by: str = "",
    ) -> str:
        """Its id. What is made of it anew is made of its publications anew, too."""
        with self._publications.exclusive():
            known = self.of(channel, account) if account else None
            id = known.id if known else self._new_id()
            if known and (dict(settings), dict(values)) == (known.settings, self._open(known)):
                return id
            sealed = {name: self._box.seal(value, f"{id}.{name}") for name, value in values.items()}
            record = {"id": id, "channel": channel, "account": account, "settings": dict(settings)}
            at = known.created_at if known else time.time()
            self._rows.put(Application(**record, secrets=sealed, created_at=at, by=by))
            for publication in self.publications(id):
                self._publications.put(publication.model_copy(update={"application_at": time.time()}))
        return id

    def opened(self, id: str) -> dict[str, Any]:
        """What its publications share, opened; {} for none. Raises BadSettings if a secret does not open."""
        record = self.find(id)
        return {**record.settings, **self._open(record)} if record else {}

    def known(self, id: str) -> dict[str, Any]:
        """The same without what does not open."""
        record = self.find(id)
        if record is None:
            return {}
        known = dict(record.settings)
        for name, sealed in record.secrets.items():
            with contextlib.suppress(BadSettings):
                known[name] = self._box.open(sealed, f"{id}.{name}")
        return known

    def reseal(self) -> int:
        """Seal anew what an older key sealed. How many open. Raises BadSettings."""
        opened = 0
        for record in self.all():
            values = self._open(record)
            opened += len(values)
            if not all(map(self._box.is_current, record.secrets.values())):
                sealed = {name: self._box.seal(v, f"{record.id}.{name}") for name, v in values.items()}
                self._rows.put(record.model_copy(update={"secrets": sealed}))
        return opened

    def _open(self, record: Application) -> dict[str, str]:
        return {name: self._box.open(s, f"{record.id}.{name}") for name, s in record.secrets.items()}

    def _new_id(self) -> str:
        """Which is no publication's: both have their address in the same place."""
        while True:
            id = f"app-{''.join(secrets.choice(SUFFIX) for _ in range(10))}"
            if self.find(id) is None and self._publications.get(id) is None:
                return id
