"""Where things stand in a text, however many they are: somebody may write thousands."""

import bisect
import itertools
from collections.abc import Sequence
from typing import Protocol, TypeVar


class Span(Protocol):
    """From `start` up to `end`."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=Span)


def not_within(found: Sequence[S], others: Sequence[Span]) -> list[S]:
    """Those that none of the others holds."""
    ordered = sorted(others, key=lambda one: one.start)
    starts = [one.start for one in ordered]
    furthest = list(itertools.accumulate((one.end for one in ordered), max, initial=0))
    return [one for one in found if furthest[bisect.bisect_right(starts, one.start)] < one.end]
