"""The text of an HTTP response: unpacked within a bound, and read by the right charset."""

import codecs
import re
import zlib

from runtime.errors import ToolFailed
from runtime.lang import Text


def unpacked(packed: bytes, encoding: str, max_bytes: int) -> bytes:
    """The body without its Content-Encoding, cut at `max_bytes`. Raises ToolFailed."""
    if encoding.lower() in ("", "identity"):
        return packed[:max_bytes]
    try:
        # 32 + 15 makes zlib tell gzip from zlib by itself; some servers send bare deflate instead.
        bare = encoding.lower() == "deflate" and packed[:1] != b"\x78"
        return zlib.decompressobj(-15 if bare else 47).decompress(packed, max_bytes)
    except zlib.error:
        raise ToolFailed(
            Text(
                "对方的回答解不开压缩，请换一个网址。", "The answer cannot be unpacked; try another address."
            )
        ) from None


def decoded(body: bytes, content_type: str) -> str:
    """By the charset that the header or the page declares, if it fits; else UTF-8 or GB18030, whichever fits.

    A character that was cut at the end is left out.
    """
    for charset in (*_declared(body, content_type), "utf-8-sig", "gb18030"):
        try:
            return codecs.getincrementaldecoder(charset)().decode(body)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", errors="replace")


def _declared(body: bytes, content_type: str) -> list[str]:
    found = re.search(r"charset=[\"']?([\w-]+)", content_type, re.IGNORECASE)
    if found is None and "html" in content_type.lower():
        head = body[:4096].decode("latin-1")
        found = re.search(r"<meta[^>]{0,200}charset=[\"']?([\w-]+)", head, re.IGNORECASE)
    if found is None:
        return []
    # Pages say gb2312 and use characters that only its successor has.
    return ["gb18030" if found[1].lower().startswith("gb") else found[1]]
