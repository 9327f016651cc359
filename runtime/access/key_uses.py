"""When each API key was used last, and from where."""

import logging
import time
from collections.abc import Callable

from runtime.errors import HongyanError
from runtime.newest import Newest
from runtime.store.control.control import Control
from runtime.store.control.records import KeyUse

log = logging.getLogger(__name__)
EVERY = 60.0
"""Seconds in which a use is noted once: a key may be used many times a second, and writing takes a while."""
KEYS = 5_000
"""Of which it is remembered that they were noted."""


class KeyUses:
    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        """`clock`: seconds since 1970."""
        self._control, self._clock = control, clock
        self._noted = Newest[str, float](KEYS)

    def is_due(self, key: str) -> bool:
        """Whether a use now is to be noted. It counts as noted from here on."""
        now = self._clock()
        if 0 <= now - self._noted.get(key, float("-inf")) < EVERY:
            return False
        self._noted[key] = now
        return True

    def note(self, key: str, address: str) -> None:
        """May take some milliseconds, and raises nothing: what cannot be noted stops no request."""
        try:
            self._control.key_uses.put(KeyUse(id=key, at=self._clock(), address=address[:60]))
        except HongyanError as e:
            log.warning("when a key was used is not noted: %s", e.text.en)

    def of(self, key: str) -> KeyUse | None:
        """About: the last use that was noted."""
        return self._control.key_uses.get(key)
