"""A stream that only a key opens: written and read a piece at a time, in the format of the program `age`.

So a backup can be opened without us, too: `age -d -i KEY backup.tar.gz.age | tar tz`. A header has the
file's own key as each other key seals it, and an HMAC; then come 64 KiB pieces of ChaCha20-Poly1305, each
bound to its place, the last to being the last. https://age-encryption.org/v1
"""

import hmac
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from runtime.backups.sealing_keys import FILE_KEY, SCRYPT, Key, Stanza, derived, plain, raw
from runtime.errors import BadSettings, Code
from runtime.lang import Text
from runtime.store.roll import Takes

MAGIC = b"age-encryption.org/v1\n"
PIECE = 64 * 1024
SEALED = PIECE + 16
"""Bytes of a piece as it is written."""
NONCE = 16
LONGEST_LINE, MOST_LINES = 1000, 200
COLUMNS = 64
TRIED = 4096
"""Places at which a piece that does not open at its own is looked for."""

_ANOTHER_KEY = Text(
    "「{file}」不是用这把密钥（或这个口令）加密的。请换成做备份时的那一把。什么都没有改动。",
    "{file!r} was encrypted with another key or passphrase. Give the one that it was made with. "
    "Nothing was changed.",
)
_CUT = Text(
    "「{file}」不完整：后面缺了一段。请重新取一份，或用另一份备份。什么都没有改动。",
    "{file!r} is cut short: its end is missing. Fetch it again, or take another backup. Nothing was changed.",
)
_CUT_OR_ALTERED = Text(
    "「{file}」不完整，或者结尾被改动、损坏了。请重新取一份，或用另一份备份。什么都没有改动。",
    "{file!r} is cut short, or its end was altered or damaged. Fetch it again, or take another backup. "
    "Nothing was changed.",
)
"""The last piece may be of any length: which of both it is, nobody can tell."""
_ALTERED = Text(
    "「{file}」被改动或损坏了（第 {at} 字节附近）。请用另一份备份。什么都没有改动。",
    "{file!r} was altered or damaged, near byte {at}. Take another backup. Nothing was changed.",
)
_ORDER = Text(
    "「{file}」里的内容被换了位置，或缺了中间一段（第 {at} 字节附近）。请用另一份备份。什么都没有改动。",
    "The pieces of {file!r} are not in their order, or one in the middle is missing, near byte {at}. "
    "Take another backup. Nothing was changed.",
)
_MORE = Text(
    "「{file}」后面多出了东西（第 {at} 字节起）。请用另一份备份。什么都没有改动。",
    "Something was added to {file!r}, after byte {at}. Take another backup. Nothing was changed.",
)


@contextmanager
def sealing(to: Takes, key: Key, own: bytes | None = None) -> Iterator[Takes]:
    """Whatever is written goes there sealed. Where it ends by an error, the end is missing, which is noticed.
    `own`: the file's key, by which whoever made it can read it again."""
    own = own or os.urandom(FILE_KEY)
    to.write(_header(own, [key.wrap(own)]))
    nonce = os.urandom(NONCE)
    to.write(nonce)
    writer = _Writer(to, derived(own, nonce, b"payload"))
    yield writer
    writer.end()


class _Writer:
    def __init__(self, to: Takes, key: bytes) -> None:
        self._to, self._cipher, self._kept, self._place = to, ChaCha20Poly1305(key), bytearray(), 0

    def write(self, data: bytes, /) -> int:
        self._kept += data
        while (
            len(self._kept) > PIECE
        ):  # the last one may be whole, and nobody knows yet whether it is the last
            self._put(bytes(self._kept[:PIECE]), is_last=False)
            del self._kept[:PIECE]
        return len(data)

    def end(self) -> None:
        self._put(bytes(self._kept), is_last=True)

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        self._to.write(self._cipher.encrypt(_nonce(self._place, is_last), piece, None))
        self._place += 1


class Opening:
    """Reads what was sealed. Raises BadSettings: another key, cut, altered, in another order."""

    def __init__(self, source: BinaryIO, key: Key | None, name: str, own: bytes | None = None) -> None:
        """`source` is read from its start; `own`: instead of a key, see `sealing`."""
        self._source, self._name, self._place, self._at = source, name, 0, 0
        self._plain, self._is_over = b"", False
        own = self._opened(own, key)
        nonce = self._take(NONCE)
        if len(nonce) < NONCE:
            raise self._wrong(_CUT, "cut_off")
        self._cipher = ChaCha20Poly1305(derived(own, nonce, b"payload"))
        self._next = self._take(SEALED)

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; fewer only at the end."""
        found = bytearray(self._plain)
        while not self._is_over and (size < 0 or len(found) < size):
            found += self._piece()
        if size < 0:
            size = len(found)
        self._plain = bytes(found[size:])
        return bytes(found[:size])

    def _opened(self, own: bytes | None, key: Key | None) -> bytes:
        head, stanzas, mac = self._head()
        if len(stanzas) > 1 and any(one.words[0] == SCRYPT for one in stanzas):
            raise self._wrong(_ALTERED, "damaged")  # nobody writes that, and each would take a second
        if own is None:
            own = next((found for one in stanzas if key and (found := key.unwrap(one))), None)
        if own is None:
            raise self._wrong(_ANOTHER_KEY, "wrong_key")
        if not hmac.compare_digest(hmac.digest(derived(own, b"", b"header"), head, "sha256"), mac):
            raise self._wrong(_ALTERED, "damaged")
        return own

    def _piece(self) -> bytes:
        sealed, self._next = self._next, self._take(SEALED) if len(self._next) == SEALED else b""
        is_last = not self._next
        for last in (is_last, not is_last):
            if (plain := self._at_place(sealed, self._place, last)) is not None:
                break
        else:
            raise self._judged(sealed)
        if last != is_last:
            raise self._wrong(_MORE, "damaged") if last else self._wrong(_CUT, "cut_off")
        if not plain and self._place:
            raise self._wrong(_ALTERED, "damaged")  # nobody writes an empty piece but as the only one
        self._place, self._is_over = self._place + 1, is_last
        return plain

    def _judged(self, sealed: bytes) -> BadSettings:
        if len(sealed) < SEALED:
            return self._wrong(_CUT_OR_ALTERED, "cut_off")
        others = range(max(0, self._place - TRIED), self._place + TRIED)
        if any(self._at_place(sealed, place, False) is not None for place in others):
            return self._wrong(_ORDER, "damaged")
        return self._wrong(_ALTERED, "damaged")

    def _at_place(self, sealed: bytes, place: int, is_last: bool) -> bytes | None:
        try:
            return self._cipher.decrypt(_nonce(place, is_last), sealed, None)
        except (InvalidTag, ValueError):
            return None

    def _wrong(self, text: Text, code: Code) -> BadSettings:
        at = max(0, self._at - len(getattr(self, "_next", b"")))
        return BadSettings(text.fill(file=self._name, at=at), field="FILE", code=code)

    def _take(self, size: int) -> bytes:
        found = self._source.read(size)
        while len(found) < size and (more := self._source.read(size - len(found))):
            found += more
        self._at += len(found)
        return found

    def _line(self) -> bytes:
        line = bytearray()
        while not line.endswith(b"\n"):
            if len(line) > LONGEST_LINE:
                raise self._wrong(_ALTERED, "damaged")
            if not (one := self._take(1)):
                raise self._wrong(_CUT, "cut_off")
            line += one
        return bytes(line)

    def _head(self) -> tuple[bytes, Sequence[Stanza], bytes]:
        """What the HMAC is of, who may open it, and the HMAC."""
        head, stanzas = bytearray(self._line()), list[Stanza]()
        if head != MAGIC:
            raise self._wrong(_ALTERED, "damaged")
        for _ in range(MOST_LINES):
            line = self._line()
            text = line.decode("ascii", "replace").rstrip("\n")
            if text.startswith("--- "):
                return bytes(head + b"---"), stanzas, raw(text[4:]) or b""
            if not text.startswith("-> "):
                break
            body, part = "", "x" * COLUMNS
            head += line
            while len(part) == COLUMNS:
                line = self._line()
                head += line
                part = line.decode("ascii", "replace").rstrip("\n")
                body += part
            stanzas.append(Stanza(text[3:].split(" "), raw(body) or b""))
        raise self._wrong(_ALTERED, "damaged")


def is_sealed(head: bytes) -> bool:
    """`head`: how a file begins."""
    return head.startswith(MAGIC)


def _header(own: bytes, stanzas: Sequence[Stanza]) -> bytes:
    head = bytearray(MAGIC)
    for one in stanzas:
        body = plain(one.body)
        lines = [body[at : at + COLUMNS] for at in range(0, len(body) + 1, COLUMNS)]
        head += f"-> {' '.join(one.words)}\n".encode() + "".join(f"{line}\n" for line in lines).encode()
    head += b"---"
    mac = hmac.digest(derived(own, b"", b"header"), head, "sha256")
    return bytes(head) + f" {plain(mac)}\n".encode()


def _nonce(place: int, is_last: bool) -> bytes:
    return place.to_bytes(11, "big") + bytes([is_last])
