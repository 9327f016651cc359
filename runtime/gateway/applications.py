"""Applications that accounts consent to, as the gateway sees them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Application(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def channel(self) -> str: ...


class Consenting(Protocol):
    """A publication whose account consents to one."""

    @property
    def id(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def enabled(self) -> bool: ...
    @property
    def lapsed_at(self) -> float | None: ...


class Applications(Protocol):
    """See store/control/applications.py."""

    def find(self, id: str) -> Application | None: ...
    def all(self) -> Sequence[Application]: ...
    def publications(self, id: str) -> Sequence[Consenting]: ...
    def publication(self, id: str, account: str) -> Consenting | None: ...
    def opened(self, id: str) -> Mapping[str, Any]: ...
    def before(self, id: str) -> tuple[Mapping[str, Any], float]:
        """What was shared before it was changed, and when that was; {} for nothing."""
        ...

    def lapse(self, id: str, at: float | None) -> None:
        """A publication's account does not consent any more; None: it does again."""
        ...


class NoApplications:
    """Implements Applications where there are none."""

    def find(self, id: str) -> None:
        return None

    def all(self) -> Sequence[Application]:
        return ()

    def publications(self, id: str) -> Sequence[Consenting]:
        return ()

    def publication(self, id: str, account: str) -> None:
        return None

    def opened(self, id: str) -> Mapping[str, Any]:
        return {}

    def before(self, id: str) -> tuple[Mapping[str, Any], float]:
        return {}, 0.0

    def lapse(self, id: str, at: float | None) -> None:
        """There is none."""
