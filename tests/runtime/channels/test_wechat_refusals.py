"""What the Official Account lets in: the console's check of the URL, and every way to be turned away."""

import re
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official_account import (
    KEY,
    NOW,
    PLAIN,
    SAFE,
    STAMP,
    THEM,
    US,
    channel,
    plain_push,
    push,
    received,
    sample,
    signed,
)

from runtime.channels import Verified, WebRequest
from runtime.channels._tencent import xml_body
from runtime.channels._tencent.crypto import Seen
from runtime.channels.wechat import CHANNEL
from runtime.errors import Refused


def refusal(request, of=SAFE, now=NOW):
    with pytest.raises(Refused) as refused:
        of.receive(request, now)
    return refused.value.code


def hello(**changes):
    return WebRequest(
        "GET", {name: value for name, value in {**signed(), "echostr": "43751", **changes}.items() if value}
    )


@pytest.mark.parametrize("account", [SAFE, PLAIN], ids=["safe", "plain"])
@pytest.mark.parametrize("echo", ["4375120948345356249", "<b>&amp;\n"])
def test_the_challenge_is_echoed_as_plain_text(account, echo):
    answer = received(account, hello(echostr=echo))
    assert answer == Verified(echo, mark="1320562132")
    assert answer.content_type.startswith("text/plain")


def test_the_official_sample_of_a_challenge():
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
    }
    answer = received(channel(token="AAAAA"), WebRequest("GET", query))
    assert answer == Verified("4375120948345356249", mark="1514711492")


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce", "echostr"])
def test_a_challenge_without_one_of_its_parameters_is_refused(name):
    assert refusal(hello(**{name: None})) == "signature"


SIGNATURE = signed()["signature"]
WRONG_SIGNATURES = {
    "first letter": "x" + SIGNATURE[1:],
    "last letter": SIGNATURE[:-1] + "x",
    "upper case": SIGNATURE.upper(),
    "39": SIGNATURE[:-1],
    "41": SIGNATURE + "0",
    "not ascii": "é" * 40,
    "not even unicode": "\udcff" * 40,
    "absent": None,
}


@pytest.mark.parametrize("wrong", WRONG_SIGNATURES.values(), ids=WRONG_SIGNATURES)
def test_a_wrong_signature_is_refused(wrong):
    assert refusal(hello(signature=wrong)) == "signature"
    body = plain_push(sample("text"))
    assert refusal(replace(body, query=body.query | {"signature": wrong or ""}), PLAIN) == "signature"
    body = push(sample("text"))
    assert refusal(replace(body, query=body.query | {"msg_signature": wrong or ""})) == "signature"


# What is refused

TEXT = sample("text")


@dataclass(frozen=True)
class Refusal:
    id: str
    code: str
    request: WebRequest
    of: object = SAFE


def edited(request, **query):
    return replace(
        request,
        query={name: value for name, value in {**request.query, **query}.items() if value is not None},
    )


REFUSALS = [
    Refusal("another method", "method", replace(push(TEXT), method="PUT")),
    Refusal("a byte over a megabyte", "too_large", replace(push(TEXT), body=b"x" * (1024 * 1024 + 1))),
    Refusal("another token", "signature", push(TEXT, token="another")),
    Refusal("another token, plain", "signature", plain_push(TEXT, token="another"), PLAIN),
    Refusal("no signature of the body", "signature", edited(push(TEXT), msg_signature=None)),
    Refusal("no nonce", "signature", edited(push(TEXT), nonce=None)),
    Refusal("a nonce with spaces", "signature", push(TEXT, nonce="a b")),
    Refusal("a nonce of other digits", "signature", push(TEXT, nonce="１２３")),
    Refusal(
        "a captured signature on another body", "signature", replace(push(TEXT), body=push("other").body)
    ),
    Refusal("six minutes old", "stale", push(TEXT, timestamp=str(int(NOW) - 360))),
    Refusal("ten minutes ahead", "stale", push(TEXT, timestamp=str(int(NOW) + 600))),
    Refusal("six minutes old, plain", "stale", plain_push(TEXT, timestamp=str(int(NOW) - 360)), PLAIN),
    Refusal("a time in words", "stale", push(TEXT, timestamp="now")),
    Refusal("a time of 9 digits", "stale", push(TEXT, timestamp=STAMP[:-1])),
    Refusal("a time of 11 digits", "stale", push(TEXT, timestamp=STAMP + "0")),
    Refusal("a time with a sign", "stale", push(TEXT, timestamp="+" + STAMP[1:])),
    Refusal("a time with a space", "stale", push(TEXT, timestamp=STAMP + " ")),
    Refusal("a time in other digits", "stale", push(TEXT, timestamp="１７９５１９０４００")),
    Refusal("plain to safe", "downgrade", plain_push(TEXT)),
    Refusal("plain to safe, said to be raw", "downgrade", edited(plain_push(TEXT), encrypt_type="raw")),
    Refusal("plain to safe, said to be encrypted", "downgrade", edited(plain_push(TEXT), encrypt_type="aes")),
    Refusal("safe to plain", "downgrade", push(TEXT), PLAIN),
    Refusal("another key", "decrypt", push(TEXT, key=KEY[::-1])),
    Refusal("another AppID", "receive_id", push(TEXT, receive_id="wxffffffffffffffff")),
    Refusal("no AppID", "receive_id", push(TEXT, receive_id="")),
    Refusal("to another account", "account", push(TEXT.replace(US, "gh_ffffffffffff"))),
    Refusal("to another account, plain", "account", plain_push(TEXT.replace(US, "gh_ffffffffffff")), PLAIN),
    Refusal("to another account outside", "account", push(TEXT, to="gh_ffffffffffff")),
    Refusal("to nobody", "account", push(re.sub("<ToUserName.*ToUserName>", "", TEXT))),
]


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.id)
def test_refuses(case):
    assert refusal(case.request, case.of) == case.code


def test_in_plain_mode_a_signature_that_was_seen_carries_no_other_content():
    account = channel(mode="plain")
    first = plain_push(TEXT)
    forged = replace(first, body=first.body.replace("你好".encode(), "退款".encode()))
    assert received(account, first).text == "你好"
    assert refusal(forged, account) == refusal(forged, account, NOW + 299) == "replayed"
    assert received(account, first, NOW + 1).text == "你好"


def test_in_plain_mode_the_challenges_signature_carries_no_message():
    account = channel(mode="plain")
    for _ in range(2):
        assert received(account, hello()).body == "43751"
    assert refusal(WebRequest("POST", signed(), TEXT.encode()), account) == "replayed"


def test_what_was_seen_is_forgotten_when_its_time_is_over_and_when_it_is_too_much():
    seen = Seen(300, most=3)
    for n in range(10):
        seen.bind("1", str(n), b"", 0)
    assert len(seen._bodies) == 3
    for n in range(2):
        seen.bind("2", str(n), b"", 1000)
    assert len(seen._bodies) == 2


def test_plain_mode_is_said_to_be_weak():
    assert "Only for test accounts" in PLAIN.caution.hint.en
    assert SAFE.caution is None


@pytest.mark.parametrize("code", sorted({case.code for case in REFUSALS} | {"malformed"}))
def test_every_refusal_is_explained(code):
    text = CHANNEL.explain(code)
    assert text != CHANNEL.explain("no such code")
    assert text.zh
    assert text.en


def test_a_repeat_up_to_five_minutes_old_is_taken():
    request = push(TEXT, timestamp=str(int(NOW) - 299))
    assert received(SAFE, request).text == "你好"


@dataclass(frozen=True)
class Malformed:
    id: str
    old: str
    new: str
    of: str = "text"


MALFORMED = [
    Malformed("no type", "<MsgType><![CDATA[text]]></MsgType>", ""),
    Malformed("an empty type", "<![CDATA[text]]>", ""),
    Malformed("a nested type", "<![CDATA[text]]>", "<A>text</A>"),
    Malformed("two types", "<MsgType>", "<MsgType>image</MsgType><MsgType>"),
    Malformed("a type of 10 kB", "<![CDATA[text]]>", "t" * 10_000),
    Malformed("another root", "xml>", "html>"),
    Malformed("a time in words", "1795190400", "abc"),
    Malformed("a time before the epoch", "1795190400", "-1"),
    Malformed("a time far away", "1795190400", "1" + "0" * 20),
    Malformed("an id in words", "25012345678901234", "xyz"),
    Malformed("no id", "<MsgId>25012345678901234</MsgId>", ""),
    Malformed("no sender", THEM, ""),
    Malformed("a sender with spaces", THEM, "a b"),
    Malformed("no content", "<Content><![CDATA[你好]]></Content>", ""),
    Malformed("nested content", "<![CDATA[你好]]>", "<A>你好</A>"),
    Malformed("a place that is no number", "23.134521", "nan", "location"),
    Malformed("an endless place", "23.134521", "1e999", "location"),
    Malformed("an event without a name", "<Event><![CDATA[CLICK]]></Event>", "", "event_click"),
]


@pytest.mark.parametrize("case", MALFORMED, ids=lambda case: case.id)
def test_a_malformed_message_is_refused(case):
    body = sample(case.of)
    assert case.old in body
    assert refusal(push(body.replace(case.old, case.new))) == "malformed"


def test_an_unknown_type_is_told_apart_from_a_malformed_one():
    message = received(SAFE, push(TEXT.replace("[text]", "[hologram]")))
    assert message.data == {"event": "unsupported", "type": "hologram"}


@given(st.binary(max_size=300), st.dictionaries(st.sampled_from([*push(TEXT).query, "echostr"]), st.text()))
@settings(max_examples=300)
def test_any_request_is_answered_or_refused(body, query):
    for account in (SAFE, PLAIN):
        for request in (
            WebRequest("POST", query, body),
            WebRequest("GET", query),
            push(body.decode("latin-1")),
        ):
            try:
                account.receive(request, NOW)
            except Refused:
                continue


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")))
@settings(max_examples=100)
def test_whatever_somebody_writes_arrives(text):
    fields = xml_body.parse(TEXT.encode()) | {"Content": text}
    assert received(SAFE, push(xml_body.build(fields))).text == text
