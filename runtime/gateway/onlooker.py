"""Who is told what happens at a publication, and cannot stop it."""

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from runtime.channels import Notice
from runtime.errors import Compared, HongyanError
from runtime.lang import Text

log = logging.getLogger(__name__)


class Observer(Protocol):
    """Told what happens at a publication's callback."""

    def saw(
        self, publication: str, what: str, code: str, at: float, compared: Sequence[Compared] = ()
    ) -> None:
        """`what`: verified, message, refused (`code`: why, `compared`: what it was judged by) or strange, a
        page of a site that may not come (`code`: which)."""
        ...

    def trouble(self, publication: str, text: Text | None, at: float) -> None:
        """Why the account cannot push; None once it can again."""
        ...

    def told(self, publication: str, notice: Notice, at: float) -> None:
        """What the platform tells the account's owner."""
        ...


class Alerted(Protocol):
    def trouble(self, publication: str, text: Text | None) -> None: ...
    def notice(self, publication: str, notice: Notice) -> None: ...
    def tell(self, text: Text) -> None: ...


class Onlooker:
    """An observer whose own trouble, such as a disk or descriptors that are used up, is nobody else's."""

    def __init__(self, doctor: Observer) -> None:
        self._doctor = doctor
        self.alerts: Alerted | None = None
        """Who is told, besides, of what the owner must hear at once."""

    def saw(
        self, publication: str, what: str, code: str, at: float, compared: Sequence[Compared] = ()
    ) -> None:
        _quietly(lambda: self._doctor.saw(publication, what, code, at, compared))

    def trouble(self, publication: str, text: Text | None, at: float) -> None:
        _quietly(lambda: self._doctor.trouble(publication, text, at))
        if alerts := self.alerts:
            _quietly(lambda: alerts.trouble(publication, text))

    def told(self, publication: str, notice: Notice, at: float) -> None:
        _quietly(lambda: self._doctor.told(publication, notice, at))
        if alerts := self.alerts:
            _quietly(lambda: alerts.notice(publication, notice))

    def tell(self, text: Text) -> None:
        """Tell the owner something that is of no single publication."""
        if alerts := self.alerts:
            _quietly(lambda: alerts.tell(text))

    def alert(self, publication: str, text: Text) -> None:
        """Tell the owner something of a publication that is nothing of the platform's."""
        if alerts := self.alerts:
            _quietly(lambda: alerts.notice(publication, Notice(text)))


def _quietly(tell: Callable[[], None]) -> None:
    try:
        tell()
    except (HongyanError, OSError) as e:
        log.warning("what was seen at a callback is not kept: %s", e)
