"""How often somebody may do something: so many in a span of time, spent at once or evenly."""

MOST_NAMES = 50_000


class Pace:
    """One number a name (GCRA): when its next turn would come if it went evenly. In memory.

    https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
    """

    def __init__(self) -> None:
        self._next: dict[str, float] = {}

    def take(self, name: str, most: int, seconds: float, now: float, size: int = 1) -> float:
        """Take `size` of `most` per `seconds`: 0 when they were taken, else the seconds until they are there.

        More than `most` at once are never there.
        """
        apart = seconds * size / most
        # a clock that was set back must not make anybody wait longer than the span
        due = min(max(self._next.get(name, now), now), now + seconds)
        if (wait := due + apart - now - seconds) > 1e-9:
            self._next[name] = due
            return wait
        if name not in self._next and len(self._next) >= MOST_NAMES:
            self._forget(now)
        self._next[name] = due + apart
        return 0

    def _forget(self, now: float) -> None:
        """Whoever has been quiet for long enough has nothing to be remembered; then the oldest go."""
        self._next = {name: due for name, due in self._next.items() if due > now}
        while len(self._next) >= MOST_NAMES:
            self._next.pop(next(iter(self._next)))


class Spent:
    """What somebody spent of what is only known afterwards, in a span that begins with the first of it.

    In memory.
    """

    def __init__(self) -> None:
        self._spent: dict[str, tuple[float, float]] = {}
        """When the span began, and the sum."""

    def add(self, name: str, amount: float, seconds: float, now: float) -> None:
        if name not in self._spent and len(self._spent) >= MOST_NAMES:
            self._spent = {name: one for name, one in self._spent.items() if now - one[0] < seconds}
            while len(self._spent) >= MOST_NAMES:
                self._spent.pop(next(iter(self._spent)))
        began, _ = self._spent.get(name, (now, 0.0))
        if not 0 <= now - began < seconds:
            began = now
        self._spent[name] = (began, self.sum(name, seconds, now) + amount)

    def sum(self, name: str, seconds: float, now: float) -> float:
        began, amount = self._spent.get(name, (now, 0.0))
        return amount if 0 <= now - began < seconds else 0.0
