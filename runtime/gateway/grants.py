"""What access tokens hang on, as the gateway sees it: kept by the control store, or nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol


class Lock(Protocol):
    def take(self) -> bool: ...
    def give_back(self) -> None: ...


class Grant(Protocol):
    """What is known of one that is not secret."""

    @property
    def id(self) -> str: ...
    @property
    def kept(self) -> Mapping[str, str]:
        """Sealed."""
        ...

    @property
    def kept_at(self) -> float: ...
    @property
    def ticket(self) -> str: ...
    @property
    def at(self) -> float: ...
    @property
    def over_at(self) -> float | None: ...
    @property
    def trouble(self) -> Mapping[str, str]: ...


class Grants(Protocol):
    """See store/control/grants.py. Writing may raise NotSaved."""

    def lock(self, name: str, /) -> Lock: ...
    def find(self, name: str) -> Grant: ...
    def all(self) -> Sequence[Grant]: ...
    def kept(self, name: str) -> Mapping[str, str]: ...
    def token(self, name: str) -> tuple[str, float]: ...
    def code(self, name: str) -> str: ...
    def keep(
        self,
        name: str,
        kept: Mapping[str, str],
        now: float,
        *,
        token: str | None = None,
        until: float = 0.0,
        **changes: Any,
    ) -> None: ...
    def change(self, name: str, *, code: str | None = None, **changes: Any) -> None: ...


class Free:
    """A lock that nobody else wants."""

    def take(self) -> bool:
        return True

    def give_back(self) -> None:
        """It is free."""


@dataclass(frozen=True)
class Remembered:
    id: str
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)
    kept_at: float = 0.0
    secret_token: str = field(default="", repr=False)
    until: float = 0.0
    secret_code: str = field(default="", repr=False)
    ticket: str = ""
    at: float = 0.0
    over_at: float | None = None
    trouble: Mapping[str, str] = field(default_factory=dict)


class GrantsInMemory:
    """Implements Grants for one process that ends soon, such as a rehearsal."""

    def __init__(self, kept: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._all = {name: Remembered(name, dict(values)) for name, values in (kept or {}).items()}

    def lock(self, name: str, /) -> Lock:
        return Free()

    def find(self, name: str) -> Remembered:
        return self._all.get(name) or Remembered(name)

    def all(self) -> Sequence[Remembered]:
        return list(self._all.values())

    def kept(self, name: str) -> Mapping[str, str]:
        return self.find(name).kept

    def token(self, name: str) -> tuple[str, float]:
        found = self.find(name)
        return found.secret_token, found.until

    def code(self, name: str) -> str:
        return self.find(name).secret_code

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
        known = self.find(name)
        if kept:
            changes |= {"kept": {**known.kept, **kept}, "kept_at": now}
        if token is not None:
            changes |= {"secret_token": token, "until": until}
        self._all[name] = replace(known, **changes)

    def change(self, name: str, *, code: str | None = None, **changes: Any) -> None:
        if code is not None:
            changes["secret_code"] = code
        self._all[name] = replace(self.find(name), **changes)
