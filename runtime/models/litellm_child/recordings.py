"""Voice as servers take it: what chat apps on phones record (AMR, SILK) becomes WAV; the rest goes as it is.

It is decoded here and not where messages are taken: bytes from outside go through C code, and this process is
bounded and replaced when it dies.
"""

import importlib
import io
import wave
from typing import Any

from runtime.models.litellm_child.failures import CannotAsk

TAKEN = {
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "video/webm": "webm",
    "video/mp4": "mp4",
}
"""By what the content is; the ending that servers know it by."""
LONGEST = 600
"""Seconds of a recording that are listened to."""
SILK_RATE = 24_000
"""Samples a second."""


def as_taken(content: bytes, type: str) -> tuple[str, bytes, str]:
    """Name, bytes and media type as a server takes them. Takes CPU. Raises CannotAsk (`recording`)."""
    if type in TAKEN:
        return f"voice.{TAKEN[type]}", content, type
    try:
        if type in ("audio/amr", "audio/amr-wb"):
            return "voice.wav", _from_amr(content), "audio/wav"
        if type == "audio/silk":
            return "voice.wav", _from_silk(content), "audio/wav"
    except MemoryError:
        raise
    except Exception as e:  # whatever a decoder makes of hostile bytes
        raise CannotAsk("recording") from e
    raise CannotAsk("recording")


def _from_amr(content: bytes) -> bytes:
    av: Any = importlib.import_module("av")
    pieces, samples, rate = list[bytes](), 0, 0
    # By this reader and no other: what is in the bytes chooses nothing.
    with av.open(io.BytesIO(content), format="amr") as opened:
        to_s16 = av.AudioResampler(format="s16", layout="mono")
        for frame in opened.decode(audio=0):
            for plain in to_s16.resample(frame):
                rate = rate or plain.sample_rate
                pieces.append(bytes(plain.planes[0])[: plain.samples * 2])
                samples += plain.samples
            if rate and samples > LONGEST * rate:
                break
    if not rate:
        raise ValueError("nothing in it")
    return _wav(b"".join(pieces), rate)


def _from_silk(content: bytes) -> bytes:
    silk: Any = importlib.import_module("pysilk")
    plain = io.BytesIO()
    silk.decode(io.BytesIO(content), plain, SILK_RATE)
    if not plain.tell():
        raise ValueError("nothing in it")
    return _wav(plain.getvalue()[: LONGEST * SILK_RATE * 2], SILK_RATE)


def _wav(plain: bytes, rate: int) -> bytes:
    """Of 16-bit samples of one channel."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(plain)
    return made.getvalue()
