"""One at a time, of all processes on this folder; the system frees the lock of one that dies."""

import fcntl
import hashlib
import os
from pathlib import Path

from runtime.files import disk
from runtime.store.control.atomic import PRIVATE, private_folder


class Lock:
    """A file's. Taken without waiting, so that an event loop can."""

    def __init__(self, folder: Path, name: str) -> None:
        """`name` may be anything."""
        self._path = folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.lock"
        self._descriptor = -1

    def take(self) -> bool:
        """Whether it is ours now. Raises NotSaved where there is no lock to be had."""
        private_folder(self._path.parent)
        with disk(self._path):
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def give_back(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
