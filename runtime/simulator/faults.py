"""What shall go wrong at a fake server: next calls in order, by chance, or slowly."""

import random
from collections import defaultdict, deque
from dataclasses import dataclass, field

Fault = int | str
"""A code of the platform's; or `hang` (ignored, never answered), `http_502` and other statuses, `html`,
`empty`; or done, and then `lost` (the answer never arrives), `cut` (it ends in its middle), `gzip` (it says
so and is none), `deep` (nested without end), `text` (its code is text)."""

DONE = ("lost", "cut", "gzip", "deep", "text")
"""Faults of the answer only."""


@dataclass
class Faults:
    """By path, e.g. `message/custom/send`; `*` means every path."""

    latency: float = 0.0
    """Seconds before every response."""
    dice: random.Random = field(default_factory=lambda: random.Random(1))
    _next: defaultdict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _chances: dict[str, dict[Fault, float]] = field(default_factory=dict)
    _always: dict[str, Fault] = field(default_factory=dict)

    def script(self, path: str, *faults: Fault) -> None:
        """For the next calls, in order; 0 lets one pass."""
        self._next[path].extend(faults)

    def chance(self, path: str, chances: dict[Fault, float]) -> None:
        self._chances[path] = chances

    def always(self, path: str, fault: Fault) -> None:
        """Until it is set to 0."""
        self._always[path] = fault

    def clear(self) -> None:
        self._next.clear()
        self._chances.clear()
        self._always.clear()
        self.latency = 0.0

    def take(self, path: str) -> Fault:
        """The fault of this call; 0 for none."""
        for name in (path, "*"):
            if self._next[name]:
                return self._next[name].popleft()
            if fault := self._always.get(name, 0):
                return fault
            if fault := self._drawn(self._chances.get(name, {})):
                return fault
        return 0

    def _drawn(self, chances: dict[Fault, float]) -> Fault:
        drawn = self.dice.random() if chances else 1.0
        for fault, share in chances.items():
            drawn -= share
            if drawn < 0:
                return fault
        return 0
