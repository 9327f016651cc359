"""A bot's sealed callbacks, written from the platform's papers and not from our channels.

https://developer.work.weixin.qq.com/document/path/101033
"""

import base64
import hashlib
import json
import os
import random
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from runtime.simulator import Knock

BLOCK = 32


class CannotOpen(Exception):
    """The platform would not understand this reply; the text says why."""


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


class Seal:
    """One bot's Token and EncodingAESKey. `receiver` is empty for bots of one's own enterprise."""

    def __init__(self, token: str, encoding_aes_key: str, receiver: str = "") -> None:
        self._token = token
        self._key = base64.b64decode(encoding_aes_key + "=")
        self._receiver = receiver.encode()
        self._nonces = random.Random(encoding_aes_key)

    def knock(self, text: str, now: float) -> Knock:
        """One call, signed anew each time."""
        sealed = self._close(text)
        query = self._query(sealed, now)
        return Knock(query, json.dumps({"encrypt": sealed}).encode())

    def check(self, echo: str, now: float) -> Knock:
        """The console's check of an address."""
        sealed = self._close(echo)
        return Knock({**self._query(sealed, now), "echostr": sealed}, b"", "GET")

    def open(self, body: str) -> str:
        """A reply in the clear. Raises CannotOpen."""
        try:
            told = json.loads(body)
            sealed, stamp, nonce = told["encrypt"], told["timestamp"], told["nonce"]
            if type(stamp) is not int:
                raise CannotOpen("timestamp is no number")
            if told["msgsignature"] != sign(self._token, str(stamp), nonce, sealed):
                raise CannotOpen("signature")
            data = self._cipher().decryptor().update(base64.b64decode(sealed, validate=True))
            data = data[: -data[-1]]
            end = 20 + int.from_bytes(data[16:20], "big")
            if data[end:] != self._receiver:
                raise CannotOpen("another receiver")
            return data[20:end].decode()
        except (ValueError, KeyError, TypeError, IndexError) as e:
            raise CannotOpen(str(e)) from e

    def media(self, content: bytes) -> bytes:
        """A file as it lies there."""
        pad = BLOCK - len(content) % BLOCK
        encryptor = self._cipher().encryptor()
        return encryptor.update(content + bytes([pad]) * pad) + encryptor.finalize()

    def _query(self, sealed: str, now: float) -> dict[str, str]:
        stamp, nonce = str(int(now)), str(self._nonces.randrange(10**9))
        return {
            "msg_signature": sign(self._token, stamp, nonce, sealed),
            "timestamp": stamp,
            "nonce": nonce,
        }

    def _close(self, text: str) -> str:
        message = text.encode()
        data = os.urandom(16) + len(message).to_bytes(4, "big") + message + self._receiver
        pad = BLOCK - len(data) % BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(data + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def _cipher(self) -> Cipher[Any]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
