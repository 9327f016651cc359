"""Voice in words."""

import time

from runtime.errors import ModelFailed
from runtime.models.sound import Recording, Sound
from runtime.turn.events import Sensed

SECONDS = 60.0


async def heard(sound: Sound, model: str, recording: Recording) -> Sensed:
    """What is said in it. Never raises for what a model or a recording does."""
    began = time.monotonic()
    try:
        found = await sound.transcribe(model, recording, SECONDS)
    except ModelFailed as e:
        ms = round((time.monotonic() - began) * 1000)
        return Sensed("hearing", model, "", ms, cost=0.0, failed=True, why=e.text)
    ms = round((time.monotonic() - began) * 1000)
    text = found.text.strip()
    return Sensed("hearing", found.model, text, ms, found.seconds, cost=found.cost, failed=not text)
