"""AES-128-ECB with PKCS#7 padding, as files lie on a CDN of the platform's."""

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def encrypted(content: bytes, key: bytes) -> bytes:
    padder = padding.PKCS7(128).padder()
    padded = padder.update(content) + padder.finalize()
    sealer = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # the platform's choice
    return sealer.update(padded) + sealer.finalize()


def decrypted(content: bytes, key: bytes) -> bytes:
    """Raises ValueError."""
    opener = Cipher(algorithms.AES(key), modes.ECB()).decryptor()
    padded = opener.update(content) + opener.finalize()
    unpadder = padding.PKCS7(128).unpadder()
    return unpadder.update(padded) + unpadder.finalize()
