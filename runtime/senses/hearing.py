"""Voice in words."""

import contextlib
import hashlib
import time

from runtime.errors import ModelFailed, NotSaved
from runtime.media.kept import KeptMedia
from runtime.models.sound import Recording, Sound
from runtime.turn.events import Sensed

SECONDS = 60.0


async def heard(sound: Sound, kept: KeptMedia, model: str, recording: Recording, hash: str) -> Sensed:
    """What is said in it; the same recording is listened to once. `hash`: under which it is kept.

    Never raises for what a model or a recording does."""
    about = "heard-" + hashlib.sha256(model.encode()).hexdigest()[:16]
    if known := await kept.note(hash, about):
        told = str(known.get("model", model)), str(known.get("text", ""))
        return Sensed("hearing", *told, seconds=known.get("seconds"), cost=0.0, kept=True)
    began = time.monotonic()
    try:
        found = await sound.transcribe(model, recording, SECONDS)
    except ModelFailed as e:
        ms = round((time.monotonic() - began) * 1000)
        return Sensed("hearing", model, "", ms, cost=0.0, failed=True, why=e.text)
    ms = round((time.monotonic() - began) * 1000)
    text = found.text.strip()
    if text:
        with contextlib.suppress(NotSaved):  # it is heard anew then
            await kept.keep_note(hash, about, {"text": text, "model": found.model, "seconds": found.seconds})
    return Sensed("hearing", found.model, text, ms, found.seconds, cost=found.cost, failed=not text)
