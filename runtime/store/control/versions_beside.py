"""Versions that answer beside the one for all, one of a kind at a time, and what became of those that did."""

import secrets
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import Field

from runtime.schema import Strict
from runtime.store.control.table import Table

KEPT = 10
"""Ended ones that are told of."""


class Over(Strict):
    """One that is over. A kind says `why`, and has what it came to by then, where somebody looked."""

    version: int
    since: float
    at: float
    by: str = ""
    share: float = 0.0
    salt: str = Field(default="", repr=False)


E = TypeVar("E", bound=Over)


class Beside(Strict, Generic[E]):
    """Of one publication, by whose id it is kept. Times are seconds since 1970."""

    id: str
    version: int = 0
    """That answers; 0: none does."""
    share: float = Field(default=0, ge=0, le=100)
    """Of all people or conversations, in percent."""
    salt: str = Field(default="", repr=False)
    """Who is among them hangs on it."""
    since: float = 0.0
    by: str = ""
    past: tuple[E, ...] = Field(default=(), max_length=KEPT)
    """The newest last."""


B = TypeVar("B", bound=Beside[Any])


class VersionsBeside(Generic[B, E]):
    """Raises as Control does."""

    kind: ClassVar[type[Beside[Any]]]
    over: ClassVar[type[Over]]

    def __init__(self, rows: Table[B]) -> None:
        self._rows = rows

    def find(self, id: str) -> B | None:
        """By publication; None where none runs."""
        found = self._rows.get(id)
        return found if found and found.version else None

    def past(self, id: str) -> Sequence[E]:
        """Those that are over, the newest first."""
        found = self._rows.get(id)
        return found.past[::-1] if found else ()

    def begin(self, begun: B, like: Sequence[str] = ()) -> bool:
        """False: one runs already. `like`: publications beside which the same people are among them, so that
        nobody who writes on both meets two versions."""
        with self._rows.exclusive():
            if self.find(begun.id):
                return False
            running = (one for id in like if (one := self.find(id)))
            salt = begun.salt or next((one.salt for one in running), "") or secrets.token_hex(16)
            known = self._rows.get(begun.id)
            past = known.past if known else ()
            self._rows.put(begun.model_copy(update={"salt": salt, "past": past}))
        return True

    def end(self, id: str, version: int, why: str, at: float, *, by: str = "", **came: Any) -> bool:
        """`came`: to what, as the kind keeps it. False: somebody was quicker, and it is told already."""
        with self._rows.exclusive():
            found = self.find(id)
            if found is None or found.version != version:
                return False
            told = {**self._same(found), **came, "at": at, "why": why, "by": by}
            over: Any = self.over.model_validate(told)
            self._rows.put(self._made(id, (*found.past, over)[-KEPT:], by))
        return True

    def back(self, id: str, version: int, by: str) -> bool:
        """As it was, for the same people. False: it is not the one that ended last, or one runs by now."""
        with self._rows.exclusive():
            known = self._rows.get(id)
            if known is None or known.version or not known.past or known.past[-1].version != version:
                return False
            *past, over = known.past
            self._rows.put(self._made(id, tuple(past), by, **self._same(over)))
        return True

    def _same(self, one: B | E) -> dict[str, Any]:
        """What it began with, and begins with again."""
        names = self.kind.model_fields.keys() & self.over.model_fields.keys() - {"by"}
        return {name: getattr(one, name) for name in names}

    def _made(self, id: str, past: Sequence[E], by: str, **same: Any) -> Any:
        return self.kind(id=id, past=tuple(past), by=by, **same)
