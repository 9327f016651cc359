"""Addresses to which only sealed calls come; the other side is wechatpy's, for enterprises."""

import pytest
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException

from runtime.channels._tencent import xml_body
from runtime.channels._tencent.sealed import Sealed
from runtime.errors import Refused

TOKEN, KEY, CORP = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
SEALED = Sealed(TOKEN, KEY, CORP)
THEIRS = WeChatCrypto(TOKEN, KEY, CORP)
NOW = 1409659589.0
STAMP = "1409659589"
CHECK = {
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "timestamp": STAMP,
    "nonce": "263014780",
    "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
}
"""The documentation's own sample: https://developer.work.weixin.qq.com/document/path/90968"""


def test_the_published_challenge_is_answered_in_the_clear():
    answer = SEALED.echo(CHECK)
    assert (answer.body, answer.mark, answer.status) == ("1616140317555161061", "263014780", 200)


def test_a_check_of_ours_is_one_that_the_other_side_takes_for_genuine():
    check = SEALED.address_check("hongyan-self-test-1", NOW)
    query = check.request.query
    assert "+" in query["echostr"]
    found = THEIRS.check_signature(
        query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"]
    )
    assert found.encode() == check.expected


def test_what_we_seal_the_other_side_opens():
    body = xml_body.build(SEALED.seal("<xml><Content>好 ]]></Content></xml>", NOW))
    fields = xml_body.parse(body.encode())
    opened = THEIRS.decrypt_message(body, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
    assert opened == "<xml><Content>好 ]]></Content></xml>"
    with pytest.raises(InvalidSignatureException):
        THEIRS.decrypt_message(body, fields["MsgSignature"], fields["TimeStamp"], "another")


def theirs(message="<xml></xml>", crypto=THEIRS, nonce="n1", timestamp=STAMP):
    """A call as the other side makes it."""
    fields = xml_body.parse(crypto.encrypt_message(message, nonce, timestamp).encode())
    query = {"msg_signature": fields["MsgSignature"], "timestamp": timestamp, "nonce": nonce}
    return query, fields["Encrypt"]


def test_what_the_other_side_seals_we_open():
    query, sealed = theirs("<xml><Content>你好</Content></xml>")
    assert SEALED.open(query, sealed, NOW).decode() == "<xml><Content>你好</Content></xml>"


ANOTHER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
REFUSED = [
    ("another Token", theirs(crypto=WeChatCrypto("another", KEY, CORP)), "signature"),
    ("another key", theirs(crypto=WeChatCrypto(TOKEN, ANOTHER_KEY, CORP)), "decrypt"),
    ("another enterprise", theirs(crypto=WeChatCrypto(TOKEN, KEY, "ww0")), "receive_id"),
    ("an old one", theirs(timestamp="1409659288"), "stale"),
    ("a time that is none", theirs(timestamp="soon"), "stale"),
    ("a nonce with a separator", theirs(nonce="a b"), "signature"),
    ("nothing in it", (theirs()[0], ""), "signature"),
]


@pytest.mark.parametrize(("name", "call", "code"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_refused(name, call, code):
    with pytest.raises(Refused) as refused:
        SEALED.open(*call, NOW)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"echostr": CHECK["echostr"].replace("+", " ")}, "signature"),
        ({"echostr": ""}, "signature"),
        ({"msg_signature": ""}, "signature"),
        ({"nonce": ""}, "signature"),
    ],
    ids=["a plus was lost", "no challenge", "no signature", "no nonce"],
)
def test_a_challenge_that_was_changed_is_refused(change, code):
    with pytest.raises(Refused) as refused:
        SEALED.echo({**CHECK, **change})
    assert refused.value.code == code
