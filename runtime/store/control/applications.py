"""Applications that accounts consent to: what is entered once for all of their publications."""

import contextlib
import secrets
import string
import time
from collections.abc import Iterable, Mapping
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
        proofs: Iterable[str] = (),
        *,
        by: str = "",
    ) -> str:
        """Its id. What is made of it anew is made of its publications anew, too. `proofs`: of the secrets
        those by which the platform proves to be itself; as they were they count for a while."""
        with self._publications.exclusive():
            known = self.of(channel, account) if account else None
            id = known.id if known else self._new_id()
            if known and (dict(settings), dict(values)) == (known.settings, self._open(known)):
                return id
            sealed = {name: self._box.seal(value, f"{id}.{name}") for name, value in values.items()}
            record = {"id": id, "channel": channel, "account": account, "settings": dict(settings)}
            was = self._open(known) if known else {}
            before = {name: was[name] for name in proofs if name in was and was[name] != values.get(name)}
            at, now = known.created_at if known else time.time(), time.time()
            changed = Application(**record, secrets=sealed, created_at=at, by=by)
            self._rows.put(changed.model_copy(update=self._former(id, known, before, now)))
            for one in self.publications(id):
                former = self._former(one.id, one, before, now)
                self._publications.put(one.model_copy(update={"application_at": now, **former}))
        return id

    def _former(
        self, id: str, known: Application | Publication | None, before: Mapping[str, str], now: float
    ) -> dict[str, Any]:
        """What a record says of proofs that are replaced now, or were lately."""
        if known is None or not before:
            return {"former": known.former, "former_at": known.former_at} if known else {}
        sealed = {name: self._box.seal(value, f"{id}.{name}") for name, value in before.items()}
        return {"former": sealed, "former_at": now}

    def before(self, id: str) -> tuple[dict[str, Any], float]:
        """What its publications shared before it was changed, opened, and when that was; {} for nothing."""
        record = self.find(id)
        if record is None or record.former_at is None:
            return {}, 0.0
        former = {name: self._box.open(value, f"{id}.{name}") for name, value in record.former.items()}
        return {**self.opened(id), **former}, record.former_at

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
