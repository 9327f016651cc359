"""How probable it is that what befell two groups falls on them as it did, where both are alike: Fisher's
exact test (R. A. Fisher, "The Design of Experiments", 1935), right also where little was counted.
"""

import math
from collections.abc import Mapping


def chances(bad: int, all: int, all_other: int) -> Mapping[int, float]:
    """By how many of the `bad` are among `all`, and not `all_other`: the logarithm of its probability."""
    whole = _choices(all + all_other, bad)
    return {
        n: _choices(all, n) + _choices(all_other, bad - n) - whole
        for n in range(max(0, bad - all_other), min(bad, all) + 1)
    }


def _choices(all: int, some: int) -> float:
    """The logarithm of how many ways there are to choose so many."""
    return math.lgamma(all + 1) - math.lgamma(some + 1) - math.lgamma(all - some + 1)
