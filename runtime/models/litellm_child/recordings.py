"""Sound from one format into another: what chat apps on phones record (AMR, SILK) as servers take it, and
what servers speak (MP3, WAV …) as chat apps play it.

It is decoded here and not where messages are taken: bytes from outside go through C code, and this process is
bounded and replaced when it dies.
"""

import importlib
import io
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
READERS = {
    "audio/amr": "amr",
    "audio/amr-wb": "amr",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "mov",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "video/webm": "matroska",
    "video/mp4": "mov",
}
"""FFmpeg's reader for each: what is in the bytes chooses none."""
LONGEST = 600
"""Seconds of a recording that are listened to, or spoken."""
SILK_RATE = 24_000
"""Samples a second."""
PHONE_RATE = 8_000
"""Of AMR: 3GPP TS 26.071."""


@dataclass(frozen=True)
class Taken:
    """A recording as a server takes it. `seconds`: None where it cannot be told."""

    name: str
    content: bytes = field(repr=False)
    type: str
    seconds: float | None


def as_taken(content: bytes, type: str) -> Taken:
    """Takes CPU. Raises CannotAsk (`recording`)."""
    if type in TAKEN:
        seconds = _seconds(content, type)
        if seconds is not None and seconds > LONGEST:
            raise CannotAsk("recording")
        return Taken(f"voice.{TAKEN[type]}", content, type, seconds)
    if type not in READERS and type != "audio/silk":
        raise CannotAsk("recording")
    rate = SILK_RATE if type == "audio/silk" else 16_000 if type == "audio/amr-wb" else PHONE_RATE
    plain = _reading("recording", lambda: _plain(content, type, rate))
    return Taken("voice.wav", _wav(plain, rate), "audio/wav", len(plain) / 2 / rate)


def converted(content: bytes, type: str, wanted: str) -> bytes:
    """The same sound as another media type. Takes CPU. Raises CannotAsk (`sound`)."""
    if wanted not in WRITERS or not (type in READERS or type == "audio/silk"):
        raise CannotAsk("sound")
    rate, write = WRITERS[wanted]
    return _reading("sound", lambda: write(_plain(content, type, rate), rate))


def _reading(kind: str, work: Callable[[], bytes]) -> bytes:
    try:
        return work()
    except MemoryError:
        raise
    except Exception as e:  # whatever a decoder makes of hostile bytes
        raise CannotAsk(kind) from e


def _seconds(content: bytes, type: str) -> float | None:
    """As its container says."""
    try:
        with _av().open(io.BytesIO(content), format=READERS[type]) as opened:
            return opened.duration / 1_000_000 if opened.duration else None
    except Exception:  # noqa: BLE001 # whatever a reader makes of hostile bytes: its server will say what it is
        return None


def _plain(content: bytes, type: str, rate: int) -> bytes:
    """16-bit samples of one channel, of LONGEST seconds at most. Raises whatever a decoder does."""
    if type == "audio/silk":
        plain = io.BytesIO()
        importlib.import_module("pysilk").decode(io.BytesIO(content), plain, rate)
        samples = plain.getvalue()[: LONGEST * rate * 2]
    else:
        samples = b"".join(_decoded(content, READERS[type], rate))
    if not samples:
        raise ValueError("nothing in it")
    return samples


def _decoded(content: bytes, reader: str, rate: int) -> Iterator[bytes]:
    av, left = _av(), LONGEST * rate
    with av.open(io.BytesIO(content), format=reader) as opened:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
        for frame in opened.decode(audio=0):
            for plain in resampler.resample(frame):
                yield bytes(plain.planes[0])[: plain.samples * 2]
                left -= plain.samples
            if left < 0:
                return


def _wav(plain: bytes, rate: int) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(plain)
    return made.getvalue()


def _silk(plain: bytes, rate: int) -> bytes:
    made = io.BytesIO()
    importlib.import_module("pysilk").encode(io.BytesIO(plain), made, rate, rate)
    return made.getvalue()


def _by_ffmpeg(container: str, codec: str, bits: int) -> Callable[[bytes, int], bytes]:
    def write(plain: bytes, rate: int) -> bytes:
        av, made = _av(), io.BytesIO()
        with av.open(made, "w", format=container) as opened:
            stream = opened.add_stream(codec, rate=rate)
            stream.bit_rate, stream.layout = bits, "mono"
            frame = av.AudioFrame(format="s16", layout="mono", samples=len(plain) // 2)
            frame.planes[0].update(plain[: frame.samples * 2].ljust(frame.planes[0].buffer_size, b"\0"))
            frame.sample_rate, frame.pts = rate, 0
            fifo = av.AudioResampler(
                format=stream.format, layout="mono", rate=rate, frame_size=stream.frame_size or 160
            )
            for piece in (*fifo.resample(frame), *fifo.resample(None)):
                opened.mux(stream.encode(piece))
            opened.mux(stream.encode(None))
        return made.getvalue()

    return write


WRITERS: dict[str, tuple[int, Callable[[bytes, int], bytes]]] = {
    "audio/amr": (PHONE_RATE, _by_ffmpeg("amr", "libopencore_amrnb", 12_200)),
    "audio/mpeg": (24_000, _by_ffmpeg("mp3", "libmp3lame", 48_000)),
    "audio/silk": (SILK_RATE, _silk),
    "audio/wav": (24_000, _wav),
}
"""Samples a second, and what makes it of them."""


def _av() -> Any:
    return importlib.import_module("av")
