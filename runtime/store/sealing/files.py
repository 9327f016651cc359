"""A sealed file: it has a key of its own, which the keys of those seal who sent it or were sent it.

So one that several have is kept once, and opens for as long as the key of one of them is there. What is known
of it lies beside it, sealed by the file's key.
"""

import base64
import json
import os
import re
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime.store.sealing.envelope import NONCE_BYTES

MAGIC = b"\x02hongyan sealed file 1\n"
BESIDE = b"\x02hongyan sealed note 1\n"
MOST = 20
"""People who may open one: what more have is no one's own."""
HEAD = re.compile(rb'\{(?:"[0-9]{1,18}": "[A-Za-z0-9+/]{80}"(?:, |(?=\}\n))){1,%d}\}\n' % (MOST + 1))
"""Who they are, each with the file's key as theirs seals it. Somebody may send a file that begins like a
sealed one and goes on in any way: that is none."""
Keys = dict[int, AESGCM]
"""Of people, by their numbers."""


def is_sealed(head: bytes) -> bool:
    """`head`: how a file begins."""
    return head.startswith((MAGIC, BESIDE))


def seal(content: bytes, name: str, keys: Keys) -> bytes:
    """`name`: under which it lies, and opens alone."""
    own = os.urandom(32)
    return _headed(own, name, keys) + _sealed(AESGCM(own), content, name)


def opens_for(sealed: bytes) -> Sequence[int]:
    """The numbers of the keys that may open it; none where that cannot be read."""
    return [int(id) for id in _head(sealed)]


def key_of(sealed: bytes, name: str, keys: Keys) -> bytes | None:
    """None: none of these opens it."""
    for id, wrapped in _head(sealed).items():
        cipher = keys.get(int(id))
        raw = base64.b64decode(wrapped) if cipher else b""
        if cipher and (own := _opened(cipher, raw, f"{id}|{name}")) is not None:
            return own
    return None


def open_file(sealed: bytes, name: str, keys: Keys) -> bytes | None:
    """None: none of these keys opens it, or it is damaged."""
    own = key_of(sealed, name, keys)
    return _opened(AESGCM(own), _body(sealed), name) if own else None


def for_others(sealed: bytes, name: str, own: bytes, keys: Keys) -> bytes:
    """The same, as these open it."""
    return _headed(own, name, keys) + _body(sealed)


def seal_beside(content: bytes, name: str, own: bytes) -> bytes:
    """`own`: the file's key, see key_of."""
    return BESIDE + _sealed(AESGCM(own), content, name)


def open_beside(sealed: bytes, name: str, own: bytes) -> bytes | None:
    return _opened(AESGCM(own), sealed.removeprefix(BESIDE), name)


def _headed(own: bytes, name: str, keys: Keys) -> bytes:
    wrapped = {
        str(id): base64.b64encode(_sealed(cipher, own, f"{id}|{name}")).decode()
        for id, cipher in keys.items()
    }
    return MAGIC + json.dumps(wrapped).encode() + b"\n"


def _head(sealed: bytes) -> dict[str, str]:
    if not (sealed.startswith(MAGIC) and (found := HEAD.match(sealed, len(MAGIC)))):
        return {}
    wrapped: dict[str, str] = json.loads(found[0])
    return {str(int(id)): one for id, one in wrapped.items()}


def _body(sealed: bytes) -> bytes:
    """Of one whose key was found in its head."""
    return sealed[sealed.index(b"\n", len(MAGIC)) + 1 :]


def _sealed(cipher: AESGCM, content: bytes, about: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, about.encode())


def _opened(cipher: AESGCM, raw: bytes, about: str) -> bytes | None:
    try:
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError):
        return None
