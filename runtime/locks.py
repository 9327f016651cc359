"""One at a time, of all processes and threads; the system frees a lock when its holder dies."""

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from runtime.files import disk
from runtime.mirror import mirror_of


@contextmanager
def alone(path: Path, *, here: bool = False) -> Iterator[None]:
    """Wait until it is ours. For what takes moments. `here`: of this folder, other machines have their own.

    Raises NotSaved where there is no lock to be had.
    """
    with _opened(path) as descriptor:
        with disk(path):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if mirror := None if here else mirror_of(path):
            with mirror.locked(path, wait=True):
                yield
        else:
            yield


@contextmanager
def alone_or_not(path: Path, *, here: bool = False) -> Iterator[bool]:
    """Whether nobody else has it; then it is ours. `here`: of this folder, other machines have their own.

    Raises NotSaved.
    """
    with _opened(path) as descriptor:
        if not _is_free(path, descriptor):
            yield False
        elif mirror := None if here else mirror_of(path):
            with mirror.locked(path, wait=False) as is_ours:
                yield is_ours
        else:
            yield True


def _is_free(path: Path, descriptor: int) -> bool:
    """Then it is ours. Raises NotSaved."""
    with disk(path):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


class Alone:
    """A lock that whoever has it may take again; threads of this process wait for each other, too."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.RLock()
        self._is_held = False

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Wait until it is ours. For what takes moments. Raises NotSaved where there is no lock to be had."""
        with self._threads:
            if self._is_held:
                yield
                return
            with alone(self._path):
                self._is_held = True
                try:
                    yield
                finally:
                    self._is_held = False


class Lock:
    """A file's. Taken without waiting, so that an event loop can."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held = ExitStack()

    def take(self) -> bool:
        """Whether it is ours now. Raises NotSaved where there is no lock to be had."""
        with ExitStack() as trying:
            if not trying.enter_context(alone_or_not(self._path)):
                return False
            self._held = trying.pop_all()
        return True

    def give_back(self) -> None:
        self._held.close()


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    with disk(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def named_lock(folder: Path, name: str) -> Lock:
    """`name` may be anything."""
    return Lock(folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.lock")
