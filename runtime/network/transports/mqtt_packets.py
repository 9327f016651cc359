"""MQTT's packets as bytes and back, of 3.1.1 and 5: what a client sends, and what it is sent.

https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html, https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/mqtt-v3.1.1.html
What comes is hostile: whatever is no packet raises ValueError.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, PINGRESP, DISCONNECT = (
    1,
    2,
    3,
    4,
    8,
    9,
    12,
    13,
    14,
)
MOST_PROPERTIES = 100
"""That are read of one packet: a device may put in more, and the broker brings again what has no receipt."""
SESSION_EXPIRY, RECEIVE_MAXIMUM, USER, LARGEST = 0x11, 0x21, 0x26, 0x27

_NUMBERS = {
    **dict.fromkeys((0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A), ">B"),
    **dict.fromkeys((0x13, RECEIVE_MAXIMUM, 0x22, 0x23), ">H"),
    **dict.fromkeys((0x02, SESSION_EXPIRY, 0x18, LARGEST), ">I"),
}
_TEXTS = frozenset({0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F})
_BYTES = frozenset({0x09, 0x16})
_VARYING = frozenset({0x0B})


@dataclass(frozen=True)
class Came:
    """A packet of the server's. `code`: of an answer, 0 is good."""

    kind: int
    code: int = 0
    mid: int = 0
    codes: tuple[int, ...] = ()
    session: bool = False
    topic: str = ""
    payload: bytes | None = field(default=b"", repr=False)
    """None of a message that is too large."""
    qos: int = 0
    retain: bool = False
    dup: bool = False
    id: str = ""
    """MQTT 5's user property of that name."""


def length(number: int) -> bytes:
    """A variable byte integer."""
    if not 0 <= number <= 268_435_455:
        raise ValueError("too long")
    found = bytearray()
    while True:
        number, digit = divmod(number, 128)
        found.append(digit | (128 if number else 0))
        if not number:
            return bytes(found)


def text(value: str | bytes) -> bytes:
    content = value.encode() if isinstance(value, str) else value
    if len(content) > 65_535:
        raise ValueError("too long")
    return struct.pack(">H", len(content)) + content


def packet(kind: int, flags: int, body: bytes) -> bytes:
    return bytes([kind << 4 | flags]) + length(len(body)) + body


def properties(told: Mapping[int, Any]) -> bytes:
    found = bytearray()
    for name, value in told.items():
        if name == USER:
            for key, said in value:
                found += bytes([USER]) + text(key) + text(said)
        else:
            found += bytes([name]) + struct.pack(_NUMBERS[name], value)
    return length(len(found)) + bytes(found)


@dataclass
class Reader:
    """One packet's bytes, from its beginning on."""

    content: bytes
    at: int = 0

    @property
    def left(self) -> int:
        return len(self.content) - self.at

    def take(self, number: int) -> bytes:
        if number > self.left:
            raise ValueError("it ends too soon")
        self.at += number
        return self.content[self.at - number : self.at]

    def number(self, form: str) -> int:
        return int(struct.unpack(form, self.take(struct.calcsize(form)))[0])

    def text(self) -> str:
        return self.bytes().decode("utf-8")  # UnicodeDecodeError is a ValueError

    def bytes(self) -> bytes:
        return self.take(self.number(">H"))

    def length(self) -> int:
        found = 0
        for place in range(4):
            digit = self.number(">B")
            found |= (digit & 127) << 7 * place
            if digit < 128:
                return found
        raise ValueError("no length")

    def properties(self) -> dict[int, Any]:
        inner = Reader(self.take(self.length()))
        found: dict[int, Any] = {}
        for _ in range(MOST_PROPERTIES):
            if not inner.left:
                return found
            name = inner.number(">B")
            if name == USER:
                found.setdefault(USER, []).append((inner.text(), inner.text()))
            elif name in _NUMBERS:
                found[name] = inner.number(_NUMBERS[name])
            elif name in _TEXTS:
                found[name] = inner.text()
            elif name in _BYTES:
                found[name] = inner.bytes()
            elif name in _VARYING:
                found[name] = inner.length()
            else:
                raise ValueError("no such property")
        return found


def read(first: int, body: bytes, *, newest: bool, whole: bool = True) -> Came:
    """A packet's first byte and all after its length. `newest`: of MQTT 5; `whole`: False of a message
    that is
    too large, of which only its head is there. Raises ValueError."""
    kind, flags, told = first >> 4, first & 15, Reader(body)
    if not whole and kind != PUBLISH:
        raise ValueError("too large")
    match kind:
        case 2:
            session, code = told.number(">B"), told.number(">B")
            return Came(CONNACK, code, session=bool(session & 1))
        case 3:
            return _published(flags, told, newest=newest, whole=whole)
        case 4:
            mid = told.number(">H")
            return Came(PUBACK, told.number(">B") if newest and told.left else 0, mid)
        case 9:
            mid, _ = told.number(">H"), _more(told, newest)
            return Came(SUBACK, mid=mid, codes=tuple(told.take(told.left)))
        case 13:
            return Came(PINGRESP)
        case 14:
            return Came(DISCONNECT, told.number(">B") if newest and told.left else 0)
    raise ValueError("no packet of a server's")


def _published(flags: int, told: Reader, *, newest: bool, whole: bool) -> Came:
    qos = flags >> 1 & 3
    if qos > 1:
        raise ValueError("more than was asked for")
    topic = told.text()
    mid = told.number(">H") if qos else 0
    more = _more(told, newest) if whole else {}
    return Came(
        PUBLISH,
        mid=mid,
        topic=topic,
        payload=told.take(told.left) if whole else None,
        qos=qos,
        retain=bool(flags & 1),
        dup=bool(flags & 8),
        id=next((value for name, value in more.get(USER, ()) if name == "id"), ""),
    )


def _more(told: Reader, newest: bool) -> dict[int, Any]:
    return told.properties() if newest and told.left else {}
