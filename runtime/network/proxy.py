"""The proxy that a machine needs to reach the world: one for models and tools, one for the platforms.

Whoever is near, on this machine or in its network, is always reached without it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.network import http_address

OUT = "HONGYAN_PROXY"
PLATFORMS = "HONGYAN_PLATFORM_PROXY"
USUAL = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy")
"""What other programs read; taken for OUT when that is not set."""
DIRECT = "direct"


@dataclass(frozen=True)
class Proxy:
    """`url`: http://host:port, or "" for none. `without`: hosts, and endings of hosts, as in NO_PROXY.
    `apart`: hosts, and endings of hosts, that have one of their own, or none ("")."""

    url: str = ""
    without: tuple[str, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()

    @classmethod
    def out(cls, environ: Mapping[str, str]) -> "Proxy":
        """Of models and tools. Raises ValueError with both languages for what cannot be used."""
        given = next((value for name in (OUT, *USUAL) if (value := environ.get(name, "").strip())), "")
        return cls(_checked(given), _without(environ))

    @classmethod
    def platforms(cls, environ: Mapping[str, str]) -> "Proxy":
        """Of the platforms' APIs: none unless it is set, since they know our address. Several with commas
        between them: host=address for a platform's host alone, one without a host for all others. Raises
        ValueError."""
        usual, apart = "", dict[str, str]()
        for one in filter(None, map(str.strip, environ.get(PLATFORMS, "").split(","))):
            host, is_apart, address = one.partition("=")
            if not is_apart or ":" in host:  # the sign stands in a password
                usual = _checked(one)
            elif not HOST.fullmatch(host.strip().lower()):
                raise Wrong(NO_HOST.fill(host=host.strip()[:100]))
            else:
                apart[host.strip().lower()] = _checked(address.strip())
        return cls(usual, _without(environ), tuple(apart.items()))

    def of(self, url: str) -> str | None:
        """What to ask this address through."""
        host = (urlsplit(url).hostname or "").lower()
        near = [(len(one), own) for one, own in self.apart if _is_below(host, one)]
        url = max(near)[1] if near else self.url
        excepted = any(_is_below(host, one) for one in self.without)
        return None if not url or excepted or http_address.is_near(host) else url

    def environment(self) -> dict[str, str]:
        """For programs that read the usual variables."""
        if not self.url:
            return {}
        names = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
        direct = ",".join(("localhost", "127.0.0.1", "::1", *self.without))
        return {**dict.fromkeys(names, self.url), "NO_PROXY": direct, "no_proxy": direct}


NO_PROXY = Proxy()
HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,8}")
NO_HOST = Text(
    "「{host}」应是平台接口的主机名，例如 api.telegram.org=http://主机:端口",
    "{host!r} should be the host of a platform's API, such as api.telegram.org=http://host:port",
)


def _is_below(host: str, one: str) -> bool:
    return host == one or host.endswith(f".{one}")


def shown(url: str) -> str:
    """A proxy as it is told to whoever has to look at it: without the name and password that open it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _checked(url: str) -> str:
    if not url or url.lower() == DIRECT:
        return ""
    if "://" not in url:
        url = f"http://{url}"
    try:
        http_address.split(url)
    except ValueError:
        raise Wrong(
            Text(
                "应写成 http://主机:端口（不支持 socks），或 direct 表示不用代理",
                "should be http://host:port (not socks), or direct for none",
            )
        ) from None
    return url.rstrip("/")


def _without(environ: Mapping[str, str]) -> tuple[str, ...]:
    given = (
        f"{environ.get('NO_PROXY', '')},{environ.get('no_proxy', '')}".lower().replace(" ", ",").split(",")
    )
    return tuple(dict.fromkeys(one.lstrip("*.") for one in given if one.lstrip("*.")))
