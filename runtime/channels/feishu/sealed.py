"""Events as they come to a request URL: signed over the raw body, and encrypted.

https://open.feishu.cn/document/event-subscription-guide/event-subscriptions/event-subscription-configure-/
encrypt-key-encryption-configuration-case
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from runtime import wellformed
from runtime.channels import WebRequest
from runtime.channels._border.refusals import refused

MAX_BODY = 1024 * 1024
DEEPEST = 24
BLOCK = 16
SKEW = 7 * 3600.0
"""Seconds: the platform's last repeat comes after six hours. What is replayed meanwhile is known by its
id."""


class Sealed:
    """Of one app."""

    def __init__(self, encrypt_key: str, token: str) -> None:
        self._encrypt_key, self._token = encrypt_key.encode(), token.encode()
        self._cipher_key = hashlib.sha256(self._encrypt_key).digest()

    def open(self, request: WebRequest, now: float) -> Mapping[str, Any]:
        """What a call tells, in the clear. The first call, which checks the address, is not signed: its token
        is in what only the key opens. Raises Refused."""
        outer = _object(request.body)
        sealed = outer.get("encrypt")
        if not isinstance(sealed, str):
            raise refused("downgrade")
        is_signed = "x-lark-signature" in request.headers
        if is_signed:
            self._check(request, now)
        inner = _object(self._decrypted(sealed))
        if not is_signed and inner.get("type") != "url_verification":
            raise refused("signature")
        header = inner.get("header")
        token = header.get("token") if isinstance(header, dict) else inner.get("token")
        if not isinstance(token, str) or not hmac.compare_digest(
            token.encode("utf-8", "replace"), self._token
        ):
            raise refused("signature")
        return inner

    def seal(self, plain: bytes) -> str:
        iv, pad = os.urandom(BLOCK), BLOCK - len(plain) % BLOCK
        encryptor = Cipher(algorithms.AES(self._cipher_key), modes.CBC(iv)).encryptor()
        closed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(iv + closed).decode()

    def _check(self, request: WebRequest, now: float) -> None:
        stamp = request.headers.get("x-lark-request-timestamp", "")
        nonce = request.headers.get("x-lark-request-nonce", "")
        signed = f"{stamp}{nonce}".encode("utf-8", "replace") + self._encrypt_key + request.body
        proof = hashlib.sha256(signed).hexdigest().encode()
        if not hmac.compare_digest(proof, request.headers["x-lark-signature"].encode("utf-8", "replace")):
            raise refused("signature")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise refused("malformed")
        if abs(int(stamp) - now) > SKEW:
            raise refused("stale")

    def _decrypted(self, sealed: str) -> bytes:
        try:
            data = base64.b64decode(sealed, validate=True)
        except ValueError:
            raise refused("decrypt") from None
        if len(data) < 2 * BLOCK or len(data) % BLOCK:
            raise refused("decrypt")
        decryptor = Cipher(algorithms.AES(self._cipher_key), modes.CBC(data[:BLOCK])).decryptor()
        plain = decryptor.update(data[BLOCK:]) + decryptor.finalize()
        pad = plain[-1]
        if not 0 < pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise refused("decrypt")
        return plain[:-pad]


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        found = wellformed.load(content.decode(), largest=MAX_BODY, deepest=DEEPEST, unrepeated=True)
    except ValueError:
        raise refused("malformed") from None
    if not isinstance(found, dict):
        raise refused("malformed")
    return found
