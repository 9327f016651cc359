"""Which letters are answered, and what of them: machines, lists and forged senders are not."""

import json

import pytest
from email_table import ACCOUNT, KIND, THREAD
from pydantic import ValidationError

from cost import cpu_seconds
from runtime.channels import ApiAnswer
from runtime.channels.email.quoted import own_words

LETTER = {
    "uid": 7, "validity": 1, "at": 9.0, "from": "ann@example.com", "name": "Ann", "subject": "龙井", "id":
    "<m@x>",
    "references": ["<a@x>"], "text": "多少钱？", "files": [], "signs": {}, "too_large": False,
}  # fmt: skip


def channel(**more):
    return KIND(KIND.Settings(**ACCOUNT | more))


def brought(letter, **more):
    answer = ApiAnswer(200, {"letters": [letter], "cursor": "1:7", "more": False})
    return channel(**more).page(answer).messages


def test_a_letter_is_a_message_that_can_be_answered_in_its_thread():
    [message] = brought(LETTER)
    assert (message.sender, message.text, message.at) == ("ann@example.com", "多少钱？", 9.0)
    assert message.data == {"subject": "龙井", "name": "Ann"}
    assert json.loads(message.handle["thread"]) == {"subject": "龙井", "references": ["<a@x>", "<m@x>"]}
    assert brought(LETTER)[0].id == message.id
    assert brought(LETTER | {"uid": 9, "validity": 2})[0].id == message.id, "by its own id, wherever it lies"
    assert brought(LETTER | {"from": "eve@example.com"})[0].id != message.id, "nobody takes another's place"


@pytest.mark.parametrize(
    "signs",
    [
        {"auto": "auto-replied"},
        {"auto": "Auto-Generated; x=y"},
        {"precedence": "Bulk"},
        {"precedence": "list"},
        {"suppress": "OOF, AutoReply"},
        {"replied": "yes"},
        {"responded": "x"},
        {"list": "<tea.example.com>"},
        {"unsubscribe": "<mailto:x@y>"},
        {"back": "<>"},
        {"report": "yes"},
    ],
)
def test_machines_and_lists_are_not_answered(signs):
    assert brought(LETTER | {"signs": signs}) == []
    assert brought(LETTER | {"signs": {"auto": "no", "suppress": "None", "back": "<ann@example.com>"}})


@pytest.mark.parametrize(
    "sender",
    ["shop@163.com", "mailer-daemon@example.com", "MAILER-DAEMON@x.y", "no-reply@x.y", "noreply@x.y",
    "postmaster@x.y",
     "tea-bounces@x.y", "donotreply@x.y"],
)  # fmt: skip
def test_addresses_that_nobody_reads_are_not_answered(sender):
    assert brought(LETTER | {"from": sender}) == []


@pytest.mark.parametrize(
    ("results", "passes"),
    [
        ("mx.qq.com; dmarc=pass header.from=example.com", True),
        ("MX.QQ.com 1; spf=pass smtp.mailfrom=ann@example.com; dkim=none", True),
        ("mx.qq.com; dkim=pass header.d=example.com", True),
        ("mx.qq.com; dkim=pass header.i=@mail.example.com", False),
        ("mx.qq.com; dkim=pass header.d=evil.example", False),
        ("mx.qq.com; spf=pass smtp.mailfrom=ann@evil.example", False),
        ("mx.qq.com; dmarc=fail", False),
        ("mx.qq.com; dmarc=pass (p=NONE (x)) header.from=example.com; spf=fail", True),
        ('mx.qq.com; spf=pass (of "ann") smtp.mailfrom="ann"@example.com', True),
        ("mx.qq.com; dkim/1=pass header.d=example.com", True),
        # what the sender wrote is no word of the server's
        ("mx.qq.com; spf=none (of dmarc=pass@evil.example) smtp.mailfrom=x@evil.example", False),
        ("mx.qq.com; spf=none smtp.mailfrom=dmarc=pass@evil.example; dmarc=fail", False),
        ("mx.qq.com; spf=pass (header.d=example.com ) smtp.mailfrom=x@evil.example", False),
        ('mx.qq.com; spf=pass smtp.mailfrom="header.d=example.com x"@evil.example', False),
        ('mx.qq.com; spf=none smtp.mailfrom="a; dmarc=pass "@evil.example', False),
        ('mx.qq.com; spf=none (of "a); dmarc=pass (b"@evil.example) smtp.mailfrom=x@evil.example', False),
        ("mx.qq.com; spf=none (of a); dmarc=pass (b@evil.example) ) smtp.mailfrom=x@evil.example", False),
        # nor is what stands in a comment or in quotes that do not end
        ("mx.qq.com; spf=none (of a; dmarc=pass header.from=example.com", False),
        ('mx.qq.com; spf=none smtp.mailfrom="a; dmarc=pass header.from=example.com', False),
        # another that ends alike, or that everybody has
        ("mx.qq.com; dkim=pass header.d=ple.com", False),
        ("mx.qq.com; dkim=pass header.d=com", False),
        ("mx.qq.com; dmarc=passed", False),
        ("mx.qq.com; dmarc=pass header.from=evil.example", False),
        ("mx.qq.com; dmarc=pass", True),
        ("mx.qq.com; x-dmarc=pass", False),
        ("evil.example; dmarc=pass", False),
        ("", False),
    ],
)
def test_whoever_sends_is_believed_by_the_word_of_the_owners_server_alone(results, passes):
    assert bool(brought(LETTER | {"signs": {"results": results}}, trusts="mx.qq.com")) == passes
    assert brought(LETTER | {"signs": {"results": results}}), "unless nobody asked for it"


@pytest.mark.parametrize(
    "letter", [None, [], {}, {"unreadable": True}, LETTER | {"files": 7}, LETTER | {"from": "a b"}]
)
def test_what_is_no_letter_keeps_no_other_from_being_read(letter):
    answer = ApiAnswer(200, {"letters": [letter, LETTER], "cursor": "1:8"})
    assert [one.text for one in channel().page(answer).messages] == ["多少钱？"]


def test_files_and_large_letters_are_told():
    file = {"part": 2, "name": "图 1.png", "type": "image/png", "size": 9}
    [message] = brought(LETTER | {"text": "", "files": [file]})
    [found] = channel().attached(message)
    assert (message.kind, found.kind, found.name, dict(found.place)) == (
        "image",
        "image",
        "图 1.png",
        {"uid": "7", "part": "2"},
    )
    [large] = brought(LETTER | {"too_large": True})
    assert large.data["event"] == "unsupported"
    [bare] = brought(LETTER | {"text": ""})
    assert bare.text == "龙井", "a letter that is only a subject"


def test_an_answer_goes_on_in_the_thread():
    one = channel()
    request = one.continued(one.push("八元", "ann@example.com", "k1"), THREAD)
    letter = request.body["letter"]
    assert (letter["subject"], letter["references"], letter["asked"]) == (
        "Re: 多少钱",
        ["<a@x>", "<b@x>"],
        True,
    )
    again = one.continued(request, json.dumps({"subject": "Re: 多少钱", "references": []}))
    assert again.body["letter"]["subject"] == "Re: 多少钱"
    assert one.continued(request, "{") == request
    assert ACCOUNT["password"] not in repr(one.outgoing(request))


QUOTED = [
    "多少钱？\n\n在 2026年1月1日 周四 10:00，Shop <shop@163.com> 写道：\n> 您好",
    "多少钱？\n\nOn Thu, Jan 1, 2026 at 10:00 AM Shop <shop@163.com>\nwrote:\n> hello",
    "多少钱？\n\n-----Original Message-----\nFrom: Shop\nSent: Monday\nhello",
    "多少钱？\n\n------------------ 原始邮件 ------------------\n发件人: Shop\n您好",
    "多少钱？\n\n发件人： Shop\n发送时间： 2026年1月1日\n主题： x",
    "多少钱？\n\n________________________________\nVon: Shop\nGesendet: Montag",
    "多少钱？\n\nAm 01.01.26 um 10:00 schrieb Shop:\n> hallo",
    "多少钱？\n-- \nAnn\nTea & Co.",
    "多少钱？\n\n发自我的 iPhone",
    "多少钱？\n\nSent from my iPhone",
    "> 您好\n> 要什么？\n\n多少钱？",
    "On Thu, Jan 1, 2026 at 10:00 Shop <s@x> wrote:\n> 您好\n\n多少钱？",
]


@pytest.mark.parametrize("text", QUOTED)
def test_what_is_quoted_and_signed_is_left_out(text):
    assert own_words(text) == "多少钱？"


@pytest.mark.parametrize("text", ["价格 > 成本吗？", "我在 2 点写道谢信", "From now on: tea", "> 只有引用"])
def test_what_only_looks_like_it_stays(text):
    assert own_words(text) == text


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"address": "no address"}, "address"),
        ({"password": " "}, "password"),
        ({"provider": "other"}, "imap"),
        ({"provider": "other", "imap": "ftp://x", "smtp": "x"}, "imap"),
        ({"provider": "other", "imap": "x:143", "smtp": "x"}, "imap"),
        ({"provider": "other", "imap": "u:p@x", "smtp": "x"}, "imap"),
        ({"provider": "other", "imap": "x", "smtp": "x:25"}, "smtp"),
    ],
)
def test_what_cannot_be_right_is_named(more, field):
    with pytest.raises(ValidationError) as wrong:
        KIND.Settings(**ACCOUNT | more)
    assert wrong.value.errors()[0]["loc"] == (field,)


def test_servers_are_known_or_entered():
    assert channel(provider="gmail").server.url == "imaps://imap.gmail.com:993"
    own = channel(provider="other", imap="imap.example.com", smtp="smtp.example.com:587").settings
    assert (own.imap, own.smtp) == ("imaps://imap.example.com:993", "smtp+tls://smtp.example.com:587")
    near = channel(provider="other", imap="imap://10.0.0.5:143", smtp="smtp://10.0.0.5:25").settings
    assert (near.imap, near.smtp) == ("imap://10.0.0.5:143", "smtp://10.0.0.5:25")


@pytest.mark.parametrize("line", [">" * 2000, "> " * 999, " " * 1999 + "x", "*" * 2000, "_" * 1999 + "x"])
def test_what_is_quoted_is_found_in_a_moment(line):
    assert cpu_seconds(own_words, f"{line}\n" * 50, enough=0.05) < 0.1


@pytest.mark.parametrize(
    ("provider", "address", "house"),
    [
        ("163", "shop@qq.com", "QQ Mail"),
        ("qq", "shop@163.com", "NetEase 163"),
        ("exmail", "shop@foxmail.com", "QQ Mail"),
        ("gmail", "shop@icloud.com", "iCloud"),
        ("163", "shop@163.com", None),
        ("exmail", "shop@tea.example", None),
        ("gmail", "shop@tea.example", None),
        ("other", "shop@qq.com", None),
    ],
)
def test_an_address_of_another_provider_is_a_caution(provider, address, house):
    hosts = {"imap": "imap.tea.example", "smtp": "smtp.tea.example"} if provider == "other" else {}
    given = {"provider": provider, "address": address, "trusts": "mx.tea.example", **hosts}
    caution = channel(**given).caution
    assert (caution is None) == (house is None)
    if house:
        assert f"an address of {house}" in caution.hint.en
        assert address in caution.hint.zh
