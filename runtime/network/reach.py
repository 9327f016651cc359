"""Where one request of a tool may go. The owner decides it in the agent; an operator, for the own network."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from yarl import URL

from runtime.errors import BadSettings
from runtime.lang import Text


@dataclass(frozen=True)
class Reach:
    """Who chose the address of a request, and where that request may lead."""

    chosen: Literal["owner", "person", "model"] = "model"
    """By whom the address was written. Nobody's but these reach the own network."""
    tool: str = ""
    """The tool's type."""
    hosts: tuple[str, ...] = ()
    """Patterns of the hosts that it and its redirects may ask; empty: all that are public."""

    def allows(self, host: str) -> bool:
        return not self.hosts or any(matches(host, pattern) for pattern in self.hosts)


@dataclass(frozen=True)
class Allowance:
    """One entry of HONGYAN_EGRESS_ALLOW: a host and port that need not be public. `tool` "": every tool."""

    tool: str
    host: str
    port: int

    @classmethod
    def parse(cls, entry: str) -> "Allowance":
        """Of `host:port` or `tool=host:port`. Raises BadSettings."""
        tool, _, place = entry.strip().rpartition("=")
        try:
            url = URL(f"http://{place}")
            good = url.host and url.explicit_port and url.path in ("", "/") and url.user is None
            if not good or not re.fullmatch(r"[a-z0-9_]*", tool) or entry.startswith("="):
                raise ValueError
        except ValueError:
            raise BadSettings(
                Text(
                    "HONGYAN_EGRESS_ALLOW 里的「{entry}」应写成 工具=主机:端口，"
                    "例如 http_request=10.0.0.5:8080。",
                    "{entry!r} in HONGYAN_EGRESS_ALLOW should be tool=host:port, "
                    "e.g. http_request=10.0.0.5:8080.",
                ).fill(entry=entry),
                field="HONGYAN_EGRESS_ALLOW",
            ) from None
        return cls(tool, url.host or "", url.explicit_port or 0)

    def holds(self, host: str, port: int, reach: Reach) -> bool:
        """Never for an address that a model made up; for a person's, only where the tool is named."""
        if (self.host, self.port) != (host, port) or reach.chosen == "model":
            return False
        return self.tool == reach.tool if self.tool else reach.chosen == "owner"


def permitted(allowances: Iterable[Allowance], url: URL, reach: Reach) -> bool:
    """Whether an operator lets this request into the own network."""
    return any(allowance.holds(url.host or "", url.port or 0, reach) for allowance in allowances)


def matches(host: str, pattern: str) -> bool:
    """`*.example.com` is every host below example.com, not itself."""
    host = host.lower().rstrip(".")
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def host_of(url: str) -> str:
    """As `matches` compares it: lower case, in ASCII. "" when there is none."""
    try:
        return (URL(url).raw_host or "").lower().rstrip(".")
    except ValueError:
        return ""
