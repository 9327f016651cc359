"""How often somebody may do something: so many in a span of time, spent at once or evenly.

In memory, of so many names at most: for whoever comes, two are forgotten who have been quiet for long enough.
"""

from runtime.newest import Newest
from runtime.store.vanishing import Name

MOST_NAMES = 50_000


class Pace:
    """One number a name (GCRA): when its next turn would come if it went evenly.

    https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
    """

    def __init__(self, most_names: int = MOST_NAMES) -> None:
        self._next = Newest[Name, float](most_names)

    def take(self, name: Name, most: int, seconds: float, now: float, size: int = 1) -> float:
        """Take `size` of `most` per `seconds`: 0 when they were taken, else the seconds until they are there.

        More than `most` at once are never there.
        """
        apart = seconds * size / most
        # a clock that was set back must not make anybody wait longer than the span
        due = min(max(self._next.get(name, now), now), now + seconds)
        if (wait := due + apart - now - seconds) > 1e-9:
            self._next[name] = due
            return wait
        self._next.forget(lambda its: its <= now)
        self._next[name] = due + apart
        return 0

    def drop(self, name: Name) -> None:
        """As if it had taken nothing."""
        self._next.pop(name, None)
