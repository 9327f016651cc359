"""A file of an answer, as a mail program finds it in the letter."""

import email
from email.policy import default

import pytest

from runtime.network.transports.letters.writing import INLINE, flat, packed

TOLD = {
    "from": "shop@example.com", "name": "茶铺", "to": "ann@example.com", "subject": "龙井", "text": "请看",
    "key": "k1", "references": ["<a@x>"], "asked": True,
}  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n"


def arrived(name, type, content):
    """Read by Python's parser, as it came over the wire."""
    sent = flat(packed({**TOLD, "file": {"name": name, "type": type, "content": content}}, 1_800_000_000.0))
    sent.decode("ascii")
    return email.message_from_bytes(sent, policy=default)


@pytest.mark.parametrize(
    ("name", "type", "content", "is_inline"),
    [
        ("media.png", "image/png", PNG, True),
        ("media.png", "image/png", PNG + bytes(INLINE), False),
        ("media.webp", "image/webp", b"RIFF", False),
        ("价目表.pdf", "application/pdf", b"%PDF" + bytes(range(256)), False),
        ("media.mp4", "video/mp4", b"ftyp\r\n.\r\n", False),
    ],
)
def test_a_file_is_a_part_and_a_small_picture_stands_below_the_words(name, type, content, is_inline):
    letter = arrived(name, type, content)
    [part] = [one for one in letter.walk() if one.get_content_type() == type]
    assert (part.get_content(), part.get_filename()) == (content, name)
    assert part.get_content_disposition() == ("inline" if is_inline else "attachment")
    assert letter.get_body(("plain",)).get_content() == "请看\n"
    html = letter.get_body(("html",)).get_content()
    assert html.count("</html>") == 1
    assert ("cid:" in html) is is_inline
    assert letter["In-Reply-To"] == "<a@x>"


@pytest.mark.parametrize(
    "name", ['a"b.pdf', "a\r\nBcc: eve@example.com.pdf", "<img>.png", "名" * 300 + ".pdf"]
)
def test_a_files_name_begins_no_header_and_no_tag(name):
    letter = arrived(name, "image/png", PNG)
    assert letter["Bcc"] is None
    assert "<img>" not in letter.get_body(("html",)).get_content().split("cid:")[1]
