"""What is said of a metric, once for the program, the dashboard and the docs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from runtime.lang import Text

Kind = Literal["counter", "gauge", "histogram"]
Unit = Literal["", "seconds", "bytes", "tokens", "dollars", "share"]

QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.5, 5)
"""Seconds, of what has to be over while a platform waits."""
LONG = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
"""Seconds, of what waits for models."""
LAGS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


@dataclass(frozen=True)
class About:
    """`name` as the program calls it: a counter's samples end in `_total`.

    `help` names every value of a label that does not come from outside."""

    name: str
    kind: Kind
    labels: Sequence[str]
    help: str
    answers: Text
    unit: Unit = ""
    buckets: Sequence[float] = ()

    @property
    def shown(self) -> str:
        """As it stands in /metrics."""
        return f"{self.name}_total" if self.kind == "counter" else self.name
