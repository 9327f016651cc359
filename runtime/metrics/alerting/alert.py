"""What is said of an alert, once for Prometheus' rules, the runbook and whoever is told."""

from dataclasses import dataclass
from typing import Literal

from runtime.lang import Text

Severity = Literal["critical", "warning", "info"]

FEW = 5
"""Messages below which a share says nothing."""


@dataclass(frozen=True)
class Alert:
    """`when`: PromQL; `lasts`: for how long it has to be so, as Prometheus writes it.

    `says` may name the labels that `when` leaves, in braces; `first`: what to do first, in its order."""

    name: str
    severity: Severity
    when: str
    lasts: str
    says: Text
    first: tuple[Text, ...]

    @property
    def anchor(self) -> str:
        """Of its heading in the runbook."""
        return self.name.lower()


def happened(counter: str, by: str, window: str) -> str:
    """Something was counted in that time, even if nothing of it was before: a new counter does not rise."""
    new = f"sum by ({by}) ({counter} unless {counter} offset {window})"
    return f"sum by ({by}) (increase({counter}[{window}])) > 0 or {new} > 0"


def share(part: str, whole: str, by: str, window: str, most: float, least: int = FEW) -> str:
    """More than that share of the whole, of which there was enough to say so."""
    of = f"sum by ({by}) (increase({{}}[{window}]))" if by else f"sum(increase({{}}[{window}]))"
    return f"{of.format(part)} / {of.format(whole)} > {most} and {of.format(whole)} >= {least}"
