"""Who comes to a chat page: somebody new, or a member of the owner's own site, by its word.

The site says so in a JWT (RFC 7519) that is signed with the secret which it shares with us: HS256 and nothing
else, `sub`, `exp` of an hour at most, perhaps `name`.
"""

import base64
import hmac
import re
import secrets
from typing import Any

from runtime import wellformed
from runtime.channels import SignedIn
from runtime.errors import Refused
from runtime.lang import Text
from runtime.person import Described

SHAPE = re.compile(
    r"(?P<said>(?P<head>[\w-]{8,400})\.(?P<body>[\w-]{8,3000}))\.(?P<proof>[\w-]{43})", re.ASCII
)
HOUR = 3600
LEEWAY = 60
"""Seconds that clocks may differ."""
LONGEST = 128
"""Characters of who it is."""
NOT_PROVED = Text(
    "网站给的身份说明不能用：签名不对、过期了，或写法不对。"
    "请网站重新签一个（HS256，有 sub 和一小时内的 exp）。",
    "What the site says of who comes does not count: its signature is wrong, it is over, or written "
    "otherwise. Have it sign another (HS256, with sub and an exp within an hour).",
)


def new() -> SignedIn:
    return SignedIn(f"v-{secrets.token_hex(16)}")


def stated(statement: str, secret: str, now: float) -> SignedIn:
    """Raises Refused."""
    found = SHAPE.fullmatch(statement)
    if not secret or not found:
        raise _refused()
    proof = hmac.digest(secret.encode(), found["said"].encode(), "sha256")
    if not hmac.compare_digest(base64.urlsafe_b64encode(proof).rstrip(b"="), found["proof"].encode()):
        raise _refused()
    head, said = _object(found["head"]), _object(found["body"])
    if head.get("alg") != "HS256" or not head.keys() <= {"alg", "typ"}:
        raise _refused()
    who, until, name = said.get("sub"), said.get("exp"), said.get("name", "")
    if type(until) is not int or not now - LEEWAY < until <= now + HOUR + LEEWAY:
        raise _refused()
    if not isinstance(who, str) or not 0 < len(who) <= LONGEST or not who.isprintable():
        raise _refused()
    if not isinstance(name, str):
        raise _refused()
    return SignedIn(f"site:{who}", Described(name=name[:LONGEST]))


def _object(part: str) -> dict[str, Any]:
    """Raises Refused."""
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        found = wellformed.load(raw, largest=4096, unrepeated=True)
    except ValueError:
        raise _refused() from None
    if not isinstance(found, dict):
        raise _refused()
    return found


def _refused() -> Refused:
    return Refused(NOT_PROVED, code="proof")
