"""A death at a named point, played in this process: the next one goes on from the disk as it was then."""

import asyncio
import sqlite3
from contextlib import closing

from played_world import key_copied
from runtime import crash


def alive():
    """No point kills any more."""
    crash._wanted.cache_clear()
    crash._passed.clear()


class Death:
    """What `kill -9` leaves: the disk as it is at that moment, in `left`; the platform hears no more."""

    def __init__(self, point, folder, monkeypatch, deafens=lambda: None):
        """`deafens`: what makes the platform so. It is counted from here on how often a point is passed."""
        self.folder, self.left, self.deafens = folder, folder / "left", deafens
        self.left.mkdir()
        self.came = asyncio.Event()
        monkeypatch.setenv(crash.VARIABLE, point)
        monkeypatch.setattr(crash.os, "kill", self.kill)
        alive()

    def kill(self, pid, signal):
        if self.came.is_set():
            return
        with (
            closing(sqlite3.connect(self.folder / "messages.db")) as there,
            closing(sqlite3.connect(self.left / "messages.db")) as here,
        ):
            there.backup(here)
        key_copied(self.folder, self.left)
        self.deafens()
        self.came.set()
