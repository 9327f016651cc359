"""What only a key opens: in age's format, and every way in which it can be spoiled is told as that."""

import io
import os

import pytest

from runtime.backups import bech32
from runtime.backups.sealed import MAGIC, PIECE, SEALED, Opening, sealing
from runtime.backups.sealing_keys import PUBLIC, SECRET, Passphrase, SecretKey
from runtime.errors import BadSettings

OURS, OTHER = SecretKey(bytes(range(32))), SecretKey(bytes(range(1, 33)))
QUICK = Passphrase("correct horse battery", work=2)
DATA = os.urandom(3 * PIECE + 100)
AGE_KEY = "AGE-SECRET-KEY-1QQTZGAMDV5M85D856SR78A9F6AWGELX6JYDFH3Q77ZSH4F6R34ZSX7HNT6"
AGE_PUBLIC = "age19ttymnfx9sr45m77gc6pj7c0cvcfv6xrsa9ra79g2hruthu6x3wsq8fpjh"
BY_AGE = (
    "6167652d656e6372797074696f6e2e6f72672f76310a2d3e2058323535313920697379666b446d317534504144494637"
    "516f515874353438336d6b7439543041566a4f2f7941496f3253340a426849374d39466554793373506b4e64336d4764"
    "2b64766b67646d3379644a44572f6d54613662795948670a2d3e20652c7b31342e566d2d677265617365202f493d0a73"
    "410a2d2d2d206b58592f4134544e32735a324c443337476f37345443446b537a4d734e5434485a5665576450504e4459"
    "770ae4c938de0e83e973c839d5e17ae8f6d2092a2704b0d9159e15a7782e9805b319dfb9e91439fe99bc207843507293"
    "c0f1fc708f0041"
)
"""Made once by pyrage 1.4.0, which is age in Rust (https://github.com/woodruffw/pyrage)."""


def sealed(data=DATA, key=OURS):
    out = io.BytesIO()
    with sealing(out, key) as writer:
        for at in range(0, len(data), 10_000):
            writer.write(data[at : at + 10_000])
    return out.getvalue()


def opened(raw, key=OURS):
    reader, found = Opening(io.BytesIO(raw), key, "b"), b""
    while more := reader.read(7000):
        found += more
    return found


WHOLE = sealed()
FRONT = len(WHOLE) - (3 * SEALED + 116)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
@pytest.mark.parametrize("key", [OURS, QUICK])
def test_what_was_sealed_comes_back(size, key):
    assert opened(sealed(DATA[:size], key), key) == DATA[:size]


def test_a_key_is_written_as_age_writes_it():
    key = SecretKey(bech32.decode(SECRET, OURS.written))
    assert (key.raw, OURS.written.startswith("AGE-SECRET-KEY-1")) == (OURS.raw, True)
    assert bech32.decode(PUBLIC, OURS.public.written) == OURS.public.raw
    for wrong in (
        OURS.written[:-1] + "Q",
        OURS.written.capitalize(),
        OURS.written[:-7],
        OURS.public.written,
        "",
    ):
        with pytest.raises(ValueError, match="no key"):
            bech32.decode(SECRET, wrong)


def test_what_age_itself_sealed_opens():
    key = SecretKey(bech32.decode(SECRET, AGE_KEY))
    assert key.public.written == AGE_PUBLIC
    assert opened(bytes.fromhex(BY_AGE), key) == b"sealed by age itself\n"


def spoiled(at, by):
    return WHOLE[:at] + by + WHOLE[at + len(by) :]


def piece(number):
    return WHOLE[FRONT + number * SEALED : FRONT + (number + 1) * SEALED]


SPOILED = {
    "another key": (WHOLE, OTHER, "another key"),
    "a passphrase for a key": (WHOLE, QUICK, "another key"),
    "another passphrase": (sealed(key=QUICK), Passphrase("wrong horse", work=2), "another key"),
    "the public half": (WHOLE, OURS.public, "another key"),
    "its head altered": (WHOLE.replace(b"X25519", b"X25518", 1), OURS, "another key"),
    "the sum of its head altered": (spoiled(WHOLE.index(b"--- ") + 5, b"Z"), OURS, "was altered"),
    "the first piece altered": (spoiled(FRONT + 50, bytes([WHOLE[FRONT + 50] ^ 1])), OURS, "was altered"),
    "a middle piece altered": (spoiled(FRONT + SEALED, b"12345"), OURS, "was altered"),
    "cut between pieces": (WHOLE[: FRONT + 2 * SEALED], OURS, "cut short"),
    "the last, short piece altered": (WHOLE[:-9] + b"123456789", OURS, "its end was altered"),
    "cut in a piece": (WHOLE[: FRONT + 2 * SEALED - 9], OURS, "cut short"),
    "only the head": (WHOLE[:FRONT], OURS, "cut short"),
    "two pieces exchanged": (WHOLE[:FRONT] + piece(1) + piece(0) + piece(2) + piece(3), OURS, "their order"),
    "one left out": (WHOLE[:FRONT] + piece(0) + piece(2) + piece(3), OURS, "their order"),
    "one twice": (WHOLE[:FRONT] + piece(0) + piece(0) + WHOLE[FRONT + SEALED :], OURS, "their order"),
    "something behind it": (sealed(DATA[:PIECE]) + b"x", OURS, "Something was added"),
    "lines without end": (MAGIC + b"-> " + b"x" * 5000, OURS, "was altered"),
    "keys without end": (MAGIC + b"-> X25519 AAAA\nAAAA\n" * 5000, OURS, "was altered"),
}


@pytest.mark.parametrize("case", SPOILED)
def test_what_is_wrong_is_told_as_that(case):
    raw, key, words = SPOILED[case]
    with pytest.raises(BadSettings, match=words):
        opened(raw, key)


def test_cut_at_any_byte_it_is_told_to_be_cut():
    short = sealed(b"short")
    for at in range(len(short)):
        with pytest.raises(BadSettings, match="cut short"):
            opened(short[:at])


def test_altered_at_any_byte_nothing_of_it_is_read():
    short = sealed(b"short")
    for at in range(len(short)):
        with pytest.raises(BadSettings):
            opened(short[:at] + bytes([short[at] ^ 1]) + short[at + 1 :])


def test_work_that_a_stranger_asks_for_is_bounded():
    raw = sealed(b"x", QUICK).replace(b" 2\n", b" 30\n", 1)
    with pytest.raises(BadSettings, match="another key"):
        opened(raw, QUICK)


def test_a_passphrase_is_tried_once_however_many_a_file_says():
    raw = sealed(b"x", QUICK)
    stanza = raw[len(MAGIC) : raw.index(b"--- ")]
    with pytest.raises(BadSettings, match="was altered"):
        opened(MAGIC + stanza * 50 + raw[raw.index(b"--- ") :], Passphrase("wrong horse", work=2))
