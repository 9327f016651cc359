"""The text of an HTTP response: unpacked within a bound, and read by the right charset.

What the response says about itself chooses among the two tables below and nothing else: Python has codecs
that unpack (bz2: 370 bytes become 500 MB), take quadratic time (punycode) or make no text (base64).
"""

import codecs
import re
import zlib

from runtime import wellformed
from runtime.errors import ToolFailed
from runtime.lang import Text

PACKINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})

MEMBERS = 100
"""Pieces of one gzip body that were packed each by itself (RFC 1952, 2.2); more is no page."""

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
"""A mark at the beginning counts more than what is declared (https://encoding.spec.whatwg.org/#decode)."""

CHARSETS = {
    "gb18030": "gb18030 gbk gb2312 gb_2312 gb_2312-80 x-gbk chinese csgb2312 cp936 ms936 windows-936",
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8",
    "utf-16-le": "utf-16 utf-16le utf16 unicode ucs-2",
    "utf-16-be": "utf-16be unicodefffe",
    "big5hkscs": "big5 big5-hkscs big5_hkscs cn-big5 x-x-big5 csbig5",
    "cp932": "shift_jis shift-jis sjis x-sjis windows-31j ms932",
    "euc_jp": "euc-jp x-euc-jp",
    "iso2022_jp": "iso-2022-jp",
    "cp949": "euc-kr ks_c_5601-1987 windows-949 korean",
    "cp1252": "iso-8859-1 latin1 latin-1 us-ascii ascii windows-1252 cp1252 x-cp1252",
    "koi8_r": "koi8-r koi8",
    "koi8_u": "koi8-u",
    "mac_roman": "macintosh mac",
    "tis_620": "tis-620 windows-874 iso-8859-11",
    **{f"cp125{n}": f"windows-125{n} cp125{n}" for n in (0, 1, 3, 4, 5, 6, 7, 8)},
    **{f"iso8859_{n}": f"iso-8859-{n} iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
}
"""Python's decoder, and the names that pages have for it. Pages say gb2312, latin1 or euc-kr and use
characters that only the successor has."""

CODECS = {name: codec for codec, names in CHARSETS.items() for name in names.split()}


def unpacked(packed: bytes, encoding: str, max_bytes: int) -> bytes:
    """The body without its Content-Encoding, cut at `max_bytes`. Raises ToolFailed."""
    encoding = encoding.strip().lower()
    if encoding not in PACKINGS:
        raise ToolFailed(
            Text(
                "对方用「{encoding}」压缩了回答，这里只解 gzip 和 deflate。请换一个网址。",
                "The answer is packed as {encoding!r}; only gzip and deflate are read. Try another address.",
            ).fill(encoding=encoding[:40])
        )
    if encoding in ("", "identity"):
        return packed[:max_bytes]
    try:
        return _inflated(packed, encoding, max_bytes)
    except zlib.error:
        raise ToolFailed(
            Text(
                "对方的回答解不开压缩，请换一个网址。", "The answer cannot be unpacked; try another address."
            )
        ) from None


def _inflated(packed: bytes, encoding: str, max_bytes: int) -> bytes:
    # 32 + 15 makes zlib tell gzip from zlib by itself; some servers send bare deflate instead.
    bare = encoding == "deflate" and packed[:1] != b"\x78"
    found = b""
    for _ in range(MEMBERS):
        member = zlib.decompressobj(-15 if bare else 47)
        # For zlib 0 means: without a bound.
        found += member.decompress(packed, max(max_bytes - len(found), 1))
        packed = member.unused_data
        # Behind the last piece there may be anything, mostly zeros.
        if len(found) >= max_bytes or not packed.startswith(b"\x1f\x8b"):
            break
    return found[:max_bytes]


def decoded(body: bytes, content_type: str) -> str:
    """By the charset that the header or the page declares, if it fits; else UTF-8 or GB18030, whichever fits.

    A character that was cut at the end is left out.
    """
    for mark, codec in MARKS:
        if body.startswith(mark):
            decoder = codecs.getincrementaldecoder(codec)("replace")
            return wellformed.text(decoder.decode(body[len(mark) :]))
    for codec in (*_declared(body, content_type), "utf-8", "gb18030"):
        try:
            return wellformed.text(codecs.getincrementaldecoder(codec)().decode(body))
        except UnicodeError:
            continue
    return body.decode("utf-8", errors="replace")


def _declared(body: bytes, content_type: str) -> list[str]:
    found = re.search(r"charset=[\"']?([\w-]{1,40})", content_type, re.IGNORECASE)
    if found is None and "html" in content_type.lower():
        head = body[:4096].decode("latin-1")
        found = re.search(r"<meta[^>]{0,200}charset=[\"']?([\w-]{1,40})", head, re.IGNORECASE)
        # A page that can be searched for this is not in UTF-16, whatever it says.
        if found and found[1].lower().startswith("utf-16"):
            return []
    codec = CODECS.get(found[1].lower()) if found else None
    return [codec] if codec else []
