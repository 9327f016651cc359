"""A WebSocket of the owner's own: where it may be, what proves us there, and what is one message."""

import json

import pytest
from pydantic import ValidationError
from websocket_table import NOW, SECRET, made

from runtime.channels.websocket import CHANNEL
from runtime.schema import first_problem


@pytest.mark.parametrize(
    ("more", "headers"),
    [
        ({}, {"Authorization": f"Bearer {SECRET}"}),
        ({"header": "X-Key"}, {"X-Key": SECRET}),
    ],
)
def test_the_secret_stands_in_the_header_that_the_owner_wants_and_nowhere_else(more, headers):
    channel = made(**more)
    assert channel.server.headers == headers
    assert SECRET not in repr(channel.server)
    assert SECRET not in channel.push("好", "u1", "k1").text


def test_without_a_secret_there_is_no_header():
    assert CHANNEL(CHANNEL.Settings(url="wss://chat.example.com")).server.headers == {}


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"url": "https://chat.example.com"}, "url"),
        ({"url": "wss://"}, "url"),
        ({"url": "wss://user:pw@chat.example.com"}, "url"),
        ({"url": "wss://chat.example.com/#x"}, "url"),
        ({"url": "wss://chat.example.com:99999"}, "url"),
        ({"url": "wss://[::1"}, "url"),
        ({"header": "X Key"}, "header"),
        ({"header": ""}, "header"),
        ({"secret": "a\r\nX-Other: b"}, "secret"),
        ({"secret": "密钥"}, "secret"),
    ],
)
def test_a_wrong_setting_is_named_and_no_header_can_be_smuggled_in(settings, field):
    with pytest.raises(ValidationError) as error:
        CHANNEL.Settings(**{"url": "wss://chat.example.com", **settings})
    assert first_problem(error.value).field == field


def test_a_message_without_an_id_is_one_each_time_it_comes():
    link = made().link()
    link.opened(NOW)
    frame = json.dumps({"sender": "u1", "content": "好"})
    first, second = (link.frame(frame, NOW + n).messages[0] for n in range(2))
    assert first.id != second.id
    assert not link.frame(frame, NOW).after


def test_where_nobody_acknowledges_no_answer_waits_for_it():
    assert CHANNEL(CHANNEL.Settings(url="wss://chat.example.com")).push("好", "u1", "k1").key == ""


def test_a_line_in_clear_is_warned_of():
    assert CHANNEL(CHANNEL.Settings(url="ws://10.0.0.5:8080")).caution
    assert made().caution is None
