"""The log: one line an event, without secrets."""

import logging
import sys

import pytest

from runtime.server.logs import FORMAT, OneLine, redacted


@pytest.mark.parametrize(
    "text",
    [
        "https://api.weixin.qq.com/x?access_token=CANARY&x=1",
        "GET /c/x?signature=CANARY",
        "secret=CANARY",
        '{"appsecret": "CANARY"}',
        "{'app_secret': 'CANARY'}",
        "api_key='CANARY', other",
        "api-key: CANARY",
        "password=CANARY",
        "encoding_aes_key=CANARY",
        "Authorization: Bearer CANARY",
        "authorization: basic CANARY",
        "bad key hy-CANARY0123456789",
        "sk-CANARY0123456789 is wrong",
        "xoxb-CANARY-0123456789",
        "GET /bot7000000001:CANARY0123456789012345678901234567/getMe",
        "GET /file/bot7000000001:CANARY0123456789012345678901234567/photos/1.jpg",
    ],
)
def test_secrets_are_not_logged(text):
    assert "CANARY" not in redacted(text)


@pytest.mark.parametrize(
    "text", ["12 tokens used", "agent shop published as shop-ab12cd", "the key is wrong", "口令"]
)
def test_ordinary_text_stays(text):
    assert redacted(text) == text


def record(message, *arguments, error=None):
    return logging.LogRecord("x", logging.ERROR, "f", 1, message, arguments, error)


def test_what_somebody_sent_cannot_fake_a_second_line():
    line = OneLine(FORMAT).format(record("name %s", "a\n2026 ERROR root: faked\x1b[2J\r"))
    assert "\n" not in line
    assert "\x1b" not in line
    assert "\r" not in line


def test_a_traceback_is_on_the_line_and_redacted():
    try:
        raise ValueError("access_token=CANARY")
    except ValueError:
        line = OneLine(FORMAT).format(record("failed", error=sys.exc_info()))
    assert "\n" not in line
    assert "ValueError" in line
    assert "CANARY" not in line
