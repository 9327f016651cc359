"""What a refused call was judged by is told to the owner: which Token, which time, which account."""

from dataclasses import dataclass

import pytest
from official_account import ACCOUNT, KEY, NOW, PLAIN, SAFE, TOKEN, US, plain_push, push, sample, signed

from runtime.channels import WebRequest
from runtime.errors import Refused, fingerprint

TEXT = sample("text")


@dataclass(frozen=True)
class Case:
    id: str
    request: WebRequest
    compared: dict
    """By English name: what is here, what came."""
    channel: object = SAFE


TOKENS, KEYS = "Token (length / fingerprint)", "EncodingAESKey (length / fingerprint)"
TIME = "Time (seconds since 1970)"
CASES = [
    Case(
        "another token",
        push(TEXT, token="another"),
        {TOKENS: (fingerprint(TOKEN), ""), TIME: ("", "1795190400")},
    ),
    Case(
        "the AES key in place of the token",
        push(TEXT, token=KEY),
        {TOKENS: (fingerprint(TOKEN), "EncodingAESKey"), TIME: ("", "1795190400")},
    ),
    Case(
        "the AppSecret in place of the token",
        WebRequest("GET", {**signed(token=ACCOUNT["app_secret"]), "echostr": "1"}),
        {TOKENS: (fingerprint(TOKEN), "AppSecret"), TIME: ("", "1795190400")},
    ),
    Case("a clock", push(TEXT, timestamp="1795180000"), {TIME: ("1795190400", "1795180000")}),
    Case("another key", push(TEXT, key="B" * 43), {KEYS: (fingerprint(KEY), "")}),
    Case(
        "another AppID",
        push(TEXT, receive_id="wxffffffffffffffff"),
        {"AppID / CorpID": (ACCOUNT["app_id"], "wxffffffffffffffff")},
    ),
    Case("another account", push(TEXT, to="gh_other"), {"Original id": (US, "gh_other")}),
    Case("plain for safe", plain_push(TEXT), {"Encryption and data format": ("safe", "plain")}),
    Case("safe for plain", push(TEXT), {"Encryption and data format": ("plain", "safe")}, PLAIN),
    Case(
        "what a forger would like to show",
        plain_push(TEXT.replace(US, "gh_\u202e" + "x" * 5000)),
        {"Original id": (US, "gh_" + "x" * 60)},
        PLAIN,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_refused_call_says_what_was_compared(case):
    with pytest.raises(Refused) as refused:
        case.channel.receive(case.request, NOW)
    compared = refused.value.compared
    assert {one.name.en: (one.here, one.there) for one in compared} == case.compared
    assert all(one.name.zh for one in compared)
    shown = repr(compared)
    assert not any(ACCOUNT[name] in shown for name in ("token", "encoding_aes_key", "app_secret"))
