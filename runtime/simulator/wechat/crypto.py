"""WeChat's signatures and envelopes, written from the documentation and not from our channels.

https://developers.weixin.qq.com/doc/oplatform/developers/dev/message_push/encrypt.html
"""

import base64
import hashlib
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
"""Bytes that PKCS7 pads to here; AES itself has 16."""


class CannotOpen(Exception):
    """WeChat would not understand this reply; the text says why."""


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


class Seal:
    """One account's envelope."""

    def __init__(self, encoding_aes_key: str, app_id: str) -> None:
        key = base64.b64decode(encoding_aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._app_id = app_id.encode()

    def close(self, text: str) -> str:
        message = text.encode()
        data = os.urandom(16) + len(message).to_bytes(4, "big") + message + self._app_id
        pad = BLOCK - len(data) % BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(data + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def open(self, sealed: str) -> str:
        """Raises CannotOpen."""
        try:
            decryptor = self._cipher.decryptor()
            data = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
            if not 1 <= data[-1] <= BLOCK:
                raise CannotOpen("padding")
            data = data[: -data[-1]]
            end = 20 + int.from_bytes(data[16:20], "big")
            if data[end:] != self._app_id:
                raise CannotOpen("another AppID")
            return data[20:end].decode()
        except (ValueError, IndexError) as e:
            raise CannotOpen(str(e)) from e
