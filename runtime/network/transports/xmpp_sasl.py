"""Proving a password without saying it: SCRAM (RFC 5802, 7677), or PLAIN within TLS where a server "
"has nothing else."""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Collection, Generator

MOST_ROUNDS = 500_000
"""More would hold a thread for long; servers ask for 4,096 to 100,000."""
SCRAM = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-1": "sha1"}


class Mistrust(ValueError):
    """The server does not know the password either, or breaks the rules."""


def chosen(offered: Collection[str]) -> str:
    """The best of them; "" when there is none."""
    return next((one for one in (*SCRAM, "PLAIN") if one in offered), "")


def steps(mechanism: str, user: str, password: str, nonce: str = "") -> Generator[str, str, None]:
    """What to say first, and then to each thing that is said. Base64 both ways. Raises Mistrust."""
    password = unicodedata.normalize("NFKC", password)
    if mechanism == "PLAIN":
        yield _packed(f"\0{user}\0{password}")
        return
    digest, nonce = SCRAM[mechanism], nonce or secrets.token_urlsafe(24)
    name = user.replace("=", "=3D").replace(",", "=2C")
    bare = f"n={name},r={nonce}"
    first = _unpacked((yield _packed(f"n,,{bare}")))
    told = dict(part.split("=", 1) for part in first.split(",") if "=" in part)
    try:
        salt, rounds = base64.b64decode(told["s"], validate=True), int(told["i"])
    except (KeyError, ValueError):
        raise Mistrust from None
    if (
        not told.get("r", "").startswith(nonce)
        or told["r"] == nonce
        or not 0 < rounds <= MOST_ROUNDS
        or "m" in told
    ):
        raise Mistrust
    salted = hashlib.pbkdf2_hmac(digest, password.encode(), salt, rounds)
    ours, theirs = (hmac.digest(salted, key, digest) for key in (b"Client Key", b"Server Key"))
    last = f"c=biws,r={told['r']}"
    signed = f"{bare},{first},{last}".encode()
    proof = _xor(ours, hmac.digest(hashlib.new(digest, ours).digest(), signed, digest))
    said = _unpacked((yield _packed(f"{last},p={base64.b64encode(proof).decode()}")))
    expected = f"v={base64.b64encode(hmac.digest(theirs, signed, digest)).decode()}"
    if not hmac.compare_digest(said.partition(",")[0].encode(), expected.encode()):
        raise Mistrust


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _unpacked(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        raise Mistrust from None
