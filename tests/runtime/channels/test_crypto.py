"""Published samples, hostile envelopes, and wechatpy as the oracle."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto

from runtime.channels._tencent import xml_body
from runtime.channels._tencent.credentials import new_aes_key, new_token
from runtime.channels._tencent.crypto import Envelope, check_signature, open_file, signature
from runtime.errors import Refused

VECTORS = json.loads(
    (Path(__file__).parents[2] / "samples" / "wechat_vectors.json").read_text(encoding="utf-8")
)["vectors"]
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
APP_ID = "wx0123456789abcdef"


def vectors(*kinds):
    found = [vector for vector in VECTORS if vector["kind"] in kinds]
    return pytest.mark.parametrize("vector", found, ids=[vector["id"] for vector in found])


def envelope_of(sample):
    return Envelope(sample["encoding_aes_key"], sample["receive_id"])


def test_the_samples_are_there():
    assert len(VECTORS) == 18


@vectors("signature", "get_verify_plain")
def test_plain_signature_of(vector):
    sample = vector["input"]
    expected = vector["expect"].get("signature") or sample["signature"]
    assert signature(sample["token"], sample["timestamp"], sample["nonce"]) == expected


@vectors("msg_signature")
def test_message_signature_of(vector):
    sample = vector["input"]
    parts = (sample["token"], sample["timestamp"], sample["nonce"], sample["encrypt"])
    assert signature(*parts) == vector["expect"]["msg_signature"]


@vectors("get_verify_encrypted")
def test_encrypted_challenge_of(vector):
    sample = vector["input"]
    check_signature(
        sample["msg_signature"], sample["token"], sample["timestamp"], sample["nonce"], sample["echostr"]
    )
    assert envelope_of(sample).open(sample["echostr"]).decode() == vector["expect"]["response_body"]


@vectors("decrypt")
def test_message_of(vector):
    sample = vector["input"]
    body = sample["body"].encode()
    sealed = json.loads(body)["encrypt"] if body.startswith(b"{") else xml_body.parse(body)["Encrypt"]
    check_signature(sample["msg_signature"], sample["token"], sample["timestamp"], sample["nonce"], sealed)
    assert envelope_of(sample).open(sealed).decode() == vector["expect"]["plaintext"]


@vectors("encrypt", "encrypt_reply")
def test_reply_of(vector):
    sample, expected = vector["input"], vector["expect"]
    expected = {name.lower(): value for name, value in (expected | expected.get("response_json", {})).items()}
    sealed = envelope_of(sample).seal(sample["plaintext"], sample["random16"].encode())
    assert sealed == expected["encrypt"]
    parts = (sample["token"], str(sample["timestamp"]), sample["nonce"], sealed)
    assert signature(*parts) == expected["msgsignature"]


KINDS = {
    "signature": "signature",
    "receive_id": "receive_id",
    "padding": "decrypt",
    "ciphertext_length": "decrypt",
    "length": "decrypt",
}


def opened(sample):
    """As a channel does it: the signature first."""
    proof = (sample["token"], sample["timestamp"], sample["nonce"], sample["encrypt"])
    check_signature(sample["msg_signature"], *proof)
    return envelope_of(sample).open(sample["encrypt"])


@vectors("negative")
def test_refused(vector):
    with pytest.raises(Refused) as refusal:
        opened(vector["input"])
    assert refusal.value.code == KINDS[vector["expect"]["error"]]


def sealed(data):
    """Whatever bytes, encrypted with the right key."""
    key = base64.b64decode(KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(data) + encryptor.finalize()).decode()


def framed(length, rest, pad=None):
    data = b"r" * 16 + length.to_bytes(4, "big") + rest
    fill = 32 - len(data) % 32
    return sealed(data + (bytes([fill]) * fill if pad is None else bytes([pad]) * fill))


@dataclass(frozen=True)
class Case:
    id: str
    text: str
    code: str = "decrypt"


GOOD = framed(5, b"hello" + APP_ID.encode())
CASES = [
    Case("empty", ""),
    Case("no base64", "!!!!"),
    Case("not ascii", "好好好好"),
    Case("base64 with junk", GOOD[:8] + "*" + GOOD[8:]),
    Case("base64 with a line end", GOOD + "\n"),
    Case("a truncated block", GOOD[:-8]),
    Case("a missing block", base64.b64encode(base64.b64decode(GOOD)[:-16]).decode()),
    Case("padding 0", framed(5, b"hello" + APP_ID.encode(), pad=0)),
    Case("padding 33", framed(5, b"hello" + APP_ID.encode(), pad=33)),
    Case("padding 255", framed(5, b"hello" + APP_ID.encode(), pad=255)),
    Case("uneven padding", sealed(b"r" * 16 + (0).to_bytes(4, "big") + b"\x0b" + b"\x0c" * 11)),
    Case("shorter than its head", sealed(b"r" * 16 + b"\x10" * 16)),
    Case("padding only", sealed(b"\x20" * 32)),
    Case("length 0", framed(0, b"hello" + APP_ID.encode())),
    Case("length 2^31", framed(2**31, b"hello" + APP_ID.encode())),
    Case("length -1", framed(2**32 - 1, b"hello" + APP_ID.encode())),
    Case("longer than the data", framed(500, b"hello" + APP_ID.encode())),
    Case("length one short", framed(4, b"hello" + APP_ID.encode()), "receive_id"),
    Case("length one long", framed(6, b"hello" + APP_ID.encode()), "receive_id"),
    Case("no receive id", framed(5, b"hello"), "receive_id"),
    Case("another account", framed(5, b"hellowxffffffffffffffff"), "receive_id"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_damaged_envelope_is_refused(case):
    with pytest.raises(Refused) as refusal:
        Envelope(KEY, APP_ID).open(case.text)
    assert refusal.value.code == case.code


def test_the_frame_of_these_cases_is_good_without_the_damage():
    assert Envelope(KEY, APP_ID).open(GOOD) == b"hello"


def test_without_a_receive_id_the_length_is_exact():
    envelope = Envelope(KEY, "")
    assert envelope.open(framed(5, b"hello")) == b"hello"
    with pytest.raises(Refused):
        envelope.open(framed(4, b"hello"))


def test_another_key_is_refused():
    with pytest.raises(Refused) as refusal:
        Envelope(new_aes_key(), APP_ID).open(GOOD)
    assert refusal.value.code == "decrypt"


@pytest.mark.parametrize("given", ["", "x", "é" * 40, "\udcff" * 40, signature("t", "1", "n").upper()])
def test_a_wrong_signature_is_refused(given):
    with pytest.raises(Refused) as refusal:
        check_signature(given, "t", "1", "n")
    assert refusal.value.code == "signature"


MESSAGES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(MESSAGES, st.binary(min_size=32, max_size=32))
@settings(max_examples=60)
def test_wechatpy_opens_what_we_seal(message, key):
    ours = Envelope(base64.b64encode(key).decode()[:43], APP_ID)
    assert PrpCrypto(key).decrypt(ours.seal(message), APP_ID) == message


@given(MESSAGES, st.binary(min_size=32, max_size=32))
@settings(max_examples=60)
def test_we_open_what_wechatpy_seals(message, key):
    ours = Envelope(base64.b64encode(key).decode()[:43], APP_ID)
    assert ours.open(PrpCrypto(key).encrypt(message, APP_ID).decode()).decode() == message


@given(st.text())
@settings(max_examples=200)
def test_any_text_is_refused_and_nothing_else(text):
    with pytest.raises(Refused):
        Envelope(KEY, APP_ID).open(text)


def test_made_up_credentials_are_what_the_console_takes():
    keys = {new_aes_key() for _ in range(20)}
    assert len(keys) == 20
    assert all(key.isalnum() and len(base64.b64decode(key + "=", validate=True)) == 32 for key in keys)
    assert all(token.isalnum() and len(token) == 32 for token in (new_token() for _ in range(20)))


@pytest.mark.parametrize("content", [bytes(32), b"", b"x" * 31, b"\x01" * 64], ids=["32", "none", "31", "64"])
def test_a_file_that_its_key_does_not_open_is_none(content):
    with pytest.raises(ValueError, match=r"padding|not encrypted"):
        open_file(content, "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
