"""What bytes are, whoever says what: by how they begin, and of pictures by what their head declares.

Nothing is unpacked here, so nothing can be a bomb: a picture's head says how large it would become, and one
that would be too large is refused as it is.
"""

import codecs
import io
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from runtime.answer import MediaKind
from runtime.errors import BadMedia
from runtime.lang import Text

MOST_PIXELS = 50_000_000
"""Of a picture: more than any phone takes."""
PICTURES = {
    b"\xff\xd8\xff": ("image/jpeg", "JPEG"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "PNG"),
    b"GIF87a": ("image/gif", "GIF"),
    b"GIF89a": ("image/gif", "GIF"),
    b"BM": ("image/bmp", "BMP"),
}
BEGINS = {
    b"#!AMR-WB\n": "audio/amr-wb",
    b"#!AMR\n": "audio/amr",
    b"#!SILK": "audio/silk",
    b"\x02#!SILK": "audio/silk",
    b"ID3": "audio/mpeg",
    b"OggS": "audio/ogg",
    b"fLaC": "audio/flac",
    b"\x1a\x45\xdf\xa3": "video/webm",
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/zip",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "application/x-ole-storage",
    b"\x1f\x8b": "application/gzip",
    b"Rar!\x1a\x07": "application/vnd.rar",
    b"7z\xbc\xaf\x27\x1c": "application/x-7z-compressed",
}
OFFICE = "application/vnd.openxmlformats-officedocument."
IN_ZIP = {
    b"word/": OFFICE + "wordprocessingml.document",
    b"xl/": OFFICE + "spreadsheetml.sheet",
    b"ppt/": OFFICE + "presentationml.presentation",
}
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/webp": "webp",
    "audio/amr": "amr",
    "audio/amr-wb": "amr",
    "audio/silk": "silk",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "text/plain": "txt",
    IN_ZIP[b"word/"]: "docx",
    IN_ZIP[b"xl/"]: "xlsx",
    IN_ZIP[b"ppt/"]: "pptx",
}
AMR_BYTES = (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0)
"""Of a frame of 20 ms by its mode, without its head: RFC 4867, 3GPP TS 26.101."""
MOST_FRAMES = 200_000
"""That are counted, over an hour of voice: what is longer is only known to be so long."""
MOST_READS = 20_000
"""Of a picture, which a camera's takes some hundred of: a fake may be made of nothing but heads."""
MP3_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
MP3_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
"""kbit/s of layer III, of MPEG 1 and of 2."""
MP3_FRAMES = re.compile(rb"(?:Xing|Info)\0\0\0[\x01\x03\x05\x07\x09\x0b\x0d\x0f](....)", re.DOTALL)
"""The first frame of most encoders says how many there are."""
MP3_SAMPLES = (44_100, 48_000, 32_000, 44_100)
"""A second, of MPEG 1; half of it of MPEG 2."""


@dataclass(frozen=True)
class Looked:
    """`seconds`: of voice, where it can be told."""

    type: str
    kind: MediaKind
    seconds: float | None = None

    @property
    def ending(self) -> str:
        return ENDINGS.get(self.type, "bin")


def look(content: bytes) -> Looked:
    """What it is. For bytes of any length off the loop. Raises BadMedia: a broken picture, or a bomb."""
    for start, (type, name) in PICTURES.items():
        if content.startswith(start):
            return _picture(content, type, name)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _picture(content, "image/webp", "WEBP")
    type = _type(content)
    seconds = SECONDS[type](content) if type in SECONDS else None
    family = type.partition("/")[0]
    kind: MediaKind = "voice" if family == "audio" else "video" if family == "video" else "file"
    return Looked(type, kind, seconds)


def _picture(content: bytes, type: str, name: str) -> Looked:
    from PIL import Image  # late: most processes see no picture

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(Head(content), formats=[name]) as picture:
                width, height = picture.size
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception:  # noqa: BLE001 # whatever a reader of pictures makes of hostile bytes
        raise BadMedia(
            Text("这张图片已损坏，打不开。", "The picture is damaged and cannot be opened."), code="damaged"
        ) from None
    if width * height > MOST_PIXELS:
        raise _too_large()
    return Looked(type, "image")


class Head(io.BytesIO):
    """Bytes that a picture's reader takes in large pieces: in so many steps at most."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > MOST_READS:
            raise ValueError("all head")
        return super().read(size)


def _too_large() -> BadMedia:
    text = Text(
        "这张图片展开后太大（超过 {most} 像素），没有接收。",
        "The picture would be too large when opened (over {most} pixels) and is not taken.",
    )
    return BadMedia(text.fill(most=f"{MOST_PIXELS:,}"), code="bomb")


def _type(content: bytes) -> str:
    for start, type in BEGINS.items():
        if content.startswith(start):
            return _office(content) if type == "application/zip" else type
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        return {b"M4A ": "audio/mp4", b"qt  ": "video/quicktime"}.get(brand, "video/mp4")
    if _mp3_rate(content):
        return "audio/mpeg"
    return "text/plain" if _is_text(content[:4096]) else "application/octet-stream"


def _is_text(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return False
    return bool(head) and b"\0" not in head


def _office(content: bytes) -> str:
    """By the names that its list, at the end, and its first files have."""
    around = content[:4096] + content[-65_536:]
    return next((type for name, type in IN_ZIP.items() if name in around), "application/zip")


def _amr_seconds(content: bytes) -> float | None:
    at, frames = len(b"#!AMR\n"), 0
    while at < len(content) and frames < MOST_FRAMES:
        at += 1 + AMR_BYTES[content[at] >> 3 & 0x0F]
        frames += 1
    return frames * 0.02


def _mp3_rate(content: bytes) -> int:
    """Bits a second of the frame that it begins with; 0 when it begins with none."""
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE6 != 0xE2:
        return 0
    rates = MP3_RATES if content[1] & 0x18 == 0x18 else MP3_RATES_2
    return rates[content[2] >> 4] * 1000


def _mp3_seconds(content: bytes) -> float | None:
    at = 0
    if content.startswith(b"ID3") and len(content) > 10:
        size = 0
        for byte in content[6:10]:
            size = size << 7 | byte & 0x7F
        at = 10 + size
    rate = _mp3_rate(content[at : at + 4])
    counted = MP3_FRAMES.search(content, at, at + 64)
    if rate and counted:
        wide = content[at + 1] & 0x18 == 0x18
        samples, each = 1152 if wide else 576, MP3_SAMPLES[content[at + 2] >> 2 & 3]
        return int.from_bytes(counted[1]) * samples / (each if wide else each // 2)
    return (len(content) - at) * 8 / rate if rate else None


SECONDS: dict[str, Callable[[bytes], float | None]] = {
    "audio/amr": _amr_seconds,
    "audio/mpeg": _mp3_seconds,
}
