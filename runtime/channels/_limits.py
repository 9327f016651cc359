"""How much a surface takes at a time."""

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Limits:
    """What one part may hold: so many UTF-8 bytes, or characters; None: the surface sets no limit."""

    most: int | None
    unit: Literal["bytes", "characters"] = "bytes"

    @property
    def room(self) -> float:
        return math.inf if self.most is None else self.most

    def size(self, text: str) -> int:
        """How much of the limit a text takes."""
        return len(text.encode()) if self.unit == "bytes" else len(text)
