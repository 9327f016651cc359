"""Sound for models and from models: voice as text, text as voice."""

from dataclasses import dataclass, field
from typing import Protocol

from runtime.errors import ModelFailed
from runtime.lang import Text


@dataclass(frozen=True)
class Recording:
    """`type`: what the content is, as a media type."""

    content: bytes = field(repr=False)
    type: str


@dataclass(frozen=True)
class Heard:
    """What is said in a recording of so many seconds. `cost` in US dollars; None: nobody knows the price."""

    text: str
    model: str
    seconds: float | None = None
    cost: float | None = None


@dataclass(frozen=True)
class Spoken:
    """A text as sound, as the model's server sent it: of whatever format. `cost` as in Heard."""

    content: bytes = field(repr=False)
    model: str
    cost: float | None = None


class Sound(Protocol):
    """runtime.models.routed_media.RoutedMedia."""

    async def transcribe(self, model: str, recording: Recording, seconds: float) -> Heard:
        """By a model for that: `provider/model`, within `seconds`. Raises ModelFailed."""
        ...

    async def speak(self, model: str, voice: str, text: str, seconds: float) -> Spoken:
        """`voice`: one of the model's, "" for its usual one. Raises ModelFailed."""
        ...

    async def converted(self, recording: Recording, type: str, seconds: float) -> bytes:
        """The same sound as `type`: audio/amr, audio/mpeg, audio/silk or audio/wav. Raises ModelFailed."""
        ...


def cannot_hear(model: str) -> ModelFailed:
    """It is none for voice."""
    text = Text(
        "「{model}」听不了语音，请选一个语音转文字的模型，例如 openai/whisper-1。",
        "{model!r} cannot listen; choose a model for transcription, e.g. openai/whisper-1.",
    )
    return ModelFailed(text.fill(model=model), code="no_model")


def cannot_speak(model: str) -> ModelFailed:
    """It is none for voice."""
    text = Text(
        "「{model}」不会朗读，请选一个文字转语音的模型，例如 openai/tts-1。",
        "{model!r} cannot speak; choose a model for speech, e.g. openai/tts-1.",
    )
    return ModelFailed(text.fill(model=model), code="no_model")
