"""By whose key a backup opens: a passphrase, or a pair of which the machine needs the public half alone.

https://age-encryption.org/v1 (recipients scrypt and X25519)
"""

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from runtime.backups import bech32

FILE_KEY = 16
"""Bytes of the key that a file has of its own."""
WRAPPED = FILE_KEY + 16
NONE = bytes(12)
"""The nonce of a key that seals once."""
PUBLIC, SECRET = "age", "age-secret-key-"
X25519_ABOUT, SCRYPT_ABOUT = b"age-encryption.org/v1/X25519", b"age-encryption.org/v1/scrypt"
SCRYPT = "scrypt"
"""First word of what a passphrase opens; it has no other beside it."""
WORK, MOST_WORK = 17, 20
"""The logarithm of scrypt's N: 128 MB and half a second here; above the second nobody tries to open one."""


@dataclass(frozen=True)
class Stanza:
    """How one key opens the file: its words, and the file's key as it seals that."""

    words: Sequence[str]
    body: bytes


class Key(Protocol):
    """`opens`: it can also read what it sealed."""

    @property
    def opens(self) -> bool: ...

    def wrap(self, file_key: bytes) -> Stanza: ...

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file's key; None: it is not for this one."""


@dataclass(frozen=True)
class Passphrase:
    """`work`: see WORK."""

    text: str = field(repr=False)
    work: int = WORK
    opens: bool = True

    def wrap(self, file_key: bytes) -> Stanza:
        salt = os.urandom(16)
        return Stanza((SCRYPT, plain(salt), str(self.work)), _seal(self._key(salt, self.work), file_key))

    def unwrap(self, stanza: Stanza) -> bytes | None:
        kind, *rest = stanza.words
        if kind != SCRYPT or len(rest) != 2 or not rest[1].isascii() or not rest[1].isdigit():
            return None
        salt, work = raw(rest[0]), int(rest[1][:4])
        if salt is None or len(salt) != 16 or not 1 <= work <= MOST_WORK:
            return None
        return _open(self._key(salt, work), stanza.body)

    def _key(self, salt: bytes, work: int) -> bytes:
        scrypt = Scrypt(salt=SCRYPT_ABOUT + salt, length=32, n=1 << work, r=8, p=1)
        return scrypt.derive(self.text.encode())


@dataclass(frozen=True)
class PublicKey:
    """Seals, and opens nothing."""

    raw: bytes
    opens: bool = False

    def wrap(self, file_key: bytes) -> Stanza:
        once = X25519PrivateKey.generate()
        share = once.public_key().public_bytes_raw()
        shared = once.exchange(X25519PublicKey.from_public_bytes(self.raw))
        return Stanza(("X25519", plain(share)), _seal(_derived(shared, share + self.raw), file_key))

    def unwrap(self, stanza: Stanza) -> bytes | None:
        return None

    @property
    def written(self) -> str:
        return bech32.encode(PUBLIC, self.raw)


@dataclass(frozen=True)
class SecretKey:
    """The whole pair."""

    raw: bytes = field(repr=False)
    opens: bool = True

    @property
    def public(self) -> PublicKey:
        return PublicKey(X25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw())

    @property
    def written(self) -> str:
        return bech32.encode(SECRET, self.raw).upper()

    def wrap(self, file_key: bytes) -> Stanza:
        return self.public.wrap(file_key)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        kind, *rest = stanza.words
        share = raw(rest[0]) if kind == "X25519" and len(rest) == 1 else None
        if share is None or len(share) != 32:
            return None
        try:
            own = X25519PrivateKey.from_private_bytes(self.raw)
            shared = own.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:  # a share of low order
            return None
        return _open(_derived(shared, share + self.public.raw), stanza.body)


def plain(raw: bytes) -> str:
    """Base64 without its padding."""
    return base64.b64encode(raw).decode().rstrip("=")


def raw(text: str) -> bytes | None:
    """None: it is not written as `plain` writes it."""
    try:
        found = base64.b64decode(f"{text}{'=' * (-len(text) % 4)}", validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if plain(found) == text else None


def derived(key: bytes, salt: bytes, about: bytes) -> bytes:
    """32 bytes."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=about).derive(key)


def _derived(shared: bytes, salt: bytes) -> bytes:
    return derived(shared, salt, X25519_ABOUT)


def _seal(key: bytes, file_key: bytes) -> bytes:
    return ChaCha20Poly1305(key).encrypt(NONE, file_key, None)


def _open(key: bytes, body: bytes) -> bytes | None:
    if len(body) != WRAPPED:
        return None
    try:
        return ChaCha20Poly1305(key).decrypt(NONE, body, None)
    except InvalidTag:
        return None
