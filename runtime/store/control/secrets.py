"""Seal credentials: AES-256-GCM, bound to the record they belong to."""

import base64
import contextlib
import hashlib
import hmac
import logging
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime.errors import BadSettings
from runtime.files import write_whole
from runtime.lang import Text
from runtime.locks import alone
from runtime.store.control.atomic import PRIVATE

NONCE_BYTES = 12
KEY_FILE = "secret.key"
NEXT, MARKS = "next:", "marks:"

log = logging.getLogger(__name__)


class SecretBox:
    """Seals with the first key, opens with any: to rotate, put a new key in front and drop the old one later.

    A sealed text is `number:base64(nonce + ciphertext)`, where the number says which key sealed it. A key
    that begins with `next:` opens and does not seal yet; `marks:` begins what makes marks, see key_rotation.
    """

    def __init__(self, keys: Sequence[str], path: Path | None = None) -> None:
        """`path`: the file that they are from, which is read again when it changes."""
        self._path, self._stamp = path, _stamp(path)
        self._take(keys)

    def _take(self, given: Sequence[str]) -> None:
        keys = sealing(given)
        ciphers: dict[str, AESGCM] = {}
        for key in keys:
            raw = hashlib.sha256(b"hongyan sealing key\0" + key.encode()).digest()
            ciphers[hashlib.sha256(raw).hexdigest()[:8]] = AESGCM(raw)
        self._ciphers, self._number = ciphers, next(iter(ciphers))
        self.marks = [hashlib.sha256(b"hongyan comparing key\0" + key.encode()).hexdigest() for key in keys]
        """By which two instances see that they have the same keys; the first one seals."""
        kept = [bytes.fromhex(one.removeprefix(MARKS)) for one in given if one.startswith(MARKS)]
        self._markings = [*kept, *map(marking, keys)]

    def fresh(self) -> None:
        """Keys that were put into the file since: a command changes them while we run."""
        if self._path and (stamp := _stamp(self._path)) != self._stamp:
            with contextlib.suppress(OSError, ValueError, StopIteration):
                self._take(self._path.read_text(encoding="utf-8").split())
                self._stamp = stamp

    @property
    def number(self) -> str:
        """Of the one that seals."""
        return self._number

    @property
    def older(self) -> Sequence[str]:
        """Numbers of those that only open."""
        return [number for number in self._ciphers if number != self._number]

    @classmethod
    def in_folder(cls, folder: Path, given: str = "", *, is_new: bool = True) -> Self:
        """Keys from `given` (with commas), else from `secret.key`, which is made when the folder `is_new`.

        Raises BadSettings when the key file of a folder in use is gone.
        """
        if given:
            return cls([key.strip() for key in given.split(",")])
        path = folder / KEY_FILE
        if not path.exists():
            if not is_new:
                raise _lost(path)
            with alone(path.with_name(f"{KEY_FILE}.lock"), here=True):  # one, of programs that start together
                if not path.exists():
                    write_whole(path, f"{secrets.token_urlsafe(32)}\n".encode(), PRIVATE)
        if path.stat().st_mode & 0o077:
            log.warning("%s could be read by others; it is now private (0600)", path)
            path.chmod(0o600)
        keys = path.read_text(encoding="utf-8").split()
        if not sealing(keys):
            raise _lost(path)
        return cls(keys, path)

    def seal(self, secret: str, owner: str) -> str:
        """`owner` names the record and field; the sealed text opens nowhere else."""
        self.fresh()
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._ciphers[self._number].encrypt(nonce, secret.encode(), owner.encode())
        return f"{self._number}:{base64.b64encode(sealed).decode()}"

    def open(self, sealed: str, owner: str) -> str:
        """Raises BadSettings when it was sealed with a key we do not have, or for another record."""
        number, _, content = sealed.partition(":")
        if number not in self._ciphers:
            self.fresh()
        cipher = self._ciphers.get(number)
        if cipher is None:
            raise _wrong_key(owner)
        try:
            raw = base64.b64decode(content, validate=True)
            return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], owner.encode()).decode()
        except (InvalidTag, ValueError):
            raise BadSettings(
                Text(
                    "「{owner}」的密文已损坏，请重新填写。",
                    "The sealed value of {owner!r} is damaged; enter it again.",
                ).fill(owner=owner),
                field=owner,
                code="damaged",
            ) from None

    def mark(self, what: str) -> str:
        """64 digits that nobody else can make of it, and the same for whoever has our key."""
        return hmac.digest(self._markings[0], what.encode(), "sha256").hex()

    def marks_of(self, what: str) -> list[str]:
        """By each of our keys, the one of `mark` first."""
        return [hmac.digest(key, what.encode(), "sha256").hex() for key in self._markings]

    def is_mark(self, what: str, given: str) -> bool:
        """Whether that is our mark of it, by any of our keys."""
        return any([hmac.compare_digest(one.encode(), given.encode()) for one in self.marks_of(what)])

    def is_current(self, sealed: str) -> bool:
        """Whether the first key sealed it."""
        return sealed.startswith(f"{self._number}:")


def sealing(keys: Sequence[str]) -> list[str]:
    """Those that seal and open: what opens only is behind what seals."""
    now = [key for key in keys if not key.startswith((NEXT, MARKS))]
    return [*now, *(key.removeprefix(NEXT) for key in keys if key.startswith(NEXT))] if now else []


def marking(key: str) -> bytes:
    """What makes marks of it; nothing that it sealed opens by that."""
    return hashlib.sha256(b"hongyan marking key\0" + key.encode()).digest()


def _stamp(path: Path | None) -> tuple[int, int] | None:
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ino) if found else None


def _lost(path: Path) -> BadSettings:
    return BadSettings(
        Text(
            "密钥文件「{path}」不见了，已保存的凭证无法解开。"
            "请恢复这个文件，或用 HONGYAN_SECRET_KEY 给出密钥。",
            "The key file {path!r} is gone, so the stored credentials cannot be opened. "
            "Restore it, or give the key in HONGYAN_SECRET_KEY.",
        ).fill(path=str(path)),
        field="HONGYAN_SECRET_KEY",
    )


def _wrong_key(owner: str) -> BadSettings:
    return BadSettings(
        Text(
            "密钥不对：「{owner}」是用另一把密钥加密的。请恢复原来的 data/{key_file} 或 HONGYAN_SECRET_KEY。",
            "Wrong key: {owner!r} was sealed with another one. "
            "Restore the former data/{key_file} or HONGYAN_SECRET_KEY.",
        ).fill(owner=owner, key_file=KEY_FILE),
        field="HONGYAN_SECRET_KEY",
        code="wrong_key",
    )
