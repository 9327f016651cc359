"""One order of what two people put into order."""

from collections.abc import Collection, Sequence


def woven(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], moved: Collection[str] = ()
) -> list[str]:
    """All that any of the two has, in their order; what I added or `moved` behind what it is behind in mine.

    What stood in `base` and was left alone stands where they have it.
    """
    found = [one for one in theirs if one not in moved or one not in mine]
    for place, one in enumerate(mine):
        if one in found:
            continue
        before = next((found.index(other) + 1 for other in reversed(mine[:place]) if other in found), None)
        if before is None:  # in front of what it is in front of in mine
            after = (found.index(other) for other in mine[place + 1 :] if other in found and other in base)
            before = next(after, 0)
        found.insert(before, one)
    return found
