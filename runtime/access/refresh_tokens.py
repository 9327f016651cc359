"""What somebody who is signed in shows to go on being so: 256 bits, good once, known here by its hash.

    hyr-FAMILY.SECRET.CHECK

`CHECK` is ours: who made one up ends nobody's family with it. The next one follows from the one that is shown
and the `attempt` that shows it, by the installation's key: so whoever asks twice because the answer was lost
gets the same, though nothing of it is kept.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from runtime.store.control.control import Control

PREFIX = "hyr-"
SHAPE = re.compile(r"hyr-(?P<family>[\w-]{22})\.(?P<secret>[0-9a-f]{64})\.(?P<check>[0-9a-f]{32})", re.ASCII)
LIVES = 30 * 86_400
"""Seconds without being used."""


@dataclass(frozen=True)
class RefreshToken:
    family: str
    text: str = field(repr=False)

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class RefreshTokens:
    def __init__(self, control: Control) -> None:
        self._control = control

    def first(self) -> RefreshToken:
        """Of a new family."""
        return self._made(secrets.token_urlsafe(16), secrets.token_hex(32))

    def read(self, shown: str) -> RefreshToken | None:
        """None for what is none of ours."""
        found = SHAPE.fullmatch(shown)
        if found is None:
            return None
        family, secret, check = found.group("family", "secret", "check")
        marks = self._control.marks_of(f"refresh token {family} {secret}")
        is_ours = any([hmac.compare_digest(one[:32], check) for one in marks])
        return RefreshToken(family, shown) if is_ours else None

    def after(self, shown: RefreshToken, attempt: str) -> RefreshToken:
        return self._made(shown.family, self._control.mark(f"after {shown.text} {attempt}"))

    def _made(self, family: str, secret: str) -> RefreshToken:
        check = self._control.mark(f"refresh token {family} {secret}")[:32]
        return RefreshToken(family, f"{PREFIX}{family}.{secret}.{check}")
