"""The marks of what AI made that people see and hear: words in a picture's corner, a rhythm before a voice.

GB 45438-2025: the words are at least a twentieth of the shorter side high; the rhythm is short long, short
short, which is AI in Morse.
"""

import array
import functools
import io
import math
import wave
from pathlib import Path
from typing import Any

from runtime.errors import BadMedia
from runtime.lang import Text
from runtime.media.ai_label import labelled, told
from runtime.media.looking import Head, look

SHARE = 0.056
"""With the space around them, so that the words are a twentieth."""
SMALLEST = 12
"""Pixels that the words are high at least."""
MARGIN = 0.02
MOST_PIXELS = 16_000_000
"""That are unpacked: 64 MB."""
FORMS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
SHORT, LONG, BETWEEN, LETTERS, BEHIND = 0.08, 0.24, 0.08, 0.24, 0.4
"""Seconds."""
RHYTHM = ((SHORT, BETWEEN), (LONG, LETTERS), (SHORT, BETWEEN), (SHORT, BEHIND))
NO_WAV = Text("这段语音不能加提示音。", "No rhythm can stand before this sound.")
PITCH = 880.0
LOUD = 0.3


def with_corner(content: bytes, lang: str) -> bytes:
    """The picture with “AI生成” in its corner, and what it said of itself; as it is if it cannot be read."""
    looked = look(content)
    form, words = FORMS.get(looked.type), told(content)
    if form is None:
        return content
    from PIL import Image  # late: most processes see no picture

    try:
        with Image.open(Head(content), formats=[form]) as picture:
            if picture.width * picture.height > MOST_PIXELS or getattr(picture, "n_frames", 1) > 1:
                return content
            clear = picture.mode in ("RGBA", "LA", "P") and form != "JPEG"
            whole = picture.convert("RGBA" if clear else "RGB")
        height = max(SMALLEST, math.ceil(min(whole.size) * SHARE))
        mask = _words(lang)
        mask = mask.resize((max(1, round(mask.width * height / mask.height)), height))
        if mask.width > whole.width:
            mask = mask.resize((whole.width, mask.height))
        margin = round(min(whole.size) * MARGIN)
        at = (max(0, whole.width - mask.width - margin), max(0, whole.height - height - margin))
        ground = Image.new(whole.mode, (mask.width, min(height, whole.height)), _of(whole.mode, 0))
        whole.paste(ground, at, Image.new("L", ground.size, 140))
        whole.paste(_of(whole.mode, 255), (*at, at[0] + mask.width, at[1] + mask.height), mask)
        made = io.BytesIO()
        whole.save(made, form, **({} if form == "PNG" else {"quality": 92}))
    except Exception:  # noqa: BLE001 # whatever a reader of pictures makes of hostile bytes: it stays as it is
        return content
    return labelled(made.getvalue(), looked.type, words) if words else made.getvalue()


def _of(mode: str, light: int) -> tuple[int, ...]:
    return (light, light, light, 255) if mode == "RGBA" else (light, light, light)


@functools.cache
def _words(lang: str) -> Any:
    from PIL import Image

    name = "zh" if lang == "zh" else "en"
    with Image.open(Path(__file__).with_name(f"ai_made_{name}.png")) as mask:
        return mask.convert("L")


def with_rhythm(recording: bytes) -> bytes:
    """A WAV with the rhythm before what is said. Raises BadMedia for what is none of 16 bits."""
    try:
        with wave.open(io.BytesIO(recording)) as read:
            rate, channels, width = read.getframerate(), read.getnchannels(), read.getsampwidth()
            frames = read.readframes(read.getnframes())
    except (wave.Error, EOFError):
        raise BadMedia(NO_WAV, code="type") from None
    if width != 2 or not 1 <= channels <= 2 or not 4000 <= rate <= 96_000:
        raise BadMedia(NO_WAV, code="type")
    made = io.BytesIO()
    with wave.open(made, "wb") as written:
        written.setparams((channels, width, rate, 0, "NONE", ""))
        written.writeframes(_rhythm(rate, channels) + frames)
    return made.getvalue()


def _rhythm(rate: int, channels: int) -> bytes:
    signs = array.array("h")
    for sounds, rests in RHYTHM:
        for n in range(round(sounds * rate)):
            one = round(32_767 * LOUD * math.sin(2 * math.pi * PITCH * n / rate))
            signs.extend([one] * channels)
        signs.extend([0] * (round(rests * rate) * channels))
    return signs.tobytes()
