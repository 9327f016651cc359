"""What is remembered of people, addresses and other things that never end: the newest only."""

import itertools
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Newest(OrderedDict[K, V]):
    """At most `most` entries: what was set longest ago is forgotten. Reading an entry does not renew it."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > self._most:
            self.popitem(last=False)

    def of(self, key: K, make: Callable[[], V]) -> V:
        """The entry, made when there is none; now it is the newest."""
        value = self[key] if key in self else make()
        self[key] = value
        return value

    def forget(self, is_over: Callable[[V], bool]) -> None:
        """Of the two that were set longest ago, those that are over.

        Called for each that comes, all go that are over, and nobody waits while many are looked through.
        """
        over: tuple[K, ...] = ()
        for key, value in itertools.islice(self.items(), 2):
            if is_over(value):
                over = (*over, key)
        for key in over:
            del self[key]
