"""A Mini Program's settings, what is pushed in safe mode, and what its owner copies."""

import json

import pytest
from miniprogram_table import NOW, TEXT, account, push
from pydantic import SecretStr, ValidationError

from runtime.channels import ApiAnswer, WebRequest
from runtime.channels._tencent.crypto import Envelope, signature
from runtime.channels.miniprogram import CHANNEL
from runtime.errors import Refused, SendFailed

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SAFE = {"mode": "safe", "encoding_aes_key": SecretStr(KEY)}
WROTE = {**TEXT, "MsgType": "text", "MsgId": 1, "Content": "你好"}


def sealed(said, token="hongyantoken"):
    text = Envelope(KEY, "wx1234567890abcdef").seal(json.dumps(said))
    proof = signature(token, "1795190400", "n0nce", text)
    query = {"msg_signature": proof, "timestamp": "1795190400", "nonce": "n0nce", "encrypt_type": "aes"}
    return WebRequest("POST", query, json.dumps({"ToUserName": "gh_0123456789ab", "Encrypt": text}).encode())


def test_what_is_sealed_is_opened_and_nothing_else_counts_in_safe_mode():
    safe = account(**SAFE)
    (message,) = safe.receive(sealed(WROTE), NOW).messages
    assert (message.text, message.sender) == ("你好", TEXT["FromUserName"])
    for forged, code in ((push(WROTE), "downgrade"), (sealed(WROTE, "another"), "signature")):
        with pytest.raises(Refused) as refused:
            safe.receive(forged, NOW)
        assert refused.value.code == code


def test_without_a_token_people_sign_in_and_nothing_pushed_is_taken():
    plain = CHANNEL(CHANNEL.Settings(app_id="wx1234567890abcdef", app_secret=SecretStr("s" * 32)))
    assert plain.signs_in("c" * 20, NOW).path == "/sns/jscode2session"
    with pytest.raises(Refused):
        plain.receive(push(WROTE), NOW)
    with pytest.raises(SendFailed) as failed:
        plain.push("到了", TEXT["FromUserName"], "k")
    assert failed.value.code == "no_template"
    copied = {one.name: one.value for one in plain.to_copy("https://bot.example/c/p")}
    assert copied == {
        "request": "https://bot.example",
        "socket": "wss://bot.example",
        "upload": "https://bot.example",
        "download": "https://bot.example",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"app_id": "gh_123"},
        {"app_secret": SecretStr("")},
        {"token": SecretStr("no spaces please")},
        {"mode": "safe"},
        {"template_data": "no field"},
        {"template_page": "https://evil.example"},
    ],
)
def test_what_is_no_setting_is_told(wrong):
    with pytest.raises(ValidationError):
        account(**wrong)


@pytest.mark.parametrize(("code", "may"), [(0, True), (40003, True), (48001, False)])
def test_whether_it_may_push_is_told_by_an_answer_about_nobody(code, may):
    assert account().probed(ApiAnswer(200, {"errcode": code})) is may
