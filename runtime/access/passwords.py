"""Hash and check the owner's password with scrypt (50 ms of CPU, 32 MB: call it in a thread)."""

import hashlib
import hmac
import os

COST, BLOCK, PARALLEL = 2**15, 8, 1
MEMORY = 64 * 2**20


def hash_password(password: str) -> str:
    salt = os.urandom(16)
    digest = _scrypt(password, salt, COST, BLOCK, PARALLEL)
    return f"{COST}${BLOCK}${PARALLEL}${salt.hex()}${digest.hex()}"


def is_password(password: str, hashed: str) -> bool:
    cost, block, parallel, salt, digest = hashed.split("$")
    found = _scrypt(password, bytes.fromhex(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(found, bytes.fromhex(digest))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=MEMORY)
