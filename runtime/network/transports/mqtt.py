"""A line to an MQTT broker. Its texts are objects, `is` says of what:

to it    connect (version, client, user, password, alive, expires, most, clean, will {topic, payload}),
         subscribe (topic), publish (topic, payload, retain, key), got (mid: it is on the disk), ping
from it  connected (code, session), subscribed (code), message (topic, payload, mid, retain, dup, id?),
         published (key, code), pong, gone (code)

A payload is text; one that is none has `payload: null`, and so has one that is larger than is taken.
"""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from typing import Any, Self

from runtime import wellformed
from runtime.network.transports.mqtt_packets import (
    CONNACK,
    CONNECT,
    DISCONNECT,
    LARGEST,
    PINGREQ,
    PINGRESP,
    PUBACK,
    PUBLISH,
    RECEIVE_MAXIMUM,
    SESSION_EXPIRY,
    SUBACK,
    SUBSCRIBE,
    Came,
    packet,
    properties,
    read,
    text,
)
from runtime.network.transports.stream import Stream
from runtime.newest import Newest

PORTS = frozenset({443, 1883, 8883, 8884, 8886})
"""Those that brokers have on the internet: IANA's two, and what large houses take beside them."""
MOST = 256 * 1024
"""Bytes of one packet that are read; of a larger one its head."""
AT_ONCE = 20
"""Messages that the broker may have under way to us: it sends again what of these was not acknowledged."""
NUMBERS = 65_535
"""Of packets that are answered: 1 and up."""
SLOW = 30.0
"""Seconds in which a packet that began has to be there."""
HEAD = 70_000
"""Bytes of a large packet that are kept: its topic, its number and MQTT 5's properties, as far as they are
short."""


class MqttLine:
    """MQTT 3.1.1 or 5, as the first text says. Not two tasks may receive."""

    ended_with = 0
    """What a broker says at its end comes as a text."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._newest = False
        self._mid = 0
        self._keys = Newest[int, str](NUMBERS)
        """Of what was published and not acknowledged yet."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Without a word, so that the broker tells by our will that we are gone."""
        await self._stream.__aexit__()

    async def send(self, said: str) -> None:
        """Raises OSError."""
        told = json.loads(said)
        await self._stream.write(self._packed(told))

    async def receive(self) -> str | None:
        while True:
            try:
                first, body, whole = await self._next()
                came = read(first, body, newest=self._newest, whole=whole)
            except (OSError, ValueError, EOFError):
                return None
            if told := self._told(came):
                return json.dumps(told, ensure_ascii=False)

    def _packed(self, told: Mapping[str, Any]) -> bytes:
        match told["is"]:
            case "connect":
                return self._connect(told)
            case "subscribe":
                options = 1 | (0b100 | 2 << 4 if self._newest else 0)  # QoS 1; not our own, nothing retained
                body = self._number() + self._none() + text(told["topic"]) + bytes([options])
                return packet(SUBSCRIBE, 2, body)
            case "publish":
                number = self._number()
                self._keys[self._mid] = told["key"]
                body = text(told["topic"]) + number + self._none() + told["payload"].encode()
                return packet(PUBLISH, 2 | bool(told["retain"]), body)
            case "got":
                return packet(PUBACK, 0, int(told["mid"]).to_bytes(2))
            case _:
                return packet(PINGREQ, 0, b"")

    def _connect(self, told: Mapping[str, Any]) -> bytes:
        self._newest = told["version"] == 5
        will, user, password = told.get("will"), told["user"], told["password"]
        flags = 2 * bool(told["clean"]) | (0x80 if user else 0) | (0x40 if password else 0)
        flags |= (0b100 | 1 << 3 | 0x20) if will else 0
        body = text("MQTT") + bytes([5 if self._newest else 4, flags]) + int(told["alive"]).to_bytes(2)
        if self._newest:
            told_of = {SESSION_EXPIRY: told["expires"], RECEIVE_MAXIMUM: AT_ONCE, LARGEST: told["most"]}
            body += properties(told_of)
        body += text(told["client"])
        if will:
            body += self._none() + text(will["topic"]) + text(will["payload"])
        body += (text(user) if user else b"") + (text(password) if password else b"")
        return packet(CONNECT, 0, body)

    def _number(self) -> bytes:
        """A number for a packet of ours that is answered."""
        for _ in range(NUMBERS):
            self._mid = self._mid % NUMBERS + 1
            if self._mid not in self._keys:
                return self._mid.to_bytes(2)
        raise ConnectionError("the broker acknowledges nothing")

    def _none(self) -> bytes:
        """No properties, where there may be some."""
        return b"\0" if self._newest else b""

    async def _next(self) -> tuple[int, bytes, bool]:
        """A packet; False with the beginning of one that is too large. Raises OSError, ValueError,
        EOFError."""
        reader = self._stream.reader
        first = (await reader.readexactly(1))[0]
        async with asyncio.timeout(SLOW):
            left = await self._length()
            body = await reader.readexactly(left if left <= MOST else HEAD)
            over = left - len(body)
            while over:
                over -= len(await reader.readexactly(min(over, HEAD)))
        return first, body, left <= MOST

    async def _length(self) -> int:
        found = 0
        for place in range(4):
            digit = (await self._stream.reader.readexactly(1))[0]
            found |= (digit & 127) << 7 * place
            if digit < 128:
                return found
        raise ValueError("no length")

    def _told(self, came: Came) -> Mapping[str, Any] | None:
        match came.kind:
            case kind if kind == CONNACK:
                return {"is": "connected", "code": came.code, "session": came.session}
            case kind if kind == SUBACK:
                return {"is": "subscribed", "code": came.codes[0] if came.codes else 0x80}
            case kind if kind == PUBACK:
                key = self._keys.pop(came.mid, None)
                return None if key is None else {"is": "published", "key": key, "code": came.code}
            case kind if kind == PINGRESP:
                return {"is": "pong"}
            case kind if kind == DISCONNECT:
                return {"is": "gone", "code": came.code}
        return _message(came)


def _message(came: Came) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        "is": "message",
        "topic": wellformed.text(came.topic),
        "mid": came.mid,
        "retain": came.retain,
        "dup": came.dup,
        "payload": None,
    }
    if came.payload is not None:
        with contextlib.suppress(UnicodeDecodeError):
            told["payload"] = wellformed.text(came.payload.decode("utf-8"))
    return told | ({"id": wellformed.text(came.id)} if came.id else {})
