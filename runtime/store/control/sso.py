"""Providers that sign people in, who is who there, and what is decided about it. Secrets are sealed."""

from collections.abc import Callable, Iterable
from pathlib import Path

from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.store.control.secrets import SecretBox
from runtime.store.control.sso_records import IdentityRecord, ProviderRecord, SsoOptions
from runtime.store.control.table import Table

NO_PROVIDER = Text("没有叫「{id}」的登录方式。", "There is no provider {id!r} to sign in by.")


class Sso:
    """Reading costs microseconds. `fixed`: providers of the environment, whose secrets are not sealed."""

    def __init__(self, folder: Path, box: SecretBox) -> None:
        self.rows = Table(folder / "sso_providers.json", ProviderRecord)
        self.identities = Table(folder / "sso_identities.json", IdentityRecord)
        self._options = Table(folder / "sso_options.json", SsoOptions, must=True)
        self._box = box
        self._fixed: Callable[[], Iterable[ProviderRecord]] = tuple

    def fix(self, providers: Callable[[], Iterable[ProviderRecord]]) -> None:
        """Those that the environment says: they stand before what was entered, and nobody changes them."""
        self._fixed = providers

    def is_fixed(self, id: str) -> bool:
        return any(one.id == id for one in self._fixed())

    def all(self) -> list[ProviderRecord]:
        fixed = {one.id: one for one in self._fixed()}
        return [*fixed.values(), *(one for one in self.rows.all().values() if one.id not in fixed)]

    def must(self, id: str) -> ProviderRecord:
        """Raises NotFound."""
        for one in self.all():
            if one.id == id:
                return one
        raise NotFound(NO_PROVIDER.fill(id=id))

    def options(self) -> SsoOptions:
        return self._options.get("sso") or SsoOptions()

    def save_options(self, options: SsoOptions) -> None:
        self._options.put(options)

    def seal(self, provider: str, secret: str) -> str:
        return self._box.seal(secret, f"sso.{provider}")

    def secret(self, provider: ProviderRecord) -> str:
        """Raises BadSettings when it does not open."""
        if not provider.secret or self.is_fixed(provider.id):
            return provider.secret
        return self._box.open(provider.secret, f"sso.{provider.id}")

    def wrap(self, what: str, said: str) -> str:
        """For a browser to bring back: it can neither read nor change it."""
        return self._box.seal(said, f"sso.{what}")

    def unwrap(self, what: str, wrapped: str) -> str | None:
        """None for what we never said, or said of something else."""
        try:
            return self._box.open(wrapped, f"sso.{what}")
        except BadSettings:
            return None

    def reseal(self) -> int:
        """Seal anew what an older key sealed; how many secrets open. Raises BadSettings."""
        opened, closed = 0, list[BadSettings]()
        for one in self.rows.all().values():
            if not one.secret:
                continue
            try:
                secret = self._box.open(one.secret, f"sso.{one.id}")
            except BadSettings as e:
                closed.append(e)
                continue
            opened += 1
            if not self._box.is_current(one.secret):
                self.rows.put(one.model_copy(update={"secret": self.seal(one.id, secret)}))
        if closed and not opened:
            raise closed[0]
        return opened
