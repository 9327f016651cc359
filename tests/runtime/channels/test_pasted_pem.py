"""Certificates and keys are read as they are pasted, and what is none is told at its field."""

import base64
import ssl

import pytest
from pydantic import ValidationError

from runtime.channels import registry
from runtime.channels._border import pem
from runtime.errors import BadSettings, Wrong
from runtime.publish.credentials import checked

DER = b"0" + bytes(range(200))
BODY = base64.encodebytes(DER).decode()
CERTIFICATE = f"-----BEGIN CERTIFICATE-----\n{BODY}-----END CERTIFICATE-----\n"
KEY = CERTIFICATE.replace("CERTIFICATE", "PRIVATE KEY")
BROKER = {"url": "mqtts://broker.example.com"}


@pytest.mark.parametrize(
    "spoil", [str, lambda text: text.replace("\n", ""), lambda text: text.replace("\n", "\r\n")]
)
def test_where_lines_end_may_have_been_lost(spoil):
    read = pem.certificates(spoil(CERTIFICATE))
    assert ssl.PEM_cert_to_DER_cert(read) == DER
    assert max(map(len, read.splitlines())) <= 64
    assert pem.certificates(spoil(CERTIFICATE * 2)).count("BEGIN") == 2


@pytest.mark.parametrize(
    "value",
    [
        "nonsense",
        KEY,
        CERTIFICATE.replace("-----END CERTIFICATE-----", ""),
        CERTIFICATE.replace("MAAB", "!!!!", 1),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        CERTIFICATE + "-----BEGIN CERTIFICATE-----",
    ],
)
def test_what_is_no_certificate_is_refused(value):
    with pytest.raises(Wrong):
        pem.certificates(value)


@pytest.mark.parametrize(
    "value",
    [CERTIFICATE, KEY * 2, KEY.replace("PRIVATE", "ENCRYPTED PRIVATE"), "-----BEGIN PRIVATE KEY-----"],
)
def test_what_is_no_key_is_refused(value):
    with pytest.raises(Wrong):
        pem.private_key(value)


@pytest.mark.parametrize(
    ("channel", "given", "field"),
    [
        ("mqtt", {**BROKER, "ca": "x"}, "ca"),
        ("mqtt", {**BROKER, "certificate": "x"}, "certificate"),
        ("mqtt", {**BROKER, "certificate": CERTIFICATE}, "key"),
        ("mqtt", {**BROKER, "key": KEY}, "key"),
        ("mqtt", {**BROKER, "certificate": CERTIFICATE, "key": "x"}, "key"),
        ("xmpp", {"jid": "shop@example.com", "password": "p", "ca": "x"}, "ca"),
    ],
)
def test_it_is_told_at_the_field(channel, given, field):
    with pytest.raises(BadSettings) as caught:
        checked(registry()[channel], given)
    assert caught.value.field == field


def test_a_pair_that_fits_is_taken_from_fields_of_one_line():
    flat = {"certificate": CERTIFICATE.replace("\n", ""), "key": KEY.replace("\n", "")}
    its = registry()["mqtt"].Settings(**BROKER, **flat)
    assert its.certificate.count("\n") == its.key.get_secret_value().count("\n") > 3


@pytest.mark.parametrize("colour", ["teal", "#fff", "0f766e", "#0f766e; x"])
def test_a_colour_is_told_in_words_and_not_as_a_pattern(colour):
    with pytest.raises(ValidationError) as caught:
        registry()["web"].Settings(color=colour)
    assert "#0f766e" in str(caught.value)
    assert "^" not in str(caught.value)
