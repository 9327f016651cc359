"""Which of two processes on one home works on the messages: the first does, the other passes on what it gets.

When the first is gone, however that happened, the system frees its lock, and the other takes over.
"""

import contextlib
import time
from collections.abc import Callable

from runtime.errors import Conflict
from runtime.files import write_whole
from runtime.server.lock import only_one
from runtime.settings import Settings

LOCK = "gateway"
ADDRESS = "gateway.address"
BUILDER, PAGES = "builder", "builder.address"
"""The lock of the program that serves the pages, and where these are."""
LOOKS = 0.5
"""Seconds between two looks whether the other is still there."""
LEFT_TO_GATEWAY = 15.0
"""Seconds that the builder leaves the messages to a gateway that is starting anew."""
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


class Role:
    """`patience`: seconds that the messages have to be nobody's before they are taken over."""

    def __init__(
        self, settings: Settings, patience: float = 0.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._data = settings.data
        self._here = address_of(settings)
        self._patience = patience
        self._clock = clock
        self._held = contextlib.ExitStack()
        self._free_since: float | None = None
        self.is_ours = False
        """No other process works on the messages now."""
        self.works = False
        """The gateway of this process was started: what comes is answered here."""

    def take(self) -> bool:
        """Whether the messages are ours now. Raises BadSettings when nothing can be written."""
        if self.is_ours:
            return True
        try:
            self._held.enter_context(only_one(self._data, LOCK))
        except Conflict:
            self._free_since = None
            return False
        write_whole(self._data / ADDRESS, f"{self._here}\n".encode(), 0o600)
        self.is_ours = True
        return True

    def take_over(self) -> bool:
        """As `take`, when they were nobody's for long enough."""
        try:
            with only_one(self._data, LOCK):
                free = True
        except Conflict:
            free = False
        if not free:
            self._free_since = None
            return False
        self._free_since = self._clock() if self._free_since is None else self._free_since
        return self._clock() - self._free_since >= self._patience and self.take()

    def other(self) -> str:
        """Where the process that works on them is, as http://host:port; "" when that is not known."""
        try:
            found = (self._data / ADDRESS).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return ""
        return "" if found == self._here else found

    def leave(self) -> None:
        """Let another process have them."""
        self.is_ours = self.works = False
        self._held.close()


def say_where(settings: Settings) -> None:
    """Where the pages are, for commands: they may know of no port but the usual one. Raises NotSaved."""
    write_whole(settings.data / PAGES, f"{address_of(settings)}\n".encode(), 0o600)


def where_pages_are(settings: Settings) -> str:
    """As the program that serves them said it; where none runs, as these settings would have it."""
    try:
        with only_one(settings.data, BUILDER):
            return address_of(settings)
    except Conflict:
        pass
    try:
        return (settings.data / PAGES).read_text(encoding="ascii").strip() or address_of(settings)
    except (OSError, ValueError):
        return address_of(settings)


def address_of(settings: Settings) -> str:
    """How a process on this machine reaches that one."""
    host = EVERYWHERE.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
