"""What access tokens hang on, by account: it comes from a platform, changes with use and must not be lost."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from runtime.errors import BadSettings
from runtime.locks import Lock
from runtime.store.control.records import Grant
from runtime.store.control.secrets import SecretBox
from runtime.store.control.table import Table

log = logging.getLogger(__name__)


class Grants:
    """One file for all processes; what is secret in it is sealed. Raises as Control does."""

    def __init__(self, rows: Table[Grant], box: SecretBox, lock: Callable[[str], Lock]) -> None:
        self._rows = rows
        self._box = box
        self.lock = lock
        """Whoever has the lock of a name is the only one, of all processes, who asks for its token."""

    def find(self, name: str) -> Grant:
        """A fresh one when nothing is known."""
        return self._rows.get(name) or Grant(id=name)

    def all(self) -> list[Grant]:
        return list(self._rows.all().values())

    def kept(self, name: str) -> dict[str, str]:
        """Opened; what does not open is as if it were not there."""
        return self._open(name, self.find(name).kept)

    def token(self, name: str) -> tuple[str, float]:
        """The newest, and until when it is good, in seconds since 1970; "" for none."""
        found = self.find(name)
        return self._open(name, {"token": found.token}).get("token", "") if found.token else "", found.until

    def code(self, name: str) -> str:
        """That waits to be used; "" for none."""
        found = self.find(name)
        return self._open(name, {"code": found.code}).get("code", "") if found.code else ""

    def keep(
        self,
        name: str,
        kept: Mapping[str, str],
        now: float,
        *,
        token: str | None = None,
        until: float = 0.0,
        **changes: Any,
    ) -> None:
        """What is not named stays; so does the token, unless there is a new one, or "" for none any more."""
        if kept:
            changes |= {"kept_at": now}
        if token is not None:
            changes |= {"token": self._seal(name, "token", token) if token else "", "until": until}
        with self._rows.exclusive():
            known = self.find(name)
            sealed = {one: self._seal(name, one, value) for one, value in kept.items()}
            self._rows.put(known.model_copy(update={**changes, "kept": {**known.kept, **sealed}}))

    def change(self, name: str, *, code: str | None = None, **changes: Any) -> None:
        """Of the record what is not secret, and the code, sealed."""
        if code is not None:
            changes["code"] = self._seal(name, "code", code) if code else ""
        with self._rows.exclusive():
            self._rows.put(self.find(name).model_copy(update=changes))

    def reseal(self) -> int:
        """Seal anew what an older key sealed; a token is asked for anew. How many open."""
        opened = 0
        for record in self.all():
            kept = self._open(record.id, record.kept)
            opened += len(kept)
            there = [*record.kept.values(), *filter(None, (record.token, record.code))]
            if not all(map(self._box.is_current, there)):
                sealed = {name: self._seal(record.id, name, value) for name, value in kept.items()}
                code = self.code(record.id)
                change = {
                    "kept": {**record.kept, **sealed},
                    "code": self._seal(record.id, "code", code) if code else "",
                    "token": "",
                    "until": 0.0,
                }
                self._rows.put(record.model_copy(update=change))
        return opened

    def _seal(self, grant: str, name: str, value: str) -> str:
        return self._box.seal(value, f"grant.{grant}.{name}")

    def _open(self, grant: str, sealed: Mapping[str, str]) -> dict[str, str]:
        found = {}
        for name, value in sealed.items():
            try:
                found[name] = self._box.open(value, f"grant.{grant}.{name}")
            except BadSettings as e:
                log.error("%s of %s does not open: %s", name, grant, e.text.en)
        return found
