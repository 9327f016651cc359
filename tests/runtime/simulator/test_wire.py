import json
from dataclasses import replace

import pytest
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.crypto import CannotOpen, Seal, sign
from runtime.simulator.wechat.wire import Reply, Wire

NOW = 1_800_000_000
FIELDS = {"ToUserName": "gh_5d2f9a1c7e3b", "FromUserName": "ann", "CreateTime": NOW, "MsgType": "text"}


def reply(**changes):
    fields = {"ToUserName": "ann", "FromUserName": "gh_5d2f9a1c7e3b", "CreateTime": NOW, "MsgType": "text"}
    return {**fields, "Content": "好", **changes}


def sealed(account, fields):
    """A reply as a correct server writes it, by another implementation."""
    crypto = WeChatCrypto(account.token, account.encoding_aes_key, account.app_id)
    return crypto.encrypt_message(Wire(replace(account, mode="plain"))._write(fields), "n1", str(NOW))


@pytest.mark.parametrize("mode", ["safe", "compatible"])
def test_another_implementation_opens_what_is_pushed(mode):
    account = Account(mode=mode)
    push = Wire(account).push({**FIELDS, "Content": "你好 ]]> <b>"}, NOW)
    crypto = WeChatCrypto(account.token, account.encoding_aes_key, account.app_id)
    query = push.query
    opened = crypto.decrypt_message(push.body, query["msg_signature"], query["timestamp"], query["nonce"])
    assert "你好 ]]]]><![CDATA[> <b>" in opened
    assert ("<Content>" in push.body.decode()) == (mode == "compatible")


def test_a_plain_push_is_signed_and_in_the_clear():
    account = Account(mode="plain")
    push = Wire(account).push({**FIELDS, "Content": "你好"}, NOW)
    check_signature(account.token, push.query["signature"], push.query["timestamp"], push.query["nonce"])
    assert "你好" in push.body.decode()
    assert "encrypt_type" not in push.query


def test_repeats_have_fresh_nonces_and_signatures():
    wire = Wire(Account())
    one, two = wire.push(FIELDS, NOW), wire.push(FIELDS, NOW + 5)
    assert all(
        one.query[name] != two.query[name] for name in ("nonce", "timestamp", "signature", "msg_signature")
    )


def test_json_is_pushed_where_the_console_says_so():
    push = Wire(Account(mode="plain", wire="json")).push({**FIELDS, "Content": "你好"}, NOW)
    assert json.loads(push.body) == {**FIELDS, "Content": "你好"}


def test_a_correct_encrypted_reply_is_shown():
    account = Account()
    assert Wire(account).read("ann", 200, sealed(account, reply())) == Reply("text", "好")


SAFE, PLAIN = Account(), Account(mode="plain")
FAULTS = [
    ("http status", SAFE, 500, "success", "http 500"),
    ("json in xml mode", PLAIN, 200, json.dumps(reply()), "unreadable"),
    ("not encrypted", SAFE, 200, Wire(PLAIN)._write(reply()), "unreadable: not encrypted"),
    (
        "encrypted for another account",
        SAFE,
        200,
        sealed(replace(SAFE, app_id="wx000"), reply()),
        "unreadable",
    ),
    ("names swapped", PLAIN, 200, Wire(PLAIN)._write(reply(ToUserName="gh_5d2f9a1c7e3b")), "names swapped"),
    ("empty content", PLAIN, 200, Wire(PLAIN)._write(reply(Content=" ")), "empty Content"),
    ("too long", PLAIN, 200, Wire(PLAIN)._write(reply(Content="字" * 683)), "too long"),
    ("no type", PLAIN, 200, Wire(PLAIN)._write(reply(MsgType="")), "MsgType"),
]


@pytest.mark.parametrize(
    ("id", "account", "status", "body", "why"), FAULTS, ids=[fault[0] for fault in FAULTS]
)
def test_a_malformed_reply_is_a_fault_of_the_account(id, account, status, body, why):
    found = Wire(account).read("ann", status, body)
    assert found.kind == "fault"
    assert found.text.startswith(why)


@pytest.mark.parametrize("body", ["success", ""])
def test_success_and_an_empty_body_show_nothing(body):
    assert Wire(Account()).read("ann", 200, body) == Reply("silent")


def test_what_was_tampered_with_cannot_be_opened():
    seal = Seal(Account().encoding_aes_key, Account().app_id)
    closed = seal.close("你好")
    assert seal.open(closed) == "你好"
    with pytest.raises(CannotOpen):
        seal.open(closed[:-8])
    with pytest.raises(CannotOpen):
        Seal(Account().encoding_aes_key, "wx000").open(closed)


def test_the_official_example_has_this_signature():
    # https://developers.weixin.qq.com/doc/oplatform/developers/dev/message_push/ : sorted, joined, SHA-1
    assert sign("b", "a", "c") == "a9993e364706816aba3e25717850c26c9cd0d89d"
