"""Versions that answer a part of the people first, and what became of those that did."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from runtime.schema import Strict
from runtime.store.control.versions_beside import Beside, Over, VersionsBeside

Why = Literal["stopped", "released", "replaced", "gone", "failures", "slow", "thumbs"]
"""How one ended: by whoever looks after it, by another version for all, since it can no longer be read, or by
itself."""


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


class Ended(Over):
    why: Why
    tags: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    """Its own, and that of the version that everybody else had."""


class Canary(Beside[Ended]):
    share: float = Field(default=0, ge=0, lt=100)
    tags: tuple[str, ...] = Field(default=(), max_length=20)
    """Whoever has one of these is always among them."""


class Canaries(VersionsBeside[Canary, Ended]):
    kind, over = Canary, Ended

    def change(self, id: str, version: int, *, share: float, tags: Sequence[str], by: str) -> bool:
        """False: that version is no canary any more."""
        with self._rows.exclusive():
            found = self.find(id)
            if found is None or found.version != version:
                return False
            self._rows.put(found.model_copy(update={"share": share, "tags": tuple(tags), "by": by}))
        return True
