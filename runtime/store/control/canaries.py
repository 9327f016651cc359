"""Versions that answer a part of the people first, and what became of those that did."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from runtime.schema import Strict
from runtime.store.control.table import Table

Why = Literal["stopped", "released", "replaced", "gone", "failures", "slow", "thumbs"]
"""How one ended: by whoever looks after it, by another version for all, since it can no longer be read, or by
itself."""
KEPT = 10
"""Ended ones that are told of."""


class Side(Strict):
    """How one version did while both answered. `seconds`: within which 95 of 100 answers came; None: none
    did. `good`, `bad`: people whose newest thumb is up or down."""

    version: int
    messages: int = 0
    people: int = 0
    failed: int = 0
    seconds: float | None = None
    good: int = 0
    bad: int = 0


class Ended(Strict):
    """One that is over, and how both versions did until then, where somebody looked."""

    version: int
    since: float
    at: float
    why: Why
    by: str = ""
    share: float = 0.0
    tags: tuple[str, ...] = ()
    salt: str = Field(default="", repr=False)
    sides: tuple[Side, ...] = ()
    """Its own, and that of the version that everybody else had."""


class Canary(Strict):
    """Of one publication, by whose id it is kept. Times are seconds since 1970."""

    id: str
    version: int = 0
    """That answers some people; 0: none runs."""
    share: float = Field(default=0, ge=0, lt=100)
    """Of all people, in percent."""
    tags: tuple[str, ...] = Field(default=(), max_length=20)
    """Whoever has one of these is always among them."""
    salt: str = Field(default="", repr=False)
    """Who is among them hangs on it."""
    since: float = 0.0
    by: str = ""
    past: tuple[Ended, ...] = Field(default=(), max_length=KEPT)
    """The newest last."""


class Canaries:
    """Raises as Control does."""

    def __init__(self, rows: Table[Canary]) -> None:
        self._rows = rows

    def find(self, id: str) -> Canary | None:
        """By publication; None where none runs."""
        found = self._rows.get(id)
        return found if found and found.version else None

    def past(self, id: str) -> Sequence[Ended]:
        """Those that are over, the newest first."""
        found = self._rows.get(id)
        return found.past[::-1] if found else ()

    def begin(self, begun: Canary, like: Sequence[str] = ()) -> bool:
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

    def change(self, id: str, version: int, *, share: float, tags: Sequence[str], by: str) -> bool:
        """False: that version is no canary any more."""
        with self._rows.exclusive():
            found = self.find(id)
            if found is None or found.version != version:
                return False
            self._rows.put(found.model_copy(update={"share": share, "tags": tuple(tags), "by": by}))
        return True

    def end(
        self,
        id: str,
        version: int,
        why: Why,
        at: float,
        *,
        sides: Sequence[Mapping[str, Any]] = (),
        by: str = "",
    ) -> bool:
        """Everybody has the other version again. False: somebody was quicker, and it is told already."""
        with self._rows.exclusive():
            found = self.find(id)
            if found is None or found.version != version:
                return False
            told = tuple(Side.model_validate(one) for one in sides)
            was = found.model_dump(include={"version", "since", "share", "tags", "salt"})
            over = Ended(**was, at=at, why=why, by=by, sides=told)
            past = (*found.past, over)[-KEPT:]
            self._rows.put(Canary(id=id, past=past, by=by))
        return True

    def back(self, id: str, version: int, by: str) -> bool:
        """As it was, for the same people. False: it is not the one that ended last, or one runs by now."""
        with self._rows.exclusive():
            known = self._rows.get(id)
            if known is None or known.version or not known.past or known.past[-1].version != version:
                return False
            *past, over = known.past
            was = over.model_dump(include={"version", "since", "share", "tags", "salt"})
            self._rows.put(Canary(id=id, by=by, past=tuple(past), **was))
        return True
