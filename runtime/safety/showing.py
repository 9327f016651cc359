"""A text that is shown while it is written: only what is decided, and nothing that is not to be seen."""

from collections.abc import Sequence
from dataclasses import replace

from runtime.errors import HongyanError
from runtime.safety.chain import Chain, changed
from runtime.safety.checks import Check, Finding
from runtime.safety.words.folding import thinned

BEHIND = 200
"""Characters that were shown, and that tell what stands before the next."""


class Showing:
    """One text. Pieces go in, what may be shown comes out: the same in the end, however it is cut."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._behind, self._held = "", ""
        self._unseen = 0
        self.is_blocked = False

    def take(self, piece: str) -> str | None:
        """What to show behind what is shown; None: from now on nothing is, and what is shown is void."""
        piece, self._unseen = thinned(piece, self._unseen)
        self._held += piece
        return self._decided(final=False)

    def __len__(self) -> int:
        """Characters that are looked at again with the next piece."""
        return len(self._behind) + len(self._held)

    def end(self) -> str | None:
        """The rest, once nothing comes any more."""
        return self._decided(final=True)

    def _decided(self, *, final: bool) -> str | None:
        if self.is_blocked or not self._held:
            return None if self.is_blocked else ""
        text, start = self._behind + self._held, len(self._behind)
        try:
            end = len(text) if final else max(start, self._chain.settled(text))
            spots = [(check, one) for check, one in self._chain.spots(text) if one.start >= start]
        except HongyanError:
            self._block()
            return None
        end = _before(spots, end)
        decided = [(check, one) for check, one in spots if one.end <= end]
        if any(check.action == "block" for check, _ in decided):
            self._block()
            return None
        self._behind, self._held = text[:end][-BEHIND:], text[end:]
        shifted = [
            (check, replace(one, start=one.start - start, end=one.end - start)) for check, one in decided
        ]
        return changed(text[start:end], [self._chain.change(check, one) for check, one in shifted])

    def _block(self) -> None:
        self.is_blocked = True
        self._held = ""


def _before(spots: Sequence[tuple[Check, Finding]], end: int) -> int:
    """The last place up to there at which nothing that was found is cut."""
    for _, one in sorted(spots, key=lambda pair: -pair[1].start):
        if one.start < end < one.end:
            end = one.start
    return end
