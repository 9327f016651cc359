"""A sealed value: which key opens it, which column it is of, and AES-256-GCM that opens in its own row."""

import base64
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
BEGINS = "\x02"
BEGINS_BYTES = BEGINS.encode()
"""No word of a person's begins so that is not sealed again."""
WHOLE = re.compile(r"\x02([0-9]{1,18})\.([a-z_]+)\.([a-z_]+)\.([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True)
class Place:
    """Where a value stands: `row` are the values of its key."""

    table: str
    column: str
    row: Sequence[Any]

    def bound(self, key: int) -> bytes:
        row = json.dumps(list(self.row), ensure_ascii=False)
        return f"{key}|{self.table}.{self.column}|{row}".encode()


@dataclass(frozen=True)
class Envelope:
    key: int
    table: str
    column: str
    content: str


def is_sealed(value: object) -> bool:
    """Whether it looks so."""
    if isinstance(value, str):
        return value[:1] == BEGINS
    return isinstance(value, bytes) and value[:1] == BEGINS_BYTES


def read(value: object) -> Envelope | None:
    """None: it is not sealed."""
    if not is_sealed(value):
        return None
    found = WHOLE.fullmatch(value.decode("latin-1") if isinstance(value, bytes) else str(value))
    return Envelope(int(found[1]), found[2], found[3], found[4]) if found else None


def seal(value: str | bytes, place: Place, key: int, cipher: AESGCM) -> str | bytes:
    """Of the same kind as `value`."""
    plain = value.encode() if isinstance(value, str) else value
    nonce = os.urandom(NONCE_BYTES)
    content = nonce + cipher.encrypt(nonce, plain, place.bound(key))
    text = f"{BEGINS}{key}.{place.table}.{place.column}.{base64.b64encode(content).decode()}"
    return text if isinstance(value, str) else text.encode()


def opened(envelope: Envelope, place: Place, cipher: AESGCM) -> bytes | None:
    """None: it is damaged, or was sealed for another place."""
    try:
        raw = base64.b64decode(envelope.content, validate=True)
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.bound(envelope.key))
    except (InvalidTag, ValueError):
        return None
