"""Hash and check passwords with Argon2id (50 ms of CPU, 46 MB: call it in a thread).

Older homes have scrypt's; they are checked as they are, and hashed anew by whoever signs in with one.
"""

import hashlib
import hmac

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

ARGON2 = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
"""The second of OWASP's equal choices, for programs that check a few side by side."""
NONE = "$argon2id$v=19$m=47104,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""Of nobody: whoever asks for a user that is not there waits as long as for one that is."""
SCRYPT_MEMORY = 64 * 2**20


def hash_password(password: str) -> str:
    return ARGON2.hash(password.encode("utf-8", "surrogatepass"))


def is_password(password: str, hashed: str) -> bool:
    """False also for a hash that is none."""
    given = password.encode("utf-8", "surrogatepass")
    if not hashed.startswith("$argon2"):
        return _is_scrypt(given, hashed)
    try:
        return ARGON2.verify(hashed, given)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(hashed: str) -> bool:
    """Whether it is to be hashed anew as soon as the password is known."""
    return not hashed.startswith("$argon2") or ARGON2.check_needs_rehash(hashed)


def _is_scrypt(password: bytes, hashed: str) -> bool:
    try:
        cost, block, parallel, salt, digest = hashed.split("$")
        found = hashlib.scrypt(
            password,
            salt=bytes.fromhex(salt),
            n=int(cost),
            r=int(block),
            p=int(parallel),
            maxmem=SCRYPT_MEMORY,
        )
        return hmac.compare_digest(found, bytes.fromhex(digest))
    except ValueError:
        return False
