"""The frames of Feishu's long connection: protocol buffers, of which two small messages are needed.

The numbers of the fields as in lark-oapi 1.7.5, ws/pb/pbbp2_pb2.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from runtime.channels._border.refusals import refused

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
MOST_FIELDS, MOST_HEADERS = 100, 40
LARGEST = 1024 * 1024
CONTROL, DATA = 0, 1
"""What `method` says."""


@dataclass(frozen=True)
class WireFrame:
    """`headers`: in order, with a name once each. `payload`: JSON."""

    method: int
    service: int
    headers: Mapping[str, str]
    payload: bytes = field(default=b"", repr=False)
    seq: int = 0
    log: int = 0
    more: Sequence[tuple[int, bytes]] = ()
    """Texts that go back as they came: encoding, type, name in the log."""

    def encoded(self) -> bytes:
        told = _number(1, self.seq) + _number(2, self.log) + _number(3, self.service)
        told += _number(4, self.method)
        for name, value in self.headers.items():
            told += _bytes(5, _bytes(1, name.encode()) + _bytes(2, value.encode()))
        for number, content in sorted([*self.more, (8, self.payload)]):
            told += _bytes(number, content) if content else b""
        return told


def decoded(content: bytes) -> WireFrame:
    """Raises Refused (`malformed`)."""
    if len(content) > LARGEST:
        raise refused("malformed")
    numbers, texts, headers = dict[int, int](), dict[int, bytes](), dict[str, str]()
    for number, value in _fields(content):
        if isinstance(value, int):
            numbers[number] = value
        elif number == 5:
            told = {n: v for n, v in _fields(value) if isinstance(v, bytes)}
            headers[_text(told.get(1, b""))] = _text(told.get(2, b""))
        else:
            texts[number] = value
    if 4 not in numbers or len(headers) > MOST_HEADERS:
        raise refused("malformed")
    more = [(number, texts[number]) for number in (6, 7, 9) if number in texts]
    return WireFrame(
        numbers[4],
        numbers.get(3, 0),
        headers,
        texts.get(8, b""),
        numbers.get(1, 0),
        numbers.get(2, 0),
        more,
    )


def _fields(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Each field's number and value. Raises Refused."""
    at = 0
    for _ in range(MOST_FIELDS):
        if at >= len(content):
            return
        key, at = _varint(content, at)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, at = _varint(content, at)
            yield number, value
            continue
        if kind == BYTES:
            length, at = _varint(content, at)
        elif kind in (FIXED64, FIXED32):
            length = 8 if kind == FIXED64 else 4
        else:
            raise refused("malformed")
        if length > len(content) - at:
            raise refused("malformed")
        if kind == BYTES:
            yield number, content[at : at + length]
        at += length
    raise refused("malformed")


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        if at + place >= len(content):
            break
        byte = content[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at + place + 1
    raise refused("malformed")


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise refused("malformed") from None


def _number(number: int, value: int) -> bytes:
    return _packed(number << 3 | VARINT) + _packed(value)


def _bytes(number: int, value: bytes) -> bytes:
    return _packed(number << 3 | BYTES) + _packed(len(value)) + value


def _packed(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
