"""Voice as text."""

from dataclasses import dataclass, field
from typing import Protocol

from runtime.errors import ModelFailed
from runtime.lang import Text


@dataclass(frozen=True)
class Recording:
    """`type`: what the content is, as a media type."""

    content: bytes = field(repr=False)
    type: str


class Hears(Protocol):
    """runtime.models.routed.RoutedModels."""

    async def transcribe(self, model: str, recording: Recording, seconds: float) -> str:
        """What is said in it, by a model for that: `provider/model`. Raises ModelFailed."""
        ...


def cannot_hear(model: str) -> ModelFailed:
    """It is none for voice."""
    text = Text(
        "「{model}」听不了语音，请选一个语音转文字的模型，例如 openai/whisper-1。",
        "{model!r} cannot listen; choose a model for transcription, e.g. openai/whisper-1.",
    )
    return ModelFailed(text.fill(model=model), code="no_model")
