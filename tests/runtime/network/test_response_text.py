import codecs
import gzip
import zlib
from dataclasses import dataclass

import pytest

from cost import cpu_seconds
from runtime.errors import ToolFailed
from runtime.network.response_text import CODECS, decoded, unpacked


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
    Case("utf-16", "微信和龍".encode("utf-16"), "text/html"),
    Case("utf-16 without a mark", "微信和龍".encode("utf-16-le"), "text/html; charset=UTF-16"),
    Case("utf-16be", "微信和龍".encode("utf-16-be"), "text/plain; charset=utf-16be"),
    Case("big-endian mark", b"\xfe\xff" + "微信和龍".encode("utf-16-be"), "text/plain; charset=gbk"),
    Case("utf-16, cut", "微信和龍a".encode("utf-16-le")[:-1], "text/plain; charset=utf-16le"),
    Case("half a character", b"\xff\xfea\x00\x3c\xd8", "text/plain", "a"),
    Case("half a character in it", b"\xff\xfe\x3c\xd8a\x00", "text/plain", "\ufffda"),
    Case(
        "meta cannot mean utf-16",
        "<meta charset=utf-16>微信和龍".encode(),
        "text/html",
        "<meta charset=utf-16>微信和龍",
    ),
    Case("latin1", b"caf\xe9 \x80 5", "text/html; charset=ISO-8859-1", "café € 5"),
    Case("euc-kr", "안녕".encode("euc-kr"), "text/html; charset=euc-kr", "안녕"),
    Case("shift_jis", "こんにちは①".encode("cp932"), "text/html; charset=Shift_JIS", "こんにちは①"),
    Case("not text", b"\x80\xff\xff\x00", "", "\ufffd\ufffd\ufffd\x00"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_decoding(case):
    assert decoded(case.body, case.kind) == case.expect


UNTEXTLIKE = [
    "bz2",
    "bz2_codec",
    "zlib",
    "zip",
    "base64",
    "uu",
    "quopri",
    "hex",
    "rot13",
    "rot_13",
    "punycode",
    "idna",
    "undefined",
    "unicode_escape",
    "raw_unicode_escape",
    "string_escape",
    "unicode_internal",
    "mbcs",
    "oem",
    "charmap",
    "utf-7",
    "utf_7",
    "UTF-8-SIG",
    "hz-gb-2312",
    "palmos",
    "../../etc/passwd",
    "__import__",
    "\x01",
    "utf_8_sig",
]


@pytest.mark.parametrize("charset", UNTEXTLIKE)
def test_only_encodings_of_text_are_chosen_by_a_page(charset):
    assert decoded("微信和龍".encode(), f"text/html; charset={charset}") == "微信和龍"
    page = f"<meta charset={charset}>微信和龍"
    assert decoded(page.encode(), "text/html") == page


def test_every_charset_in_the_table_is_one_of_python():
    for codec in set(CODECS.values()):
        assert codecs.lookup(codec)._is_text_encoding
        assert codecs.getincrementaldecoder(codec)


def some(size):
    return (b"\x81\x30\x81\x30xn--\x1b$B" * size)[:size]


@pytest.mark.parametrize("charset", ["punycode", "bz2", "utf-7", *CODECS])
def test_a_megabyte_is_read_within_a_moment(charset):
    given = some(1_000_000), f"text/html; charset={charset}"
    assert len(decoded(*given)) <= 1_000_000
    assert cpu_seconds(decoded, *given, enough=0.5) < 0.5


PLAIN = b"hello " * 1000
BARE = zlib.compressobj(wbits=-15)


def packed(data):
    """The same bytes each time: they are names of tests."""
    return gzip.compress(data, mtime=0)


PACKED = [
    ("", PLAIN),
    ("identity", PLAIN),
    ("gzip", packed(PLAIN)),
    ("GZIP", packed(PLAIN)),
    ("deflate", zlib.compress(PLAIN)),
    ("x-gzip", packed(PLAIN)),
    ("gzip", packed(PLAIN[:3000]) + packed(b"") + packed(PLAIN[3000:])),
    ("gzip", packed(PLAIN) + b"\0" * 512),
    ("deflate", BARE.compress(PLAIN) + BARE.flush()),
]


@pytest.mark.parametrize(("encoding", "packed"), PACKED)
def test_unpacking_stops_at_the_bound(encoding, packed):
    assert unpacked(packed, encoding, 100_000) == PLAIN
    assert unpacked(packed, encoding, 100) == PLAIN[:100]


@pytest.mark.parametrize(
    "encoding", ["gzip", "br", "zstd", "nonsense", "gzip, gzip", "bz2", "compress", "gzip\udcff", "x" * 5000]
)
def test_what_cannot_be_unpacked_is_told(encoding):
    with pytest.raises(ToolFailed) as caught:
        unpacked(b"not packed at all", encoding, 100)
    assert len(caught.value.text.en) < 200


BOMB = packed(b"\0" * 10_000_000)


@pytest.mark.parametrize(
    "packed",
    [BOMB, packed(BOMB), BOMB * 20, packed(b"") * 45_000, packed(b"a") * 45_000],
    ids=["bomb", "gz of gz", "bombs in a row", "nothing in a row", "little in a row"],
)
def test_a_bomb_is_opened_no_further_than_the_bound(packed):
    given = packed[:1_000_000], "gzip", 1_000_001
    assert len(unpacked(*given)) <= 1_000_001
    assert cpu_seconds(unpacked, *given, enough=0.5) < 0.5
