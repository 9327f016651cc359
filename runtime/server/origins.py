"""Which hosts are ours, and whether a request comes from one of our own pages."""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from runtime.server.visit import Visit


class Origins:
    """`public_url` gives the configured address; it may change while the program runs."""

    def __init__(self, public_url: Callable[[], str]) -> None:
        self._public_url = public_url

    def knows_host(self, host: str) -> bool:
        """This machine by name, any address by number, or the configured public host.

        A foreign name that resolves to us (DNS rebinding) is none of these.
        """
        name = _host_name(host)
        if name in ("localhost", _host_name(urlsplit(self._public_url()).netloc)):
            return bool(name)
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def is_ours(self, visit: Visit) -> bool:
        """Whether one of our pages sent it, or a program: browsers send Origin or Sec-Fetch-Site."""
        origin = visit.headers.get("origin")
        if origin is not None:
            there = urlsplit(origin).netloc.lower()
            return bool(there) and there in (visit.host.lower(), urlsplit(self._public_url()).netloc.lower())
        return visit.headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _host_name(host: str) -> str:
    """Without the port and an IPv6 address's brackets; "" when malformed."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
