"""The log: one line an event, without secrets."""

import json
import logging
import os
import sys

import pytest

from cost import cpu_seconds
from runtime.log_id import about
from runtime.server.logs import FORMAT, LONGEST, AsJson, OneLine, redacted


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
        "xapp-1-A0123456789-CANARY",
        "Invalid response status, url='wss://wss-primary.slack.com/link/?ticket=CANARY&app_id=1'",
        "Cannot connect to http://mia:CANARY@proxy.example:3128",
        "postgresql://hongyan:CANARY@db/hongyan",
        "a token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.CANARY0123456789CANARY0123456789CANARY01234",
        "GET /bot7000000001:CANARY0123456789012345678901234567/getMe",
        "GET /file/bot7000000001:CANARY0123456789012345678901234567/photos/1.jpg",
    ],
)
def test_secrets_are_not_logged(text):
    assert "CANARY" not in redacted(text)


HOSTILE = ("ey-", "ey12345678.", "://a:", "://:b", "token=", "hy-", "1", "-ey", "Bearer ", "a:", '"token":')


@pytest.mark.parametrize("piece", HOSTILE)
def test_looking_for_secrets_takes_no_longer_than_there_is_text(piece):
    assert cpu_seconds(redacted, piece * (30_000 // len(piece)), enough=0.1) < 0.3


def test_a_line_has_an_end():
    assert len(OneLine(FORMAT).format(record("x" * 10 * LONGEST))) < 3 * LONGEST


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


def test_an_object_a_line_says_what_the_words_say():
    with about(7):
        told = json.loads(AsJson().format(record("name %s", "好")))
    assert told.pop("at").endswith("+00:00")
    assert told.pop("process") == os.getpid()
    assert told == {"level": "error", "logger": "x", "says": "name 好", "message": 7}


def test_what_somebody_sent_is_no_field_of_its_own():
    evil = 'x", "level": "debug", "message": 1}\n{"level": "faked", "\x1b[2J": 1} \u2028'
    line = AsJson().format(record("%s", evil))
    assert "\n" not in line
    assert "\x1b" not in line
    assert "\u2028" not in line
    assert json.loads(line)["level"] == "error"
    assert "message" not in json.loads(line)


def test_secrets_and_length_are_bounded_in_objects_too():
    try:
        raise ValueError("password=CANARY")
    except ValueError:
        error = sys.exc_info()
    line = AsJson().format(record("secret=CANARY %s", "x" * 10 * LONGEST, error=error))
    assert "CANARY" not in line
    assert len(line) < 2 * LONGEST
    assert "ValueError" in json.loads(line)["error"]
