"""How a model may be told to think, and where to stop."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from runtime.lang import Text

Effort = Literal["", "none", "minimal", "low", "medium", "high"]
EFFORTS: Mapping[str, Text] = {
    "": Text("平常", "As usual"),
    "none": Text("不想，直接答", "None: answer at once"),
    "minimal": Text("几乎不想", "Minimal"),
    "low": Text("少想一点", "Low"),
    "medium": Text("中等", "Medium"),
    "high": Text("多想一想", "High"),
}
Stop = Annotated[str, Field(min_length=1, max_length=50)]


def least(wished: str, own: str) -> str:
    """The smaller of two efforts: who asks may want less than the owner allows, and no more. "" is as
    usual."""
    order = list(EFFORTS)
    return min((one for one in (wished, own) if one), key=order.index, default="")
