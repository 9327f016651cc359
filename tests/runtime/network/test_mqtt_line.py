"""What passes between a broker's bytes and our texts, and what becomes of bytes that are none."""

import asyncio
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.network.transports.mqtt import MOST, MqttLine
from runtime.network.transports.mqtt_packets import (
    PUBLISH,
    USER,
    Reader,
    length,
    packet,
    properties,
    read,
    text,
)


class Wire:
    """A broker's bytes, and what it was sent."""

    def __init__(self, *packets):
        self.reader = asyncio.StreamReader()
        for one in packets:
            self.reader.feed_data(one)
        self.reader.feed_eof()
        self.sent = b""

    async def write(self, content):
        self.sent += content


HELLO = {
    "is": "connect",
    "client": "c",
    "user": "",
    "password": "",
    "alive": 60,
    "expires": 9,
    "most": 99,
    "clean": False,
}


async def line(version, *packets):
    wire = Wire(*packets)
    made = MqttLine(wire)
    await made.send(json.dumps(HELLO | {"version": version}))
    wire.sent = b""
    return made, wire


def publish(payload, version=5, more=b"\0", flags=2):
    return packet(PUBLISH, flags, text("a/b") + b"\0\7" + (more if version == 5 else b"") + payload)


async def heard(version, *packets):
    made, _ = await line(version, *packets)
    return [json.loads(one) for one in await collected(made)]


async def collected(made):
    found = []
    while (one := await made.receive()) is not None:
        found.append(one)
    return found


@pytest.mark.parametrize("version", [4, 5])
async def test_a_message_is_told_with_what_acknowledges_it(version):
    [told] = await heard(version, publish("茶".encode(), version))
    assert told == {"is": "message", "topic": "a/b", "mid": 7, "retain": False, "dup": False, "payload": "茶"}


async def test_an_id_comes_in_a_property_of_the_users():
    more = properties({USER: [("x", "y"), ("id", "q1"), ("id", "q2")]})
    [told] = await heard(5, publish(b"x", more=more))
    assert told["id"] == "q1"


async def test_a_message_with_more_properties_than_are_read_is_taken_so_it_does_not_come_again():
    [told] = await heard(5, publish(b"x", more=properties({USER: [("id", "q1"), *[("a", "b")] * 1000]})))
    assert (told["mid"], told["id"], told["payload"]) == (7, "q1", "x")


@pytest.mark.parametrize("version", [4, 5])
async def test_of_a_message_that_is_too_large_only_its_head_is_kept_and_the_line_goes_on(version):
    large, small = await heard(version, publish(b"x" * (MOST + 1), version), publish(b"y", version))
    assert (large["payload"], large["mid"], large["topic"]) == (None, 7, "a/b")
    assert small["payload"] == "y"


async def test_bytes_that_are_no_text_are_told_as_none():
    [told] = await heard(4, publish(b"\xff\xfe", 4))
    assert told["payload"] is None


@pytest.mark.parametrize(
    "bad",
    [
        b"\x30\xff\xff\xff\xff\x7f",  # no length
        packet(3, 6, b"\0\1a\0\7"),  # QoS 3
        packet(3, 4, b"\0\1a\0\7"),  # QoS 2, which nobody asked for
        packet(3, 2, b"\xff\xff"),  # ends in its topic
        packet(3, 0, text(b"\xff") + b"\0x"),  # a topic that is no text
        packet(3, 0, text("a") + b"\5\x77\0\0\0\0"),  # no such property
        packet(4, 0, b"\0" * (MOST + 1)),  # an answer of that size
        packet(1, 0, b"x"),  # what only clients send
        b"\x30\x05ab",  # cut off
    ],
)
async def test_what_is_no_packet_ends_the_line(bad):
    assert await heard(5, bad) == []


async def test_an_answer_goes_to_what_it_answers_and_once():
    made, _ = await line(5, packet(4, 0, b"\0\1\x10"), packet(4, 0, b"\0\1"), packet(4, 0, b"\0\2"))
    for key in ("k1", "k2"):
        told = {"is": "publish", "topic": "a", "payload": "x", "retain": False, "key": key}
        await made.send(json.dumps(told))
    assert [json.loads(one) for one in await collected(made)] == [
        {"is": "published", "key": "k1", "code": 0x10},
        {"is": "published", "key": "k2", "code": 0},
    ]


async def test_numbers_of_what_is_not_acknowledged_are_not_given_twice():
    made, _ = await line(4)
    told = json.dumps({"is": "publish", "topic": "a", "payload": "", "retain": False, "key": "k"})
    made._keys.update(dict.fromkeys(range(1, 65_535), "waiting"))
    await made.send(told)
    with pytest.raises(ConnectionError):
        await made.send(told)


@given(st.integers(0, 255), st.binary(max_size=80), st.booleans(), st.booleans())
def test_any_bytes_are_a_packet_or_a_value_error(first, body, newest, whole):
    with suppress(ValueError):
        read(first, body, newest=newest, whole=whole)


@pytest.mark.parametrize("number", [0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455])
async def test_a_length_is_read_as_it_was_written(number):
    assert Reader(length(number)).length() == number
