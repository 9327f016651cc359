"""Codes of an app on a phone (TOTP, RFC 6238): six digits that are another every half minute."""

import base64
import hmac
import unicodedata

import pyotp
import segno

SECONDS = 30
"""For which one code holds."""
EITHER_SIDE = 1
"""Codes before and after that count as well: clocks differ, and typing takes time."""
ISSUER = "Hongyan"
SECRET_BYTES = 20
"""As RFC 4226 recommends."""


def secret_from(digits: str) -> str:
    """In base32, as apps take it, of 40 or more hexadecimal digits that nobody can guess."""
    return base64.b32encode(bytes.fromhex(digits)[:SECRET_BYTES]).decode()


def address(secret: str, user: str) -> str:
    """`otpauth://`: what an app reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=ISSUER)


def picture(address: str) -> str:
    """The QR code as an SVG that stands in an address; black on white, which every camera reads."""
    code = segno.make_qr(address, error="m")
    return code.svg_data_uri(scale=4, border=3, light="#fff")


def tidy(typed: str) -> str:
    """Digits as digits, however a keyboard wrote them, and without what is put between them."""
    text = unicodedata.normalize("NFKC", typed[:100]).lower()
    return "".join(one for one in text if one.isalnum())


def is_code(typed: str) -> bool:
    text = tidy(typed)
    return len(text) == 6 and text.isascii() and text.isdigit()


def step_of(secret: str, typed: str, now: float, after: int) -> int | None:
    """The half minute whose code it is; None for any other, and for one no newer than `after`: a code that
    was used is of no use to whoever saw it."""
    code, current = tidy(typed), int(now) // SECONDS
    totp, found = pyotp.TOTP(secret), None
    for step in range(current - EITHER_SIDE, current + EITHER_SIDE + 1):
        is_it = hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        if is_it and step > after and found is None:
            found = step
    return found


def spaced(secret: str) -> str:
    """As it is read and typed."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
