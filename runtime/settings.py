"""What the environment says, read once when the program starts."""

import contextlib
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.mcp.commands import COMMANDS, Command, allowed
from runtime.network import http_address
from runtime.network.proxy import NO_PROXY, OUT, PLATFORMS, Proxy
from runtime.network.reach import Allowance
from runtime.variables import bad, headers, key, number, one_of, secret_key

T = TypeVar("T")

CHECKOUT = Path(__file__).resolve().parent.parent
LOG_LEVELS = ("debug", "info", "warning", "error")
LOG_FORMATS = ("text", "json")
PASSWORD_LENGTH = range(8, 201)
SOCKETS = {"ws": "http", "wss": "https"}
"""How the address of a connection that is held begins, and what it is otherwise like."""
PATH = re.compile(r"(?:/[\w.~-]+)*", re.ASCII)
"""Of an address: plain names, so that a proxy, a browser and we read it alike."""
OUR_PATHS = {
    "c",
    "r",
    "v1",
    "agent",
    "health",
    "ready",
    "metrics",
    "status",
    "login",
    "logout",
    "lang",
    "static",
    "insights",
    "files",
    "made",
    "my-data",
}
"""Below these we answer: whether a proxy cut such a path off could not be told."""


@dataclass(frozen=True)
class Settings:
    """The environment of one run. `home` holds `agents/` and `data/`."""

    home: Path = CHECKOUT
    host: str = "127.0.0.1"
    port: int = 7860
    password: str = field(default="", repr=False)
    """The owner's password at first start; empty: one is generated and shown once."""
    secret_key: str = field(default="", repr=False)
    """Seals credentials; empty: `data/secret.key`. Several, with commas: the first seals, all open."""
    audit_days: int = 365
    """For how long the audit log keeps its records."""
    public_url: str = ""
    """Where the world reaches us, without a trailing slash."""
    api_hosts: Mapping[str, str] = field(default_factory=dict)
    """Replaced platform hosts by variable: HONGYAN_…_API and, of connections that are held, HONGYAN_…_WS."""
    egress_allow: tuple[str, ...] = ()
    """`tool=host:port` or `host:port`: what tools may reach although it is not public (network/reach.py)."""
    mcp_commands: Mapping[str, Command] = field(default_factory=dict)
    """Programs that agents may use as MCP servers: command and arguments by name."""
    proxies: tuple[str, ...] = ()
    """Addresses or networks of reverse proxies, whose X-Forwarded-For and -Proto are believed."""
    proxy: Proxy = NO_PROXY
    """Of tools; models read the same from the environment."""
    platform_proxy: Proxy = NO_PROXY
    """What the platforms' API hosts are asked through."""
    address_watch: bool = True
    """Ask platforms now and then whether they let our outgoing address in."""
    metrics_key: str = field(default="", repr=False)
    """Opens /metrics to a program; empty: only who is logged in reads them."""
    api_origins: tuple[str, ...] = ()
    """Sites whose pages may call the API from a browser, as browsers write them: https://example.com"""
    sign_in: str = field(default="", repr=False)  # providers, see runtime.access.sso.fixed
    texts: Path | None = None
    log: str = "info"
    log_format: str = "text"
    """Or json: an object a line, for programs that collect them."""
    traces_url: str = ""
    """Of a collector that takes OTLP over HTTP; "" for none."""
    traces_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    update_backup: str = ""
    """Where a backup goes before an update changes the tables; "" for `data`, "off" for nowhere."""
    status_page: bool = False
    """Whether /status is open to everybody."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Raises BadSettings; `field` is the variable."""
        return cls(
            home=_folder(environ, "HONGYAN_HOME"),
            host=environ.get("HONGYAN_HOST", "").strip() or cls.host,
            port=number(environ, "HONGYAN_PORT", cls.port, 65535),
            password=_password(environ, "HONGYAN_PASSWORD"),
            secret_key=secret_key(environ, "HONGYAN_SECRET_KEY"),
            audit_days=number(environ, "HONGYAN_AUDIT_DAYS", cls.audit_days, 36_500),
            public_url=check_url(environ.get("HONGYAN_PUBLIC_URL", ""), "HONGYAN_PUBLIC_URL"),
            api_hosts={
                name: _host(value, name)
                for name, value in environ.items()
                if name.startswith("HONGYAN_") and name.endswith(("_API", "_WS")) and value.strip()
            },
            egress_allow=_allowances(environ, "HONGYAN_EGRESS_ALLOW"),
            mcp_commands=_by(environ, COMMANDS, allowed),
            proxies=_networks(environ, "HONGYAN_TRUSTED_PROXY"),
            metrics_key=key(environ, "HONGYAN_METRICS_KEY"),
            address_watch=one_of(environ, "HONGYAN_ADDRESS_WATCH", ("on", "off")) == "on",
            api_origins=_origins(environ, "HONGYAN_API_ORIGINS"),
            proxy=_by(environ, OUT, Proxy.out),
            platform_proxy=_by(environ, PLATFORMS, Proxy.platforms),
            sign_in=environ.get("HONGYAN_SIGN_IN", "").strip(),
            texts=_folder(environ, "HONGYAN_TEXTS") if environ.get("HONGYAN_TEXTS", "").strip() else None,
            log=one_of(environ, "HONGYAN_LOG", LOG_LEVELS, cls.log),
            log_format=one_of(environ, "HONGYAN_LOG_FORMAT", LOG_FORMATS),
            traces_url=check_url(environ.get("HONGYAN_TRACES_URL", ""), "HONGYAN_TRACES_URL"),
            traces_headers=headers(environ, "HONGYAN_TRACES_HEADERS"),
            update_backup=environ.get("HONGYAN_UPDATE_BACKUP", "").strip(),
            status_page=one_of(environ, "HONGYAN_STATUS_PAGE", ("off", "on")) == "on",
        )

    @property
    def own_files(self) -> Path:
        return self.home / "files"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def agents(self) -> Path:
        return self.home / "agents"

    @property
    def languages(self) -> Path:  # besides Chinese and English, a file LANG.json each
        return self.texts or self.home / "texts"

    @property
    def templates(self) -> Path:  # they ship with the program
        return CHECKOUT / "templates"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach us."""
        with contextlib.suppress(ValueError):
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        return False


def check_url(url: str, name: str, title: Text | None = None) -> str:
    """The address without a trailing slash, or "" when none is given. Raises BadSettings about `name`.

    `title`: what a person who fills in a form knows it by.
    """
    url = url.strip().rstrip("/")
    if not url:
        return ""
    try:
        parts = http_address.split(url)
        good = not (parts.query or parts.fragment or "@" in parts.netloc) and PATH.fullmatch(parts.path)
    except ValueError:
        good = None
    if not good:
        raise bad(
            name,
            Text(
                "应为完整的网址，例如 https://bot.example.com",
                "should be a full address such as https://bot.example.com",
            ),
            title,
        )
    first = parts.path.split("/")[1] if parts.path else ""
    if first in OUR_PATHS and not name.endswith(("_API", "_WS")):
        raise bad(
            name,
            Text(
                "路径不能以 /{first} 开头，鸿雁自己要用它，请换一个，例如 /ai",
                "cannot have a path that begins with /{first}, which Hongyan uses itself. Take /ai, say",
            ).fill(first=first),
            title,
        )
    return url


def _host(url: str, name: str) -> str:
    """Raises BadSettings."""
    scheme, _, rest = url.strip().partition("://")
    if not name.endswith("_WS") or scheme not in SOCKETS:
        return check_url(url, name)
    return f"{scheme}://{check_url(f'{SOCKETS[scheme]}://{rest}', name).partition('://')[2]}"


def check_password(password: str, name: str) -> str:
    """The password, if it may be one. Raises BadSettings naming `name`."""
    if len(password) not in PASSWORD_LENGTH or password.isspace():
        raise bad(name, Text("密码要有 8 到 200 个字符", "should have 8 to 200 characters"))
    return password


def _folder(environ: Mapping[str, str], name: str) -> Path:
    given = environ.get(name, "").strip()
    folder = Path(given).expanduser().resolve() if given else CHECKOUT
    if folder.exists() and not folder.is_dir():
        raise bad(name, Text("「{folder}」不是文件夹", "{folder!r} is not a folder").fill(folder=str(folder)))
    return folder


def _password(environ: Mapping[str, str], name: str) -> str:
    given = environ.get(name, "")
    return check_password(given, name) if given else ""


def _origins(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    given = tuple(environ.get(name, "").replace(",", " ").split())
    for one in given:
        if urlsplit(check_url(one, name)).path or one.endswith("/"):
            text = Text(
                "应为没有路径的网址，例如 https://example.com", "should be like https://example.com, no path"
            )
            raise bad(name, text)
    return given


def _allowances(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    given = tuple(environ.get(name, "").replace(",", " ").split())
    for entry in given:
        Allowance.parse(entry)
    return given


def _networks(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    given = tuple(environ.get(name, "").replace(",", " ").split())
    for one in given:
        try:
            ipaddress.ip_network(one)
        except ValueError:
            text = Text(
                "应为 IP 地址或网段，例如 127.0.0.1 或 10.0.0.0/8，而不是「{one}」",
                "should be addresses or networks such as 127.0.0.1 or 10.0.0.0/8, not {one!r}",
            ).fill(one=one)
            raise bad(name, text) from None
    return given


def _by(environ: Mapping[str, str], name: str, read: Callable[[Mapping[str, str]], T]) -> T:
    try:
        return read(environ)
    except Wrong as e:
        raise bad(name, e.text) from None
