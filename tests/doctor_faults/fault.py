"""A fault, and what several of them are made of."""

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from doctor_faults.nginx import GOOD
from doctor_faults.surfaces import CHANNELS

PUBLIC, SECOND, CLOSED, DEAF = "8.8.8.8", "8.8.4.4", "9.9.9.9", "1.1.1.1"
"""Addresses that names resolve to: two that lead to nginx, one where nothing listens, one that never "
"answers."""
NOT_FOUND = socket.gaierror(socket.EAI_NONAME, "not known")
TEMPORARY = socket.gaierror(socket.EAI_AGAIN, "temporary failure")


@dataclass(frozen=True)
class Fault:
    """`check` is the one that must be the first to fail, `says` what its English sentence must have in it."""

    id: str
    check: str = ""
    """"": all is well."""
    says: str = ""
    url: str = "https://{host}"
    nginx: str = GOOD
    """Of its server block. {app}: the program; {gateway}: what `through` does to requests and answers."""
    through: str = ""
    certificate: str = "good"
    more: str = ""
    names: Mapping[str, Sequence[str] | OSError] = field(default_factory=lambda: {"a": [PUBLIC], "aaaa": []})
    patience: float | None = None
    slow: float = 0.0
    """Seconds that every answer takes, on the check-up's clock."""
    api: Mapping[str, object] = field(default_factory=dict)
    """What the platform's API answers, by path; a number is an errcode."""
    skew: float | None = 0.0
    """Of the platform's clock; None: it does not say."""
    settings: Mapping[str, object] = field(default_factory=dict)
    """Ours, where they differ from the platform's."""
    call: str = ""
    """A real call came: `verify` or `message`, or with another mode."""
    theirs: Mapping[str, object] = field(default_factory=dict)
    """The platform's settings, where they differ from ours."""
    late: float = 0.0
    """Seconds that the real call's time is wrong by."""
    enabled: bool = True
    elsewhere: bool = False
    """Another installation answers."""
    api_down: bool = False
    proxy: str = ""
    """Of the platforms' APIs: `up` or `down`."""
    on: str = "wechat"
    """Its surface."""
    link: Mapping[str, object] | None = None
    """What was noted of the connection that we hold."""
    holder: float | None = None
    """Seconds since whoever holds it gave a sign of life."""
    trouble: str = ""
    """The code for which nothing can be sent just now."""

    @property
    def channel(self):
        return CHANNELS.get(self.on, self.on)


def proxied(line):
    return "location / { proxy_pass http://{app}; " + line + " }"


def answer(text, status=200, kind="text/html"):
    return f"location / {{ default_type {kind}; return {status} '{text}'; }}"


CHECK = "cgi-bin/callback/check"
THERE = {"dns": [{"ip": SECOND}], "ping": []}
HERE = {"a": ["127.0.0.1"], "aaaa": ["::1"]}
NOWHERE = {"a": NOT_FOUND, "aaaa": NOT_FOUND}
VIA = "location / { proxy_pass http://{gateway}; }"
HELLO = "<html>welcome to nginx</html>"
LOGIN = "<html><form><input type=password name=p></form></html>"
