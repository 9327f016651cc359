"""Feishu's events as they are sent, written from the platform's papers and not from our channels: sealed for
a request URL, and in frames of protocol buffers for a long connection.

https://open.feishu.cn/document/event-subscription-guide/event-subscriptions/event-subscription-configure-/
encrypt-key-encryption-configuration-case
"""

import base64
import hashlib
import json
import os
import random
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from runtime.simulator import Knock


class Seal:
    """One app's Encrypt Key."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._nonces = random.Random(key)

    def knock(self, told: Any, now: float, *, signed: bool = True) -> Knock:
        body = json.dumps({"encrypt": self._closed(json.dumps(told, ensure_ascii=False).encode())}).encode()
        if not signed:  # the check of an address
            return Knock({}, body, headers={"content-type": "application/json"})
        stamp, nonce = str(int(now)), f"{self._nonces.randrange(10**12)}"
        proof = hashlib.sha256(f"{stamp}{nonce}{self._key}".encode() + body).hexdigest()
        headers = {
            "content-type": "application/json; charset=utf-8",
            "x-lark-request-timestamp": stamp,
            "x-lark-request-nonce": nonce,
            "x-lark-signature": proof,
        }
        return Knock({}, body, headers=headers)

    def _closed(self, plain: bytes) -> str:
        iv, pad = os.urandom(16), 16 - len(plain) % 16
        key = hashlib.sha256(self._key.encode()).digest()
        encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
        closed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(iv + closed).decode()


def framed(method: int, headers: dict[str, str], payload: bytes = b"", seq: int = 0) -> bytes:
    """pbbp2.Frame: 1 SeqID, 2 LogID, 3 service, 4 method, 5 headers, 8 payload."""
    numbers = ((1, seq), (2, 77), (3, 1), (4, method))
    told = b"".join(_key(number, 0) + _varint(value) for number, value in numbers)
    for name, value in headers.items():
        inner = _text(1, name.encode()) + _text(2, value.encode())
        told += _text(5, inner)
    return told + (_text(8, payload) if payload else b"")


def unframed(content: bytes) -> tuple[int, dict[str, str], bytes]:
    """Method, headers and payload of a frame. Raises ValueError."""
    method, headers, payload = -1, dict[str, str](), b""
    for number, value in _each(content):
        if number == 4 and isinstance(value, int):
            method = value
        elif number == 5 and isinstance(value, bytes):
            told = dict(_each(value))
            headers[bytes(told[1]).decode()] = bytes(told[2]).decode()
        elif number == 8 and isinstance(value, bytes):
            payload = value
    if method < 0:
        raise ValueError("no method")
    return method, headers, payload


def _each(content: bytes) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []
    at = 0
    while at < len(content):
        key, at = _read(content, at)
        value, at = _read(content, at)
        if key & 7 == 2:
            if at + value > len(content):
                raise ValueError("cut")
            found.append((key >> 3, content[at : at + value]))
            at += value
        elif key & 7 == 0:
            found.append((key >> 3, value))
        else:
            raise ValueError("another type")
    return found


def _read(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(content):
            raise ValueError("cut")
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _key(number: int, kind: int) -> bytes:
    return _varint(number * 8 + kind)


def _text(number: int, value: bytes) -> bytes:
    return _key(number, 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    if value < 128:
        return bytes([value])
    return bytes([value % 128 + 128]) + _varint(value // 128)
