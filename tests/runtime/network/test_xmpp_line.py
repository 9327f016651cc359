"""An XMPP stream's bytes: which stanzas are in them, and what ends it; and how a password is proven."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.network.transports.xmpp_sasl import Mistrust, chosen, steps
from runtime.network.transports.xmpp_stanzas import LARGEST, PASSED, Stream

OPEN = b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"


def fed(*pieces):
    stream = Stream()
    stream.feed(OPEN)
    for one in pieces:
        stream.feed(one)
    return stream.found


def test_stanzas_are_whole_however_they_come():
    text = "<message from='a@b/c'><body>茶 &amp; &lt;x&gt;</body></message><presence/>".encode()
    for size in (1, 3, len(text)):
        first, second = fed(*(text[i : i + size] for i in range(0, len(text), size)))
        assert first.findtext("{jabber:client}body") == "茶 & <x>"
        assert (first.get("from"), second.tag) == ("a@b/c", "{jabber:client}presence")


BOMB = b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><x>&b;</x>"


@pytest.mark.parametrize(
    "bad",
    [
        b"<!DOCTYPE x>",
        b"<!-- x -->",
        b"<?x y?>",
        b"<m>&x;</m>",
        b"</other>",
        b"<m>" + b"x" * (PASSED + 1),
        b"\0",
        b"<m>\xff</m>",
    ],
)
def test_what_belongs_into_no_stream_ends_it(bad):
    with pytest.raises(ValueError, match=r"no |more |nothing "):
        fed(bad)


@pytest.mark.parametrize(
    "large",
    [
        b"<m>" + b"<a>" * 100 + b"</a>" * 100 + b"</m>",
        b"<m>" + b"<a/>" * 5000 + b"</m>",
        b"<m>" + b"x" * (LARGEST + 20_000) + b"</m>",
        b"<m a='" + b"x" * (LARGEST + 20_000) + b"'/>",
    ],
)
def test_more_than_is_read_is_passed_over_and_acknowledged_so_it_does_not_come_again(large):
    text = large + b"<n>" + b"y" * 300 + b"</n>"
    for size in (1000, 16 * 1024):
        first, second = fed(*(text[i : i + size] for i in range(0, len(text), size)))
        assert (first.tag, len(first), first.text) == ("{jabber:client}m", 0, None)
        assert second.text == "y" * 300


def test_silence_is_no_part_of_a_stanza():
    assert fed(b" " * (LARGEST + 1), b"<m>" + b"x" * 9, b"</m>")[0].text == "x" * 9


def test_names_that_nobody_heard_of_do_not_fill_the_memory():
    long = b"x" * 5000
    strange = (
        b"<m>" + b"".join(b"<a%d%s/>" % (start + n, long) for n in range(50)) + b"</m>"
        for start in range(0, 40_000, 50)
    )
    with pytest.raises(ValueError, match="more than"):
        fed(*strange)


def test_no_entity_is_declared_before_a_stream_either():
    with pytest.raises(ValueError, match="nothing of that"):
        Stream().feed(BOMB)


@given(st.binary(max_size=200))
def test_any_bytes_are_stanzas_or_a_value_error(raw):
    with suppress(ValueError):
        fed(raw)


def unpacked(text):
    return base64.b64decode(text).decode()


def packed(text):
    return base64.b64encode(text.encode()).decode()


SHA1 = ("SCRAM-SHA-1", "fyko+d2lbbFgONRv9qkxdawL", "QSXCR+Q6sek8bf92", "3rfcNHYJY1ZVvWVs7j")
SHA256 = (
    "SCRAM-SHA-256",
    "rOprNGfwEbeRWgbNEkqO",
    "W22ZaJ0SNY7soEsUEjb6gQ==",
    "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
)


@pytest.mark.parametrize(
    ("vector", "proof", "verifier"),
    [
        (SHA1, "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "rmF9pqV8S7suAoZWja4dJRkFsKQ="),
        (
            SHA256,
            "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        ),
    ],
)
def test_a_password_is_proven_as_the_papers_say(vector, proof, verifier):
    """RFC 5802, 5 and RFC 7677, 3."""
    mechanism, nonce, salt, more = vector
    one = steps(mechanism, "user", "pencil", nonce)
    assert unpacked(next(one)) == f"n,,n=user,r={nonce}"
    last = unpacked(one.send(packed(f"r={nonce}{more},s={salt},i=4096")))
    assert last == f"c=biws,r={nonce}{more},p={proof}"
    with suppress(StopIteration):
        one.send(packed(f"v={verifier}"))


@pytest.mark.parametrize(
    "first",
    [
        "r=other,s=QSXCR+Q6sek8bf92,i=4096",
        "r=N,s=QSXCR+Q6sek8bf92,i=4096",
        "r=Nx,s=QSXCR+Q6sek8bf92,i=999999999",
        "r=Nx,s=!,i=4096",
        "r=Nx,s=QSXCR+Q6sek8bf92,i=x",
        "",
        "m=x,r=Nx,s=QSXCR+Q6sek8bf92,i=4096",
    ],
)
def test_a_server_that_breaks_the_rules_is_not_trusted(first):
    one = steps("SCRAM-SHA-1", "user", "pencil", "N")
    next(one)
    with pytest.raises(Mistrust):
        one.send(packed(first))


def test_a_server_that_does_not_know_the_password_is_not_trusted():
    one = steps("SCRAM-SHA-1", "user", "pencil", "N")
    next(one)
    one.send(packed("r=Nx,s=QSXCR+Q6sek8bf92,i=4096"))
    with pytest.raises(Mistrust):
        one.send(packed("v=AAAA"))


def test_the_best_way_that_is_offered_is_taken():
    assert chosen(["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"]) == "SCRAM-SHA-256"
    assert chosen(["PLAIN", "X"]) == "PLAIN"
    assert chosen(["X"]) == ""
