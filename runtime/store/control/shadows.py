"""Versions that answer beside the one that people get, heard by nobody, and what became of those that did."""

from typing import Literal

from pydantic import Field

from runtime.schema import Strict
from runtime.store.control.versions_beside import Beside, Over, VersionsBeside

Why = Literal["stopped", "live", "replaced", "gone", "cut_off"]
"""How one ended: by whoever looks after it, since it answers people by now, since another version does, since
it can no longer be read, or since the program died again and again while it ran."""


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


class Ended(Over):
    why: Why
    yuan: float = 0.0
    figures: Figures | None = None


class Shadow(Beside[Ended]):
    yuan: float = Field(default=0, ge=0)
    """That it may cost a day."""


class Shadows(VersionsBeside[Shadow, Ended]):
    kind, over = Shadow, Ended
