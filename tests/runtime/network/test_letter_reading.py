"""Letters as programs write them, in every charset, and as nobody should: what they are read as."""

import base64
import email.message
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cost import cpu_seconds
from runtime.network.transports.letters.html_text import text_of
from runtime.network.transports.letters.reading import LONGEST_TEXT, MOST_FILES, content, read
from runtime.network.transports.letters.writing import packed

FROM = b"From: Ann <Ann@Example.com>\r\n"


def plain(text, charset, declared=None):
    body = base64.encodebytes(text.encode(charset))
    head = f"Content-Type: text/plain; charset={declared or charset}\r\n"
    return FROM + head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + body


@pytest.mark.parametrize(
    ("text", "charset", "declared"),
    [
        ("龙井多少钱？", "gb18030", None),
        ("朱镕基的镕", "gbk", "gb2312"),  # a character that only the successor has
        ("龍井多少錢？", "big5", None),
        ("お茶はいくらですか", "iso-2022-jp", None),
        ("お茶はいくらですか", "shift_jis", None),
        ("차는 얼마입니까", "euc-kr", None),
        ("Wie viel? ä€", "cp1252", "iso-8859-1"),
        ("龙井", "utf-8", "no-such-charset"),
        ("龙井", "gb18030", "utf-8"),  # what it says of itself is wrong
        ("龙井", "utf-8", '""'),
    ],
)
def test_words_are_read_by_their_charset(text, charset, declared):
    assert read(plain(text, charset, declared))["text"].strip() == text


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        (b"=?gb2312?B?wfq+rg==?=", "龙井"),
        (b"=?utf-8?Q?=E9=BE=99?=\r\n =?utf-8?Q?=E4=BA=95?=", "龙井"),
        ("龙井".encode(), "龙井"),
        (b"=?utf-8?B?!!!?=", ""),
        ("龙井".encode("gb18030"), "龙井"),
        (b"=?x?B?wfq+rg==?=", "龙井"),
        (b"a\r\n\tb", "a b"),
    ],
)
def test_headers_are_read(subject, says):
    assert read(FROM + b"Subject: " + subject + b"\r\n\r\nx")["subject"] == says


def test_who_wrote_is_the_address_and_no_name_poses_as_one():
    letter = b'From: "boss@shop.example" <eve@evil.example>\r\n\r\nx'
    assert read(letter)["from"] == "eve@evil.example"
    for bad in (b"From: nobody\r\n\r\nx", b"\r\nx", b"", b"From: <a b@c>\r\n\r\nx"):
        with pytest.raises(ValueError, match="of nobody"):
            read(bad)


def test_of_html_the_words_are_read_without_scripts_and_quotes():
    page = "<head><title>T</title></head><body><script>alert(1)</script><p>多少&nbsp;钱？</p><div>谢谢</div>"
    quoted = page + '<div class="gmail_quote">On Monday…<blockquote>旧的</blockquote></div></body></html>'
    assert text_of(quoted) == "多少 钱？\n\n谢谢"
    assert text_of("<blockquote>只有引用</blockquote>") == "只有引用"


def test_of_both_the_plain_words_count():
    made = email.message.EmailMessage()
    made["From"] = "ann@example.com"
    made.set_content("明文")
    made.add_alternative("<b>HTML</b>", subtype="html")
    assert read(made.as_bytes())["text"].strip() == "明文"


def test_files_are_told_with_their_names_and_badges_are_left_out():
    made = email.message.EmailMessage()
    made["From"] = "ann@example.com"
    made.set_content("见附件")
    made.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="价目 2026.pdf")
    made.add_attachment(
        b"GIF89a", maintype="image", subtype="gif", filename="logo.gif", cid="<logo>", disposition="inline"
    )
    made.add_attachment(
        b"x" * 20_000, maintype="image", subtype="png", filename="图.png", cid="<p>", disposition="inline"
    )
    raw = made.as_bytes()
    files = read(raw)["files"]
    assert [(one["name"], one["type"], one["size"]) for one in files] == [
        ("价目 2026.pdf", "application/pdf", 8),
        ("图.png", "image/png", 20_000),
    ]
    assert content(raw, files[0]["part"]) == b"%PDF-1.7"
    assert content(raw, 99) is None
    assert content(raw, 0) is None


def test_many_files_and_long_words_are_cut():
    made = email.message.EmailMessage()
    made["From"] = "ann@example.com"
    made.set_content("字" * 300_000)
    for _ in range(30):
        made.add_attachment(b"x", maintype="application", subtype="x", filename="a")
    told = read(made.as_bytes())
    assert (len(told["text"]), len(told["files"])) == (LONGEST_TEXT, MOST_FILES)


def nested(depth):
    head = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(depth))
    return FROM + head.encode() + b"\r\nx"


FILE = b"Content-Type: image/png\r\nContent-Disposition: attachment; "
HOSTILE = {
    "nested": nested(3000),
    "encoded": FROM + b"Subject: " + b"=?a?b?" * 200_000,
    "tags": FROM + b"\r\n" + b"<" * 10**6,
    "parameters": FROM + b'Content-Type: text/plain; a="' + b";" * 10**6 + b'"\r\n\r\nx',
    "parameters of a file": FROM + FILE + b'a="' + b";" * 10**6 + b'"\r\n\r\nx',
    "quotes": FROM + b"Content-Type: text/html\r\n\r\n" + b"<div" * 100_000,
    "lines": FROM + b"\r\n" + b"a\n" * 10_000_000,
    "headers": FROM + b"a:b\n" * 5_000_000,
    "lines within parts": nested(90) + b"ab\r\n" * 900_000,
    "a comment in a comment": b"From: ann@example.com " + b"(" * 3900 + b"\r\n\r\nx",
    "a letter in a letter": nested(1) + b"\r\n--b0\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 900,
}


def read_if_it_can_be(raw):
    with suppress(ValueError):
        read(raw)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_made_to_be_slow_is_read_or_refused_in_a_moment(hostile):
    assert cpu_seconds(read_if_it_can_be, hostile, enough=2.0) < 5.0


@given(st.binary(max_size=300))
def test_any_bytes_are_a_letter_or_a_value_error(raw):
    with suppress(ValueError):
        read(FROM + raw)
    content(FROM + raw, 1)


def test_what_pythons_own_reader_stumbles_over_is_no_letter():
    """It takes a charset that says in which language it is for a pair, once a byte is not ASCII."""
    raw = FROM + b"Content-Type: text/plain; charset*='\r\n\r\n\xff\xfe"
    with pytest.raises(ValueError, match="no letter"):
        read(raw)
    assert content(raw, 1) is None


TOLD = {
    "from": "shop@example.com",
    "name": "茶铺\r\nBcc: all@example.com",
    "to": "ann@example.com",
    "subject": "Re: 龙井\r\nBcc: all@example.com",
    "text": "八元 <b>\n\nhttps://tea.example/?a=1&b=<x>",
    "key": "k1",
    "references": ["<a@x>", "no id", "<b@x>\r\nBcc: all@example.com"],
    "asked": True,
}


def test_an_answer_is_one_letter_whatever_is_in_it():
    made = packed(TOLD, 1_800_000_000.0)
    raw = made.as_bytes()
    again = email.message_from_bytes(raw)
    assert again["Bcc"] is None
    assert again["In-Reply-To"] == "<a@x>"
    assert again["Message-ID"] == "<k1@example.com>"
    html = made.get_body(("html",)).get_content()
    assert "八元 &lt;b&gt;" in html
    assert '<a href="https://tea.example/?a=1&amp;b=">' in html
