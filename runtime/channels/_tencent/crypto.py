"""Tencent's callback crypto: SHA-1 signatures and AES-256-CBC envelopes, for every surface that shares them.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from runtime.channels._border.refusals import refused
from runtime.channels._tencent.refusals import AES_KEY, RECEIVE_ID, TIME, TOKEN, shown
from runtime.errors import Compared, fingerprint
from runtime.newest import Newest

NONE: Mapping[str, str] = {}
# PKCS7 to 32, although the cipher's block is 16: an ordinary unpadder fails on half of all messages.
PAD_BLOCK = 32
CIPHER_BLOCK = 16
HEAD = 20
"""Bytes before the message: 16 random ones, then its length as a big-endian uint32."""


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts: token, timestamp, nonce and, for an encrypted body, its ciphertext."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def check_signature(given: str, *parts: str, mistaken: Mapping[str, str] = NONE) -> None:
    """Compare in constant time. `parts`: our Token, the time, the rest. Raises Refused (`signature`).

    `mistaken`: what its owner may have taken for the Token, by name; told when it was signed with that.
    """
    if not _is(given, *parts):
        time = [Compared(TIME, there=shown(parts[1]))] if len(parts) > 1 else []
        signed = (name for name, secret in mistaken.items() if secret and _is(given, secret, *parts[1:]))
        raise refused("signature", Compared(TOKEN, fingerprint(parts[0]), next(signed, "")), *time)


def _is(given: str, *parts: str) -> bool:
    return hmac.compare_digest(signature(*parts).encode(), given.encode("utf-8", "replace"))


class Seen:
    """What each signature came with, for as long as its time is fresh.

    A plain signature covers no body: whoever saw one could send another body with it. So the first request
    that it comes with binds it, and the same request may come again.
    """

    def __init__(self, seconds: float, most: int = 100_000) -> None:
        """At most so many are remembered, the newest; each takes 250 bytes."""
        self._seconds = seconds
        self._bodies = Newest[bytes, tuple[float, bytes]](most)

    def bind(self, timestamp: str, nonce: str, content: bytes, now: float) -> None:
        """Raises Refused (`replayed`) when it came with another content before."""
        self._bodies.forget(lambda its: abs(now - its[0]) > 2 * self._seconds)
        content = _digest(content)
        _, known = self._bodies.setdefault(_digest(f"{timestamp}\n{nonce}".encode()), (now, content))
        if known != content:
            raise refused("replayed")


def _digest(of: bytes) -> bytes:
    return hashlib.blake2b(of, digest_size=16).digest()


class Envelope:
    """Seals and opens messages with one account's EncodingAESKey. `receive_id`: AppID, CorpID, or empty."""

    def __init__(self, encoding_aes_key: str, receive_id: str) -> None:
        key = base64.b64decode(encoding_aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:CIPHER_BLOCK]))
        self._receive_id = receive_id.encode()
        self._key = Compared(AES_KEY, fingerprint(encoding_aes_key))

    def seal(self, message: str, random16: bytes | None = None) -> str:
        """Encrypt and encode a message. `random16` is fixed only to reproduce published samples."""
        body = message.encode()
        data = (random16 or secrets.token_bytes(16)) + len(body).to_bytes(4, "big") + body + self._receive_id
        pad = PAD_BLOCK - len(data) % PAD_BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(data + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def open(self, sealed: str) -> bytes:
        """Decode and decrypt, after the signature was checked.

        Raises Refused: `decrypt` for any damage, `receive_id` when it was sealed for another account.
        """
        try:
            ciphertext = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            raise refused("decrypt", self._key) from None
        if not ciphertext or len(ciphertext) % CIPHER_BLOCK:
            raise refused("decrypt", self._key)

        decryptor = self._cipher.decryptor()
        data = _unpad(decryptor.update(ciphertext) + decryptor.finalize())
        end = HEAD + int.from_bytes(data[16:HEAD], "big")
        if not HEAD < end <= len(data):
            raise refused("decrypt", self._key)
        if not hmac.compare_digest(data[end:], self._receive_id):
            came = shown(data[end:].decode("utf-8", "replace"))
            raise refused("receive_id", Compared(RECEIVE_ID, self._receive_id.decode(), came))
        return data[HEAD:end]


def _unpad(data: bytes) -> bytes:
    """Empty when the padding is none."""
    pad = data[-1]
    if not 1 <= pad <= PAD_BLOCK or data[-pad:] != bytes([pad]) * pad:
        return b""
    return data[:-pad]


def open_file(content: bytes, key: str) -> bytes:
    """A file as it lies there, under a 32-byte key whose base64 may lack its `=`. Raises ValueError."""
    bare = key.rstrip("=")
    try:
        secret = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error as e:
        raise ValueError("no key") from e
    if len(secret) != 32 or not content or len(content) % CIPHER_BLOCK:
        raise ValueError("not encrypted as it should be")
    decryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:CIPHER_BLOCK])).decryptor()
    opened = _unpad(decryptor.update(content) + decryptor.finalize())
    if not opened:
        raise ValueError("padding")
    return opened
