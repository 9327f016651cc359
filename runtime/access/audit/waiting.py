"""What commands did while there was no store of this version: in a file, until the next record is written.

A kill between the record and the end of the file tells of a deed twice, never not at all.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from runtime import wellformed
from runtime.access.audit.record import Record, read
from runtime.files import disk
from runtime.locks import alone


class Waiting:
    """Every method may raise NotSaved. For several processes."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, file.with_suffix(".lock")

    def check(self) -> None:
        """That it can be written at all."""
        with alone(self._lock), disk(self._file):
            os.close(self._opened())

    def add(self, record: Record, at: str) -> None:
        """Durable once it returns."""
        line = json.dumps(replace(record, at=at).to_json(), ensure_ascii=False)
        with (
            alone(self._lock),
            disk(self._file),
            os.fdopen(self._opened(), "r+b") as file,
        ):
            at_end = file.seek(0, os.SEEK_END)
            if at_end and os.pread(file.fileno(), 1, at_end - 1) != b"\n":
                file.write(b"\n")  # half a line is left there, and must not take this one with it
            file.write(f"{line}\n".encode(errors="replace"))
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def taken(self) -> Iterator[Sequence[Record]]:
        """All of them, which are gone from here unless what is done with them fails."""
        if not self._file.exists():
            yield ()
            return
        with alone(self._lock):
            with disk(self._file):
                lines = self._file.read_bytes().splitlines() if self._file.exists() else []
            yield [record for line in lines if (record := _read(line))]
            with disk(self._file):
                self._file.unlink(missing_ok=True)

    def _opened(self) -> int:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        return os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)


def _read(line: bytes) -> Record | None:
    """None for half a line, which a full disk left."""
    try:
        about = wellformed.load(line)
        return read(json.dumps({name: value for name, value in about.items() if name != "hash"}))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
