"""Versions that answer beside the one that people get, heard by nobody, and what became of those that did."""

import secrets
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from runtime.schema import Strict
from runtime.store.control.table import Table

Why = Literal["stopped", "live", "replaced", "gone", "cut_off"]
"""How one ended: by whoever looks after it, since it answers people by now, since another version does, since
it can no longer be read, or since the program died again and again while it ran."""
KEPT = 5
"""Ended ones that are told of."""


class Figures(Strict):
    """What both came to, message by message. `seconds`: the middle one, and within which 95 of 100 came;
    None: none did. `cost` in US dollars of what has a price."""

    pairs: int = 0
    both: int = 0
    only_live: int = 0
    """…answered, and the shadow did not;"""
    only_shadow: int = 0
    neither: int = 0
    judged: int = 0
    """Pairs of which it is known whether they come to the same…"""
    same: int = 0
    """…and those that do."""
    cut_off: int = 0
    """That the program's end cut off."""
    seconds: tuple[float | None, float | None] = (None, None)
    live_seconds: tuple[float | None, float | None] = (None, None)
    cost: float = 0.0
    live_cost: float = 0.0


class Ended(Strict):
    """One that is over, and what it came to by then, where somebody looked."""

    version: int
    since: float
    at: float
    why: Why
    by: str = ""
    share: float = 0.0
    yuan: float = 0.0
    salt: str = Field(default="", repr=False)
    figures: Figures | None = None


class Shadow(Strict):
    """Of one publication, by whose id it is kept. Times are seconds since 1970."""

    id: str
    version: int = 0
    """That answers unheard; 0: none does."""
    share: float = Field(default=0, ge=0, le=100)
    """Of all conversations, in percent."""
    yuan: float = Field(default=0, ge=0)
    """That it may cost a day."""
    salt: str = Field(default="", repr=False)
    since: float = 0.0
    by: str = ""
    past: tuple[Ended, ...] = Field(default=(), max_length=KEPT)
    """The newest last."""


SAME = {"version", "since", "share", "yuan", "salt"}


class Shadows:
    """Raises as Control does."""

    def __init__(self, rows: Table[Shadow]) -> None:
        self._rows = rows

    def find(self, id: str) -> Shadow | None:
        """By publication; None where none runs."""
        found = self._rows.get(id)
        return found if found and found.version else None

    def past(self, id: str) -> tuple[Ended, ...]:
        """Those that are over, the newest first."""
        found = self._rows.get(id)
        return found.past[::-1] if found else ()

    def begin(self, begun: Shadow) -> bool:
        """False: one runs already."""
        with self._rows.exclusive():
            if self.find(begun.id):
                return False
            known = self._rows.get(begun.id)
            past = known.past if known else ()
            self._rows.put(begun.model_copy(update={"salt": secrets.token_hex(16), "past": past}))
        return True

    def end(
        self,
        id: str,
        version: int,
        why: Why,
        at: float,
        *,
        figures: Mapping[str, Any] | None = None,
        by: str = "",
    ) -> bool:
        """False: somebody was quicker."""
        with self._rows.exclusive():
            found = self.find(id)
            if found is None or found.version != version:
                return False
            told = None if figures is None else Figures.model_validate(figures)
            over = Ended(**found.model_dump(include=SAME), at=at, why=why, by=by, figures=told)
            self._rows.put(Shadow(id=id, past=(*found.past, over)[-KEPT:], by=by))
        return True

    def back(self, id: str, version: int, by: str) -> bool:
        """As it was, for the same conversations. False: it is not the one that ended last, or one runs."""
        with self._rows.exclusive():
            known = self._rows.get(id)
            if known is None or known.version or not known.past or known.past[-1].version != version:
                return False
            *past, over = known.past
            self._rows.put(Shadow(id=id, by=by, past=tuple(past), **over.model_dump(include=SAME)))
        return True
