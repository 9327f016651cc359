"""What a statement came to, once all of it is here."""

from collections.abc import Iterator, Sequence
from typing import Any


class Found:
    """Rows, and how many were changed."""

    def __init__(self, rows: Sequence[Any], rowcount: int) -> None:
        self._left, self.rowcount = iter(rows), rowcount

    def fetchone(self) -> Any:
        return next(self._left, None)

    def fetchall(self) -> list[Any]:
        return list(self._left)

    def __iter__(self) -> Iterator[Any]:
        return self._left
