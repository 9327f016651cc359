import gzip
import zlib
from dataclasses import dataclass

import pytest

from runtime.errors import ToolFailed
from runtime.response_text import decoded, unpacked


@dataclass
class Case:
    id: str
    body: bytes
    kind: str
    expect: str = "微信和龍"


CASES = [
    Case("header", "微信和龍".encode("gbk"), "text/html; charset=GBK"),
    Case("gb2312 that is more", "微信和龍".encode("gb18030"), "text/html; charset=gb2312"),
    Case("quoted", "微信和龍".encode("big5"), 'text/plain; charset="big5"'),
    Case("utf-8", "微信和龍".encode(), "text/plain; charset=utf-8"),
    Case(
        "meta",
        b"<meta charset='gbk'>" + "微信和龍".encode("gbk"),
        "text/html",
        "<meta charset='gbk'>微信和龍",
    ),
    Case("undeclared utf-8", "微信和龍".encode(), "text/plain"),
    Case("undeclared gbk", "微信和龍".encode("gbk"), "text/plain"),
    Case("byte order mark", b"\xef\xbb\xbf" + "微信和龍".encode(), "application/json"),
    Case("declared wrongly", "微信和龍".encode("gbk"), "text/html; charset=utf-8"),
    Case("unknown charset", "微信和龍".encode(), "text/html; charset=klingon"),
    Case("cut in a character", "微信和龍".encode()[:-1], "text/plain; charset=utf-8", "微信和"),
    Case("not text", b"\x80\xff\xff\x00", "", "\ufffd\ufffd\ufffd\x00"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_decoding(case):
    assert decoded(case.body, case.kind) == case.expect


PLAIN = b"hello " * 1000
BARE = zlib.compressobj(wbits=-15)
PACKED = [
    ("", PLAIN),
    ("identity", PLAIN),
    ("gzip", gzip.compress(PLAIN)),
    ("GZIP", gzip.compress(PLAIN)),
    ("deflate", zlib.compress(PLAIN)),
    ("deflate", BARE.compress(PLAIN) + BARE.flush()),
]


@pytest.mark.parametrize(("encoding", "packed"), PACKED)
def test_unpacking_stops_at_the_bound(encoding, packed):
    assert unpacked(packed, encoding, 100_000) == PLAIN
    assert unpacked(packed, encoding, 100) == PLAIN[:100]


@pytest.mark.parametrize("encoding", ["gzip", "br", "nonsense"])
def test_what_cannot_be_unpacked_is_told(encoding):
    with pytest.raises(ToolFailed):
        unpacked(b"not packed at all", encoding, 100)
