"""Which hosts are ours, and whether a request comes from one of our own pages."""

import ipaddress
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from runtime.server.door.visit import Visit

NAME = r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]"
HOST = re.compile(rf"(?P<name>{NAME})(?::(?P<port>[0-9]{{1,5}}))?")
"""A name or a number, and a port: nothing else that URLs may hold (RFC 9110, 7.2)."""
PORTS = {"http": "80", "https": "443"}


class Origins:
    """`public_url` gives the configured address; it may change while the program runs."""

    def __init__(self, public_url: Callable[[], str]) -> None:
        self._public_url = public_url

    def knows(self, visit: Visit) -> bool:
        """This machine by name, any address by number, or the configured public host.

        A foreign name that resolves to us (DNS rebinding) is none of these.
        """
        hosts = visit.headers.getlist("host")
        if len(hosts) != 1 or not (match := HOST.fullmatch(hosts[0].lower())):
            return False
        if match["port"] is not None and not 0 < int(match["port"]) < 65536:
            return False
        name = match["name"]
        if name in ("localhost", urlsplit(self._public_url()).hostname):
            return True
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return (":" in name) == name.startswith("[")

    def is_ours(self, visit: Visit) -> bool:
        """Whether one of our pages sent it, or a program: browsers send Origin or Sec-Fetch-Site."""
        origins = visit.headers.getlist("origin")
        if not origins:
            return visit.headers.get("sec-fetch-site", "none") in ("same-origin", "none")
        here = f"{'https' if visit.is_secure else 'http'}://{visit.host}"
        ours = {_origin(here), _origin(self._public_url())} - {""}
        return len(origins) == 1 and _origin(origins[0]) in ours


def _origin(url: str) -> str:
    """Scheme, host and port, without a port that goes without saying; "" when there is no such thing."""
    try:
        parts = urlsplit(url.lower())
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        return ""
    if scheme not in PORTS or not host or parts.username is not None:
        return ""
    return f"{scheme}://{host}:{port or PORTS[scheme]}"
