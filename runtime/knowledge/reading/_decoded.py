"""Bytes that are text, as text: by their mark, as UTF-8, and else as what they most likely are."""

import codecs
import re

from runtime import wellformed
from runtime.knowledge.reading import Given, NotRead, Unread

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
MOST = 60 << 20
"""Bytes of a text that are read."""
OTHERS = ("gb18030", "big5", "cp932", "cp949", "cp1251", "koi8_r", "cp1252", "cp1250")
SAMPLE = 20_000
"""Bytes by which an encoding is told."""
COMMON = re.compile(r"[的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自]")
HAN = re.compile(r"[\u4e00-\u9fff]")
NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def is_text(head: bytes) -> bool:
    """Whether bytes can be text at all."""
    if any(head.startswith(mark) for mark, _ in MARKS):
        return True
    sample = head[:SAMPLE]
    return len(NO_TEXT.findall(sample)) <= len(sample) // 200 or _wide(sample) != ""


def whole(given: Given) -> tuple[str, list[Unread]]:
    """All of a text file within the bound. Raises NotRead."""
    given.file.seek(0)
    content = given.file.read(MOST)
    return decoded(content), [Unread("too_long")] if given.size > MOST else []


def decoded(content: bytes) -> str:
    """Raises NotRead for what is no text."""
    for mark, codec in MARKS:
        if content.startswith(mark):
            return wellformed.text(content[len(mark) :].decode(codec, "replace"))
    codec = encoding(content)
    if not codec:
        raise NotRead("unknown")
    return wellformed.text(content.decode(codec, "replace")).replace("\0", "")


def encoding(content: bytes) -> str:
    """The codec; "" when it is no text."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as e:
        if e.start > SAMPLE and len(content) - e.start > 4:
            return "utf-8"  # a long text with a fault in it
    else:
        return "utf-8"
    sample = content[:SAMPLE]
    if wide := _wide(sample):
        return wide
    if not is_text(sample):
        return ""
    return _guessed(sample)


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: every second byte of what is ASCII in it is zero."""
    half = max(1, len(sample) // 2)
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < max(1, half // 5) or min(even, odd) > half // 20:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _guessed(sample: bytes) -> str:
    """GB18030 takes nearly all bytes, so it counts when what comes out is written as Chinese is."""
    chinese = _fits(sample, "gb18030")
    if chinese and (
        len(COMMON.findall(chinese)) * 25 >= len(HAN.findall(chinese)) > 0 or _is_listed(chinese)
    ):
        return "gb18030"
    from charset_normalizer import from_bytes  # late: a table of every encoding

    best = from_bytes(sample, cp_isolation=list(OTHERS)).best()
    if best is not None and _fits(sample, best.encoding) is not None:
        return str(best.encoding)
    return "gb18030" if chinese is not None else "cp1252"


def _is_written(text: str) -> bool:
    return len(COMMON.findall(text)) * 25 >= len(HAN.findall(text)) > 0


def _is_listed(text: str) -> bool:
    """Whether a few words without any of the commonest, as the head of a table, are Chinese all the same.

    GB 2312 has the usual characters by their sound from row 16 (0xB0) to row 55 (0xD7). Hangul ends at 0xC8;
    the second bytes of Cyrillic lie between 0xC0 and 0xDF.
    """
    signs = HAN.findall(text)
    codes = [one for sign in signs if 0xB0 <= (one := sign.encode("gb2312", "ignore") or b"\0")[0] <= 0xD7]
    if len(codes) < max(2, 0.9 * len(signs)):
        return False
    return any(one[0] > 0xC8 for one in codes) and any(not 0xC0 <= one[1] <= 0xDF for one in codes)


def _fits(sample: bytes, codec: str) -> str | None:
    """As text, when it is nothing else; a character that is cut at the end does not count."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeError:
        return None
