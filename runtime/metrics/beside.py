"""Which of several workers behind one port this one is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

WHICH, FOLDER = "HONGYAN_WORKER", "HONGYAN_WORKER_FOLDER"
"""What a worker's parent tells it: `2/4`, and where their sockets are. Nobody else sets them."""


@dataclass(frozen=True)
class Beside:
    """Worker `number` of `count`, from 1."""

    number: int
    count: int
    folder: Path

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Beside | None":
        """None for a program that is no worker."""
        number, _, count = environ.get(WHICH, "").partition("/")
        if not (number.isdigit() and count.isdigit() and environ.get(FOLDER)):
            return None
        return cls(int(number), int(count), Path(environ[FOLDER]))

    def told(self) -> dict[str, str]:
        """As a parent says it."""
        return {WHICH: f"{self.number}/{self.count}", FOLDER: str(self.folder)}

    def socket(self, number: int) -> str:
        return str(self.folder / f"{number}.sock")
