"""Models that draw pictures."""

from dataclasses import dataclass, field
from typing import Protocol

from runtime.errors import ModelFailed
from runtime.lang import Text


@dataclass(frozen=True)
class Painted:
    """A picture as the model's server sent it, of whatever format; or where it lies, for a while.

    `cost` in US dollars; None: nobody knows the price.
    """

    model: str
    content: bytes = field(default=b"", repr=False)
    url: str = ""
    cost: float | None = None


class Paints(Protocol):
    """runtime.models.routed_media.RoutedMedia."""

    async def paint(self, model: str, prompt: str, size: str, seconds: float) -> Painted:
        """By a model for that: `provider/model`; "": the usual one. `size` "": its. Raises ModelFailed."""
        ...


NOBODY_DRAWS = Text(
    "还没有画图的模型，请在这个工具或「模型」页选一个，例如 openai/gpt-image-1。",
    "No model draws yet; choose one in this tool or on the Models page, e.g. openai/gpt-image-1.",
)


def cannot_paint(model: str) -> ModelFailed:
    """It is none for pictures."""
    text = Text(
        "「{model}」不会画图，请选一个画图的模型，例如 openai/gpt-image-1。",
        "{model!r} cannot draw; choose a model for pictures, e.g. openai/gpt-image-1.",
    )
    return ModelFailed(text.fill(model=model), code="no_model")
