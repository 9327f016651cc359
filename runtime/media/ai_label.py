"""What a file says of itself that AI made it: the implicit mark of GB 45438-2025, as JSON in its metadata.

{"AIGC":{"Label":"1","ContentProducer":…,"ProduceID":…,…}}: PNG has it as text and XMP, JPEG and WebP as XMP,
MP3 as a field of its ID3 tag, WAV as a comment. XMP is TC260's: the attribute AIGC of its name space.
AMR, and what else has no place for it, stays as it is.
"""

import json
import re
import struct
import uuid
import zlib
from collections.abc import Callable, Mapping
from html import escape, unescape

PNG = b"\x89PNG\r\n\x1a\n"
SPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:TC260="{space}" TC260:AIGC="{said}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
IN_XMP = re.compile(r'TC260:AIGC(?:="|>)([^"<]{1,4000})')
JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
KEY = "AIGC"
MADE_BY_AI = "1"
MOST = 4000
"""Characters of what a file says."""
SEEN = 400_000
"""Bytes at the beginning, in which it is looked for; of WAV also at the end."""


def said(producer: str) -> str:
    """The JSON, of something that is made now. `producer`: who provides it, as its owner calls it."""
    label = {
        "Label": MADE_BY_AI,
        "ContentProducer": producer[:100],
        "ProduceID": uuid.uuid4().hex,
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }
    return json.dumps({KEY: label}, ensure_ascii=True, separators=(",", ":"))


def labelled(content: bytes, type: str, words: str) -> bytes:
    """The file with it, not a sample or pixel changed; as it is where its kind has no place for it."""
    put = PUT.get(type)
    if put is None or told(content):
        return content
    try:
        return put(content, words)
    except (ValueError, OSError, struct.error, IndexError):
        return content


def told(content: bytes) -> str:
    """What it says; "" for nothing. It is hostile: only its form is known."""
    if content.startswith(b"RIFF"):  # at the end, where players do not stumble
        content = content[:SEEN] + content[-SEEN:]
    text = content[:SEEN].decode("latin-1")
    found = IN_XMP.search(text)
    words = unescape(found[1]) if found else ""
    if not words and (at := text.find('{"AIGC":{')) >= 0:
        words = text[at : at + MOST].partition("}}")[0] + "}}"
    try:
        label = json.loads(words).get(KEY, {})
    except (ValueError, AttributeError, RecursionError):
        return ""
    is_so = isinstance(label, dict) and str(label.get("Label")) in ("1", "2", "3")
    return words if is_so else ""


def _png(content: bytes, words: str) -> bytes:
    if not content.startswith(PNG):
        raise ValueError(content[:8])
    end = len(PNG) + 8 + struct.unpack(">I", content[len(PNG) : len(PNG) + 4])[0] + 4
    text = _chunk(b"tEXt", KEY.encode() + b"\0" + words.encode("ascii"))
    xmp = _chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _xmp(words))
    return content[:end] + text + xmp + content[end:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _jpeg(content: bytes, words: str) -> bytes:
    """Behind the marks that have to be the first: JFIF, Exif."""
    at = 2
    while content[at : at + 2] in (b"\xff\xe0", b"\xff\xe1") and at < 140_000:
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    data = JPEG_XMP + _xmp(words)
    return content[:at] + b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data + content[at:]


def _webp(content: bytes, words: str) -> bytes:
    """With the head that says that there is XMP, where it had none."""
    from PIL import Image

    from runtime.media.looking import Head

    kind, chunks = content[12:16], content[12:]
    if kind != b"VP8X":
        with Image.open(Head(content), formats=["WEBP"]) as picture:
            (width, height), clear = picture.size, picture.mode == "RGBA"
        flags = 0x04 | (0x10 if clear else 0)
        size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        chunks = b"VP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0]) + size + chunks
    else:
        chunks = chunks[:8] + bytes([chunks[8] | 0x04]) + chunks[9:]
    xmp = _xmp(words)
    body = b"WEBP" + chunks + b"XMP " + struct.pack("<I", len(xmp)) + xmp + b"\0" * (len(xmp) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _mp3(content: bytes, words: str) -> bytes:
    """A tag of its own in front; what had one keeps it behind, as players allow."""
    frame = b"\0" + KEY.encode() + b"\0" + words.encode("ascii")
    field = b"TXXX" + struct.pack(">I", len(frame)) + b"\0\0" + frame
    if content.startswith(b"ID3"):
        old = 10 + _synchsafe(content[6:10])
        content = content[old:]
    size = len(field)
    head = bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])
    return b"ID3\x03\0\0" + head + field + content


def _synchsafe(four: bytes) -> int:
    return four[0] << 21 | four[1] << 14 | four[2] << 7 | four[3]


def _wav(content: bytes, words: str) -> bytes:
    data = words.encode("ascii") + b"\0"
    data += b"\0" * (len(data) % 2)
    info = b"INFOICMT" + struct.pack("<I", len(data)) + data
    body = content[8:] + b"\0" * (len(content) % 2) + b"LIST" + struct.pack("<I", len(info)) + info
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _xmp(words: str) -> bytes:
    return XMP.format(space=SPACE, said=escape(words, quote=True)).encode()


PUT: Mapping[str, Callable[[bytes, str], bytes]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
    "audio/mpeg": _mp3,
    "audio/wav": _wav,
}
