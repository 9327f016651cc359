"""Where Redis or Valkey is, as HONGYAN_REDIS_URL says it."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from runtime.errors import BadSettings
from runtime.lang import Text

VARIABLE = "HONGYAN_REDIS_URL"
PREFIX = "hongyan"
NAME = re.compile(r"[A-Za-z0-9_.-]{1,63}")
SCHEMES = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss", "unix": "unix"}
"""As they are given, and as the client understands them."""
ASKED = frozenset({"db", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile"})
"""What may stand behind the question mark, beside the prefix; the client would take far more."""


@dataclass(frozen=True)
class RedisUrl:
    """`client`: for redis-py, with the password. `shown`: without one. `prefix`: of all names, so that others
    may use the same server. `is_open`: it is on another machine and whoever reaches it may use it."""

    client: str
    prefix: str
    shown: str
    is_open: bool


def read(text: str) -> RedisUrl:
    """Raises BadSettings."""
    try:
        parts = urlsplit(text.strip())
        asked = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        host, port = parts.hostname or "", None if "," in parts.netloc else parts.port
    except ValueError:
        raise _bad() from None
    if "cluster" in parts.scheme or "," in parts.netloc:
        raise BadSettings(CLUSTER.fill(variable=VARIABLE), field=VARIABLE)
    if "sentinel" in parts.scheme:
        raise BadSettings(SENTINEL.fill(variable=VARIABLE), field=VARIABLE)
    scheme = SCHEMES.get(parts.scheme, "")
    prefix = asked.pop("prefix", PREFIX)
    is_file = scheme == "unix"
    database = parts.path.strip("/")
    fits = parts.path.startswith("/") if is_file else host and (not database or database.isdecimal())
    if not scheme or not fits or not NAME.fullmatch(prefix) or not asked.keys() <= ASKED or parts.fragment:
        raise _bad()
    if not asked.get("db", "0").isdecimal():
        raise _bad()
    client = urlunsplit((scheme, parts.netloc, parts.path, urlencode(asked), ""))
    where = parts.path if is_file else f"{host}:{port or 6379}{parts.path.rstrip('/')}"
    is_open = not is_file and not _is_here(host) and not parts.password
    return RedisUrl(client, prefix, f"{scheme}://{where} ({prefix})", is_open)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


CLUSTER = Text(
    "{variable}：这里用不到集群，请写一台 Redis 或 Valkey 的地址（redis://主机:6379/0）。",
    "{variable}: a cluster is not needed here: give the address of one Redis or Valkey (redis://host:6379/0).",
)
SENTINEL = Text(
    "{variable}：请写主库的地址（redis://主机:6379/0），不写 Sentinel 的。",
    "{variable}: give the primary's address (redis://host:6379/0), not that of Sentinel.",
)


def _bad() -> BadSettings:
    return BadSettings(
        Text(
            "{variable} 应写成 redis://用户:密码@主机:6379/0?prefix=名字，加密的连接写 rediss://，"
            "本机的套接字写 unix:///路径。",
            "{variable} is written redis://user:password@host:6379/0?prefix=name; rediss:// for TLS, "
            "unix:///path for a socket of this machine.",
        ).fill(variable=VARIABLE),
        field=VARIABLE,
    )
