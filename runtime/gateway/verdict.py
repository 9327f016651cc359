"""Whether a version does worse than the one beside it, asked after every message and not at a fixed count.

Each message of the canary is held against those of the stable version that came nearest to it in time: what
happens to both, such as a provider of models that is down, speaks against neither. What speaks against the
canary is multiplied up as in a test that may be stopped at any time (Shiryaev and Roberts's sum of likelihood
ratios, see Polunchenko and Tartakovsky, "State-of-the-Art in Sequential Change-Point Detection", 2012): with
two versions that are alike, and known, the mean number of messages until a false alarm is at least as large
as the bound. How often they fail is estimated here, so it is taken for more than was seen.
"""

import bisect
import math
from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from runtime.chances import chances
from runtime.store.messages.compared import Compared, Turned, part_of

Worse = Literal["failures", "slow", "thumbs"]
OUTSIDE = frozenset({"connection", "server", "timeout", "rate_limit", "quota"})
"""Codes of failures that a provider of models has, whichever version asks it."""
T = TypeVar("T")
Sample = tuple[float, bool]
"""When, and whether it was bad."""

LIFTS = (0.1, 0.3, 0.6, 0.9)
"""How much worse it may be: the part that turns bad of what would have been good."""
SURE = 10_000.0
"""The bound for failures…"""
SURE_OF_TIME = 1_000.0
"""…and for slowness and thumbs, of which each says less."""
NEAR = 40
"""Messages of the stable version beside one of the canary…"""
NEAR_IN_TIME = 100
"""…and where times are compared, of which fewer than…"""
FEW = 20
"""…these tell nothing."""
SLOWER = 1.25
"""Times as long, from which on it is slower at all…"""
NOTICED = 0.25
"""…and seconds, below which nobody notices."""
LIKEWISE = 0.5
"""Of the share that fails of the canary: if as much does of the stable version in the same time, it is not
the version; nor is it while so many of the stable version's fail."""
IN_A_ROW = 9
"""That have to fail where nobody asked the stable version since the first did."""
USUALLY = (1.0, 9.0)
"""What is known of a version that nobody asked: as if one of ten messages had been bad."""
BEYOND = 1.6
"""Standard deviations by which more may be bad than was seen…"""
BEYOND_OF_TIME = 2.0
"""…and where the bound itself comes from what was seen."""
LATELY = 10
"""Messages of the canary, whose first failure begins that time."""
BY_CHANCE = 0.05
"""More probable than that, what an outage does to both may have met the canary alone: as where it has most of
the people, and the stable version hardly any message in that time."""


def worse(found: Compared) -> Worse | None:
    """What is worse about the canary, if anything is."""
    ours, theirs = found.canary.turns, found.stable.turns
    if _failing(ours, theirs) == "version":
        return "failures"
    if any(_slower(ours, theirs, part) for part in (0.5, 0.95)):
        return "slow"
    thumbs = [(one.at, one.bad) for one in found.canary.thumbs]
    if is_beyond(thumbs, _by_time([(one.at, one.bad) for one in found.stable.thumbs]), SURE_OF_TIME):
        return "thumbs"
    return None


def cannot_tell(found: Compared) -> bool:
    """Whether the canary fails, but what its provider has may be why, and the stable version was asked too
    little at the same time to know."""
    return _failing(found.canary.turns, found.stable.turns) == "untold"


def is_beyond(
    ours: Sequence[Sample],
    usual: Callable[[float], tuple[int, int]],
    bound: float,
    *,
    beyond: float = BEYOND,
    down: float | None = None,
) -> bool:
    """Whether more of ours is bad than usual. `usual`: of what was there at that time, how many were bad, and
    how many there were; where `down` of them were, nothing is told by it, nor by what came before."""
    sums = [0.0] * len(LIFTS)
    for at, bad in ours:
        wrong, all = usual(at)
        if down is not None and all and wrong / all >= down:
            sums = [0.0] * len(LIFTS)
            continue
        p = _at_most(wrong, all, beyond)
        for n, lift in enumerate(LIFTS):
            more = p + (1 - p) * lift
            sums[n] = (sums[n] + 1) * (more / p if bad else (1 - more) / (1 - p))
    return sum(sums) / len(sums) >= bound


def _at_most(wrong: int, all: int, beyond: float) -> float:
    """How much may be bad of what is bad so often, as far as one can tell: by a Beta distribution."""
    bad, good = USUALLY[0] + wrong, USUALLY[1] + all - wrong
    mean = bad / (bad + good)
    return min(0.98, mean + beyond * math.sqrt(mean * (1 - mean) / (bad + good + 1)))


def _failing(ours: Sequence[Turned], theirs: Sequence[Turned]) -> Literal["", "version", "untold"]:
    """Whether it fails more, and whether that is known to be the version's doing."""
    failed = _by_time([(one.at, one.failed) for one in theirs])
    if not is_beyond([(one.at, one.failed) for one in ours], failed, SURE, down=LIKEWISE):
        return ""
    lately = ours[-LATELY:]
    began = next((one.at for one in lately if one.failed), math.inf)
    mine = [one.failed for one in lately if one.at >= began]
    same_time = [one.failed for one in theirs if one.at >= began]
    if not same_time and not (len(mine) >= IN_A_ROW and all(mine)):
        return ""
    if same_time and _share(same_time) >= LIKEWISE * _share(mine):
        return ""
    outside = all(one.code in OUTSIDE for one in lately if one.failed)
    return "untold" if outside and _chance(mine, same_time) > BY_CHANCE else "version"


def _chance(mine: Sequence[bool], theirs: Sequence[bool]) -> float:
    """How probable it is that so many of the failures of both, or more, are mine."""
    found = chances(sum(mine) + sum(theirs), len(mine), len(theirs))
    return sum(math.exp(one) for n, one in found.items() if n >= sum(mine))


def _slower(ours: Sequence[Turned], theirs: Sequence[Turned], part: float) -> bool:
    """Whether more of ours takes longer than that part of theirs does at the same time, and a bit."""
    good = [one for one in theirs if not one.failed]
    if len(good) < FEW:
        return False
    times = [one.at for one in good]
    samples: list[Sample] = []
    usual: dict[float, tuple[int, int]] = {}
    for one in (turn for turn in ours if not turn.failed):
        seconds = sorted(turn.seconds for turn in _near(times, good, one.at, NEAR_IN_TIME))
        bound = max(SLOWER * (usually := part_of(seconds, part)), usually + NOTICED)
        usual[one.at] = len(seconds) - bisect.bisect_right(seconds, bound), len(seconds)
        samples.append((one.at, one.seconds > bound))
    return is_beyond(samples, usual.__getitem__, SURE_OF_TIME, beyond=BEYOND_OF_TIME)


def _by_time(theirs: Sequence[Sample]) -> Callable[[float], tuple[int, int]]:
    times = [at for at, _ in theirs]

    def usual(at: float) -> tuple[int, int]:
        near = _near(times, theirs, at, NEAR)
        return sum(bad for _, bad in near), len(near)

    return usual


def _near(times: Sequence[float], all: Sequence[T], at: float, most: int) -> Sequence[T]:
    """Half of them before that time and half after, more of the one where the other has fewer."""
    middle = bisect.bisect_right(times, at)
    begin = max(0, min(middle - most // 2, len(times) - most))
    return all[begin : begin + most]


def _share(bad: Sequence[bool]) -> float:
    return sum(bad) / len(bad) if bad else 0.0
