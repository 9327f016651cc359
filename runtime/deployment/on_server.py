"""The files that bring this installation onto a server: services that start it, a proxy with HTTPS."""

import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from runtime.channels import Receives, registry
from runtime.deployment.domain import is_number, needed, url_of
from runtime.deployment.environment import of_settings
from runtime.deployment.paths import OTHERS
from runtime.deployment.templates import printable, rendered
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.settings import CHECKOUT, Settings

GATEWAY = re.compile(r"(\[[0-9a-f:.]+\]|[A-Za-z0-9.-]+):([1-9][0-9]{0,4})")
UNITS = "/etc/systemd/system"
SERVICE, PROXIES = "systemd", ("caddy", "nginx")
FILES = {
    SERVICE: ("hongyan.service", f"{UNITS}/hongyan.service"),
    "gateways": ("hongyan-gateway@.service", f"{UNITS}/hongyan-gateway@.service"),
    "caddy": ("Caddyfile", "/etc/caddy/hongyan.caddy"),
    "nginx": ("nginx.conf", "/etc/nginx/conf.d/hongyan.conf"),
}
"""By what it is for: the template, and where the file goes."""
SHOWN = (SERVICE, *PROXIES)
"""What an owner of one machine needs, in this order."""
CADDYFILE = "/etc/caddy/Caddyfile"
IMPORT = "import hongyan.caddy"
UNASKED = "-n --agree-tos --register-unsafely-without-email"
LOOPBACK = "127.0.0.1"
"""Behind a proxy nobody else has to reach us, and only from there do we believe forwarded addresses."""
WORKERS = "data/workers"
"""In the home: where further instances on this machine have theirs. They all get the same files."""


def gateways_of(given: Sequence[str]) -> list[str]:
    """Gateways beside this installation, as host:port. Raises BadSettings about `--gateway`."""
    for one in given:
        found = GATEWAY.fullmatch(one)
        if not found or int(found[2]) > 65535:
            what = Text(
                "--gateway：「{one}」应为 主机:端口，例如 10.0.0.2:7860。",
                "--gateway: {one!r} should be host:port, e.g. 10.0.0.2:7860.",
            )
            raise BadSettings(what.fill(one=one), field="--gateway")
    return list(given)


def render(
    file: str, settings: Settings, domain: str, *, python: Path | None = None, gateways: Sequence[str] = ()
) -> str:
    """One of FILES for this installation; only a proxy's needs a domain. `gateways`: who takes what is not
    pages, for nginx, and which of them are services here; nobody: this installation itself.

    Raises BadSettings.
    """
    python = python or Path(sys.executable)
    values = {
        "domain": needed(domain) if file in PROXIES else domain,
        "checkout": printable(CHECKOUT),
        "python": printable(python),
        "user": _owner(settings.home),
        "environment": _environment(settings, domain),
        "written": printable(settings.home),
        "workers": printable(settings.home / WORKERS),
        "has_secret_key": bool(settings.secret_key),
        "steps": steps(file, settings, domain, python=python, gateways=gateways),
    }
    if file in PROXIES:
        values |= proxied(domain, f"{LOOPBACK}:{settings.port}", gateways_of(gateways))
    return rendered(f"{FILES[file][0]}.j2", values)


def proxied(domain: str, upstream: str, gateways: Sequence[str]) -> dict[str, object]:
    """What a proxy's file says of whom it brings people to."""
    return {
        "domain": domain,
        "is_number": is_number(domain),
        "upstream": upstream,
        "gateways": gateways,
        "people": _people(),
        "paths": OTHERS,
        "acme": "",
    }


def _people() -> list[str]:
    """Parameters in which callbacks name who wrote."""
    return sorted({kind.person_in for kind in registry().values() if issubclass(kind, Receives)} - {""})


def steps(
    file: str, settings: Settings, domain: str, *, python: Path | None = None, gateways: Sequence[str] = ()
) -> list[str]:
    """What to type on a Debian or Ubuntu server, a line each, to put the file in its place and use it.

    They ask nothing, so that all may be pasted at once.
    """
    python = python or Path(sys.executable)
    put = [
        f"cd {shlex.quote(str(CHECKOUT))}",
        f"{command(file, settings, domain, python, gateways)} | sudo tee {FILES[file][1]} > /dev/null",
    ]
    if file in (SERVICE, "gateways"):
        put = [*_home(settings.home), *put]
    if file == SERVICE:
        start = ["sudo systemctl daemon-reload", "sudo systemctl enable hongyan"]
        return [*put, *start, "sudo systemctl restart hongyan"]
    if file == "gateways":
        named = " ".join(f"hongyan-gateway@{port}" for port in _ports(settings, gateways))
        return [*put, "sudo systemctl daemon-reload", f"sudo systemctl enable --now {named}"]
    if file == "caddy":
        once = f"(grep -qx '{IMPORT}' {CADDYFILE} || echo '{IMPORT}' | sudo tee -a {CADDYFILE})"
        return ["sudo apt install -y caddy", *put, once, "sudo systemctl reload caddy"]
    use = "sudo nginx -t && sudo systemctl reload nginx"
    if is_number(domain):
        return ["sudo apt install -y nginx", *put, use]
    certificate = f"sudo certbot certonly --nginx {UNASKED} -d {domain}"
    return ["sudo apt install -y nginx certbot python3-certbot-nginx", certificate, *put, use]


def _home(home: Path) -> list[str]:
    """A service that may write nowhere else does not start while its folder is not there."""
    if home.exists():
        return []
    folder = shlex.quote(str(home))
    return [f"[ -d {folder} ] || sudo install -d -m 700 -o {shlex.quote(_owner(home))} {folder}"]


def _ports(settings: Settings, gateways: Sequence[str]) -> list[int]:
    """Of the gateways that are services of this machine: two beside the pages where nobody says which."""
    told = [int(one.rpartition(":")[2]) for one in gateways_of(gateways)]
    return sorted(set(told)) or [settings.port + 1, settings.port + 2]


def command(file: str, settings: Settings, domain: str, python: Path, gateways: Sequence[str] = ()) -> str:
    """Prints the file again, in the checkout, also in a shell that does not have our environment."""
    environment = [f"{name}={shlex.quote(value)}" for name, value in _chosen(settings, domain).items()]
    program = python.relative_to(CHECKOUT) if python.is_relative_to(CHECKOUT) else python
    words = [*environment, shlex.quote(str(program)), "app.py", "deploy", file]
    words += ["--domain", domain] if domain else []
    return " ".join([*words, *(f"--gateway {one}" for one in gateways)])


def _environment(settings: Settings, domain: str) -> dict[str, str]:
    """What the service is started with, by name."""
    given = {
        "HONGYAN_HOME": printable(settings.home),
        "HONGYAN_HOST": LOOPBACK,
        "HONGYAN_PORT": str(settings.port),
        "HONGYAN_PUBLIC_URL": url_of(domain, settings.public_url),
        "HONGYAN_TRUSTED_PROXY": LOOPBACK,
        **_chosen(settings, domain),
    }
    return {name: value for name, value in given.items() if value}


def _chosen(settings: Settings, domain: str) -> dict[str, str]:
    """The variables that are not as usual. Without passwords and keys: anybody may read a unit."""
    usual = Settings()
    public = urlsplit(settings.public_url)
    has_path = bool(public.path) and public.hostname == domain
    here = {
        "HONGYAN_HOME": (str(settings.home), str(usual.home)),
        "HONGYAN_PORT": (str(settings.port), str(usual.port)),
        "HONGYAN_PUBLIC_URL": (settings.public_url if has_path else "", ""),
        "HONGYAN_TRUSTED_PROXY": (",".join(settings.proxies), ""),
        "HONGYAN_TEXTS": (str(settings.texts or ""), ""),
    }
    return {name: now for name, (now, before) in here.items() if now != before} | of_settings(settings)


def _owner(home: Path) -> str:
    """Who owns the data, so that `sudo` or another login do not change who the service runs as."""
    folder = home if home.exists() else CHECKOUT
    try:
        return folder.owner()
    except KeyError:
        return str(folder.stat().st_uid)
