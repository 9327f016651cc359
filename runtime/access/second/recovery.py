"""Codes on paper, for whoever lost the phone: each opens once."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from runtime.access.second.codes import tidy

MANY = 10
BYTES = 10
"""80 random bits: their plain hash cannot be guessed backwards."""
LETTERS = 16


def made() -> list[str]:
    """Ten, as they are written down: four groups of letters and digits."""
    return [_grouped(base64.b32encode(secrets.token_bytes(BYTES)).decode().lower()) for _ in range(MANY)]


def digest(user: str, typed: str) -> str:
    return hashlib.sha256(f"recovery {user} {tidy(typed)}".encode()).hexdigest()


def without(user: str, typed: str, kept: Sequence[str]) -> tuple[str, ...] | None:
    """Those that are left once this one is used; None when it is none of them."""
    given = digest(user, typed)
    left = tuple(one for one in kept if not hmac.compare_digest(one, given))
    return left if len(left) < len(kept) else None


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, LETTERS, 4))
