"""What gets through the callback's XML and JSON readers, and what is built."""

import contextlib
import time
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from runtime.channels._tencent import json_body, xml_body
from runtime.channels._text.printable import clean
from runtime.errors import Refused

BILLION = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {after} "{("&" + before + ";") * 10}">'
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)


@dataclass(frozen=True)
class Case:
    id: str
    body: bytes


REFUSED = [
    Case("nothing", b""),
    Case("plain text", b"hello"),
    Case("another root", b"<html><A>1</A></html>"),
    Case("not closed", b"<xml><A>1</A>"),
    Case("something after the end", b"<xml/><xml/>"),
    Case("a doctype", b"<!DOCTYPE xml><xml><A>1</A></xml>"),
    Case("an external file", b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><A>&f;</A></xml>'),
    Case("an address", b'<!DOCTYPE x [<!ENTITY f SYSTEM "http://127.0.0.1:9/x">]><xml><A>&f;</A></xml>'),
    Case("a parameter entity", b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]><xml/>'),
    Case("a billion laughs", (BILLION + "]><xml><A>&i;</A></xml>").encode()),
    Case(
        "quadratic blow-up",
        b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 50_000 + b'">]><xml>' + b"&a;" * 9999 + b"</xml>",
    ),
    Case("an unknown entity", b"<xml><A>&nbsp;</A></xml>"),
    Case(
        "XInclude", b'<xml xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></xml>'
    ),
    Case("a processing instruction", b"<?php echo 1 ?><xml><A>1</A></xml>"),
    Case("declared UTF-16", b'<?xml version="1.0" encoding="UTF-16"?><xml><A>1</A></xml>'),
    Case("declared UTF-7", b'<?xml version="1.0" encoding="UTF-7"?><xml><A>1</A></xml>'),
    Case("declared GBK", b'<?xml version="1.0" encoding="GBK"?><xml><A>1</A></xml>'),
    Case("declared EBCDIC", b'<?xml version="1.0" encoding="cp037"?><xml><A>1</A></xml>'),
    Case("really UTF-16", "<xml><A>1</A></xml>".encode("utf-16")),
    Case("really UTF-16 without a mark", "<xml><A>1</A></xml>".encode("utf-16-be")),
    Case("really EBCDIC", "<xml><A>1</A></xml>".encode("cp037")),
    Case("bytes that are not UTF-8", b"<xml><A>\xff\xfe</A></xml>"),
    Case("a NUL", b"<xml><A>\0</A></xml>"),
    Case("attributes", b'<xml><A x="1">1</A></xml>'),
    Case("a repeated field", b"<xml><A>1</A><A>2</A></xml>"),
    Case("a repeated field, nested first", b"<xml><A><B>1</B></A><A>2</A></xml>"),
    Case("a repeated field, nested later", b"<xml><A>2</A><A><B>1</B></A></xml>"),
    Case("17 levels", b"<xml>" + b"<a>" * 16 + b"1" + b"</a>" * 16 + b"</xml>"),
    Case("2001 elements", b"<xml>" + b"".join(b"<A%d/>" % n for n in range(2000)) + b"</xml>"),
    Case("20,000 levels", b"<xml>" * 20_000),
    Case("200,000 levels", (b"<a>" * 349_525)[: 1024 * 1024]),
    Case("300,000 siblings", b"<xml>" + b"<a/>" * 260_000),
    Case("100,000 attributes", b"<xml " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/>"),
    Case("one attribute of a megabyte", b'<xml a="' + b"&amp;" * 200_000 + b'"/>'),
    Case("100,000 times the start of CDATA", b"<![CDATA[" * 110_000),
    Case("a megabyte of tag starts", b"<xml>" + b"<" * 1_000_000),
    Case("a name of a megabyte", b"<xml><" + b"a" * 1_000_000),
    Case("a comment of a megabyte", b"<xml><!--" + b"-" * 1_000_000),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
def test_hostile_xml_is_refused_at_once(case):
    started = time.thread_time()
    with pytest.raises(Refused) as refusal:
        xml_body.parse(case.body)
    assert refusal.value.code == "malformed"
    assert time.thread_time() - started < 0.5


@dataclass(frozen=True)
class Read:
    id: str
    body: str
    fields: dict


READ = [
    Read(
        "text and CDATA", "<xml><A>1</A>\n <B><![CDATA[你好 <b>&]]></B></xml>", {"A": "1", "B": "你好 <b>&"}
    ),
    Read("empty fields", "<xml><A/><B></B><C><![CDATA[]]></C></xml>", {"A": "", "B": "", "C": ""}),
    Read("references", "<xml><A>&lt;&amp;&#20320;</A></xml>", {"A": "<&你"}),
    Read("CDATA cut in two", "<xml><A><![CDATA[a]]]]><![CDATA[>b]]></A></xml>", {"A": "a]]>b"}),
    Read("fields that hold fields are left out", "<xml><A><B>1</B></A><C>2</C></xml>", {"C": "2"}),
    Read("a list", "<xml><D><a>1</a></D><D><a>2</a></D><C>3</C></xml>", {"C": "3"}),
    Read("sixteen levels", f"<xml>{'<a>' * 15}1{'</a>' * 15}<C>2</C></xml>", {"C": "2"}),
    Read("a declaration", '<?xml version="1.0" encoding="utf-8"?><xml><A>1</A></xml>', {"A": "1"}),
    Read("a comment", "<xml><!-- x --><A>1</A></xml>", {"A": "1"}),
]


@pytest.mark.parametrize("case", READ, ids=lambda case: case.id)
def test_reads(case):
    assert xml_body.parse(case.body.encode()) == case.fields


@given(st.text(), st.text())
@example("]]></Content><MsgType>news</MsgType>", "]]>")
@example("a]]]]>]>b", "\x00\ud800\ufffe")
@settings(max_examples=300)
def test_what_is_built_reads_back_without_an_extra_field(text, name):
    fields = {"ToUserName": name, "CreateTime": 7, "Content": text}
    back = xml_body.parse(xml_body.build(fields).encode())
    assert back == {"ToUserName": clean(name), "CreateTime": "7", "Content": clean(text)}


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")))
def test_cleaning_leaves_ordinary_text_alone(text):
    assert clean(text) == text


@given(st.binary())
@settings(max_examples=300)
def test_any_bytes_are_read_or_refused(body):
    for read in (xml_body.parse, json_body.parse):
        with contextlib.suppress(Refused):
            assert isinstance(read(body), dict)


@given(st.text("<>/xmlAB![CDT]&;=\"' 1?-"))
@settings(max_examples=500)
def test_anything_like_xml_is_read_or_refused(text):
    with contextlib.suppress(Refused):
        assert isinstance(xml_body.parse(f"<xml>{text}</xml>".encode()), dict)


JSON_REFUSED = [
    Case("a list", b"[1]"),
    Case("nothing", b""),
    Case("a repeated name", b'{"A": "1", "A": "2"}'),
    Case("NaN", b'{"A": NaN}'),
    Case("not UTF-8", b'{"A": "\xff"}'),
    Case("100,000 levels", b'{"A":' * 100_000),
    Case("2001 names", ("{" + ",".join(f'"a{n}": 1' for n in range(2001)) + "}").encode()),
]


@pytest.mark.parametrize("case", JSON_REFUSED, ids=lambda case: case.id)
def test_hostile_json_is_refused(case):
    with pytest.raises(Refused) as refusal:
        json_body.parse(case.body)
    assert refusal.value.code == "malformed"


def test_json_reads_as_the_same_fields():
    body = '{"ToUserName": "gh_1", "CreateTime": 1795190400, "MsgId": 25012345678901234, "X": {"Y": 1}}'
    assert json_body.parse(body.encode()) == {
        "ToUserName": "gh_1",
        "CreateTime": "1795190400",
        "MsgId": "25012345678901234",
    }


def test_json_is_built_without_escapes():
    assert json_body.build({"Content": "你好\0", "CreateTime": 1}) == '{"Content": "你好", "CreateTime": 1}'
