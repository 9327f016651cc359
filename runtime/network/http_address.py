"""An address of a server as somebody wrote it: whether it is one, and whether it is near."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from runtime.network.public_address import is_public

NEAR = re.compile(r"(?i)(^|\.)(localhost|local|internal|lan|intranet|home|corp|localdomain)\.?$")
"""Names that never lead to the public internet (RFC 6761, 6762, 8375, ICANN's reserved `internal`)."""

NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|[0-9]+")


def split(url: str) -> SplitResult:
    """The parts of an http or https address; its host and port may be relied on. Raises ValueError."""
    # urlsplit drops line breaks without a word, and takes what stands before a backslash for a user's name.
    if re.search(r"[\s\x00-\x1f\x7f\\]", url):
        raise ValueError("an address has no spaces, control characters or backslashes")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("not an http or https address")
    return parts


def is_near(host: str) -> bool:
    """On this machine or in its network, as far as the way it is written tells."""
    try:
        return not is_public(_numeric(host))
    except ValueError:
        return "." not in host or bool(NEAR.search(host))


def _numeric(host: str) -> str:
    """An IPv4 address in any spelling that systems take: decimal, hex, octal, short (inet_aton)."""
    parts = host.split(".")
    if ":" in host or len(parts) > 4 or not all(NUMBER.fullmatch(part) for part in parts):
        return str(ipaddress.ip_address(host.strip("[]").partition("%")[0]))
    *first, last = (_number(part) for part in parts)
    return str(ipaddress.IPv4Address(sum(n << 8 * (3 - i) for i, n in enumerate(first)) + last))


def _number(part: str) -> int:
    if part[:2].lower() == "0x":
        return int(part, 16)
    return int(part, 8 if part.startswith("0") and part != "0" else 10)
