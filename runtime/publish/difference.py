"""Whether one version does better than another, or whether it may be chance, in plain words.

The range is Wilson's at 95 % (E. B. Wilson, "Probable Inference", 1927), the chance is that of Fisher's exact
test with two sides, see runtime/chances.py.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.chances import chances
from runtime.lang import NOTHING, Text, joined

Z = 1.959964
"""Standard deviations that 95 of 100 are within."""
CHANCE = 0.05
"""Below it, a difference is hardly chance."""
ONCE_IN = 1_000_000
"""No chance is told as smaller."""

RATE = Text(
    "{what}：v{a} {n} 个里 {x} 个（约 {low}–{high}%），v{b} {m} 个里 {y} 个（{low_b}–{high_b}%）。{verdict}",
    "{what}: v{a} {x} of {n} (really some {low}–{high} %), v{b} {y} of {m} ({low_b}–{high_b} %). {verdict}",
)
FAILURES = Text("失败", "Failed")
THUMBS = Text("差评", "Thumbs down")
MORE = Text(
    "v{a} 更多，碰巧这样的机会是 {once} 分之一。", "v{a} has more; by chance that comes once in {once}."
)
FEWER = Text(
    "v{a} 更少，碰巧这样的机会是 {once} 分之一。", "v{a} has fewer; by chance that comes once in {once}."
)
UNSURE = Text("还看不出差别，可能只是碰巧。", "No difference can be told yet; it may be chance.")


def range_of(some: int, all: int) -> tuple[float, float]:
    """Where the true share lies, 95 times of 100."""
    if not all:
        return 0.0, 1.0
    share, z = some / all, Z * Z
    middle = (share + z / (2 * all)) / (1 + z / all)
    half = Z * math.sqrt(share * (1 - share) / all + z / (4 * all * all)) / (1 + z / all)
    return max(0.0, middle - half), min(1.0, middle + half)


def chance_of(some: int, all: int, other: int, all_other: int) -> float:
    """How probable a difference as large is, either way, between two that are alike."""
    found = chances(some + other, all, all_other)
    return min(1.0, sum(math.exp(one) for one in found.values() if one <= found[some] + 1e-9))


def told(sides: Sequence[Mapping[str, Any]]) -> Text:
    """What may be said of a canary beside the other, see store.messages.compared.sides; nothing where either
    was not asked yet."""
    ours, theirs = sides
    found = [
        _told(what, ours, theirs, (some[0], all[0]), (some[1], all[1]))
        for what, some, all in (
            (FAILURES, [one["failed"] for one in sides], [one["messages"] for one in sides]),
            (THUMBS, [one["bad"] for one in sides], [one["good"] + one["bad"] for one in sides]),
        )
        if all[0] and all[1]
    ]
    return joined(found, Text("\n", "\n")) if found else NOTHING


def _told(
    what: Text, ours: Mapping[str, Any], theirs: Mapping[str, Any], a: tuple[int, int], b: tuple[int, int]
) -> Text:
    (low, high), (low_b, high_b) = ([round(100 * one) for one in range_of(*side)] for side in (a, b))
    p = chance_of(*a, *b)
    verdict = UNSURE
    if p < CHANCE:
        once = min(ONCE_IN, round(1 / max(p, 1e-12)))
        verdict = (MORE if a[0] * b[1] > b[0] * a[1] else FEWER).fill(a=ours["version"], once=once)
    names = {"a": ours["version"], "b": theirs["version"], "what": what, "verdict": verdict}
    ranges = {"low": low, "high": high, "low_b": low_b, "high_b": high_b}
    return RATE.fill(x=a[0], n=a[1], y=b[0], m=b[1], **names, **ranges)
