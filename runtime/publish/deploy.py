"""The files that bring this installation onto a server: a service that starts it, a proxy with HTTPS."""

import ipaddress
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import jinja2

from runtime.channels import Receives, registry
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.settings import CHECKOUT, Settings

GATEWAY = re.compile(r"(\[[0-9a-f:.]+\]|[A-Za-z0-9.-]+):([1-9][0-9]{0,4})")
FILES = {
    "systemd": ("hongyan.service", "/etc/systemd/system/hongyan.service"),
    "caddy": ("Caddyfile", "/etc/caddy/hongyan.caddy"),
    "nginx": ("nginx.conf", "/etc/nginx/conf.d/hongyan.conf"),
}
"""By what it is for: the template, and where the file goes."""
EXAMPLE = "bot.example.com"
DOMAIN = re.compile(r"(?=.{4,253}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!\d+$)(?!-)[a-z0-9-]{2,63}(?<!-)")
CADDYFILE = "/etc/caddy/Caddyfile"
IMPORT = "import hongyan.caddy"
UNASKED = "-n --agree-tos --register-unsafely-without-email"
LOOPBACK = "127.0.0.1"
"""Behind a proxy nobody else has to reach us, and only from there do we believe forwarded addresses."""


def domain_of(given: str, public_url: str) -> str:
    """The domain in ASCII, or an IPv4 address: what is given, else the public address's; "" without both.

    Raises BadSettings about `--domain`.
    """
    domain = given.strip() or urlsplit(public_url).hostname or ""
    return _checked(domain) if domain else ""


def is_number(domain: str) -> bool:
    """Whether it is an address by number, for which nobody gives certificates: served without HTTPS."""
    return domain.replace(".", "").isdigit()


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
    """One of FILES for this installation; only systemd's does without a domain. `gateways`: who takes what is
    not pages, for nginx; nobody: this installation itself. Raises BadSettings."""
    if not domain and file != "systemd":
        raise _bad_domain(
            Text(
                "不知道域名。请写明，例如 --domain {example}，或先设好 HONGYAN_PUBLIC_URL",
                "is needed, e.g. --domain {example}, or set HONGYAN_PUBLIC_URL first",
            ).fill(example=EXAMPLE)
        )
    folder = settings.templates / "deploy"
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # these are no web pages
    )
    templates.filters.update(word=_unit_word, line=_unit_line)
    python = python or Path(sys.executable)
    template = templates.get_template(f"{FILES[file][0]}.j2")
    return template.render(
        domain=domain,
        is_number=is_number(domain),
        upstream=f"{LOOPBACK}:{settings.port}",
        gateways=gateways_of(gateways),
        people=_people(),
        checkout=_printable(CHECKOUT),
        python=_printable(python),
        user=_owner(settings.home),
        environment=_environment(settings, domain),
        written=_printable(settings.home),
        has_secret_key=bool(settings.secret_key),
        steps=steps(file, settings, domain, python=python, gateways=gateways),
    )


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
        f"{_command(file, settings, domain, python, gateways)} | sudo tee {FILES[file][1]} > /dev/null",
    ]
    if file == "systemd":
        start = ["sudo systemctl daemon-reload", "sudo systemctl enable hongyan"]
        return [*put, *start, "sudo systemctl restart hongyan"]
    if file == "caddy":
        once = f"(grep -qx '{IMPORT}' {CADDYFILE} || echo '{IMPORT}' | sudo tee -a {CADDYFILE})"
        return ["sudo apt install -y caddy", *put, once, "sudo systemctl reload caddy"]
    use = "sudo nginx -t && sudo systemctl reload nginx"
    if is_number(domain):
        return ["sudo apt install -y nginx", *put, use]
    certificate = f"sudo certbot certonly --nginx {UNASKED} -d {domain}"
    return ["sudo apt install -y nginx certbot python3-certbot-nginx", certificate, *put, use]


def _command(file: str, settings: Settings, domain: str, python: Path, gateways: Sequence[str]) -> str:
    """Prints the file again, in the checkout, also in a shell that does not have our environment."""
    environment = [f"{name}={shlex.quote(value)}" for name, value in _chosen(settings, domain).items()]
    program = python.relative_to(CHECKOUT) if python.is_relative_to(CHECKOUT) else python
    words = [*environment, shlex.quote(str(program)), "app.py", "deploy", file]
    words += ["--domain", domain] if domain else []
    return " ".join([*words, *(f"--gateway {one}" for one in gateways)])


def _environment(settings: Settings, domain: str) -> list[str]:
    """What the service is started with."""
    scheme = "http" if is_number(domain) else "https"
    given = {
        "HONGYAN_HOME": _printable(settings.home),
        "HONGYAN_HOST": LOOPBACK,
        "HONGYAN_PORT": str(settings.port),
        "HONGYAN_PUBLIC_URL": f"{scheme}://{domain}" if domain else "",
        "HONGYAN_TRUSTED_PROXY": LOOPBACK,
        **_chosen(settings, domain),
    }
    return [f"{name}={value}" for name, value in given.items() if value]


def _chosen(settings: Settings, domain: str) -> dict[str, str]:
    """The variables that are not as usual. Without passwords and keys: anybody may read a unit."""
    usual = Settings()
    public = urlsplit(settings.public_url)
    has_path = bool(public.path) and public.hostname == domain
    here = {
        "HONGYAN_HOME": (str(settings.home), str(usual.home)),
        "HONGYAN_PORT": (str(settings.port), str(usual.port)),
        "HONGYAN_EGRESS_ALLOW": (",".join(settings.egress_allow), ""),
        "HONGYAN_PUBLIC_URL": (settings.public_url if has_path else "", ""),
        "HONGYAN_TRUSTED_PROXY": (",".join(settings.proxies), ""),
        "HONGYAN_TEXTS": (str(settings.texts or ""), ""),
        "HONGYAN_LOG": (settings.log, usual.log),
    }
    return {name: now for name, (now, before) in here.items() if now != before} | dict(settings.api_hosts)


def _checked(domain: str) -> str:
    try:
        ascii = domain.lower().encode("idna").decode()
    except UnicodeError:
        ascii = ""
    if DOMAIN.fullmatch(ascii):
        return ascii
    try:
        return str(ipaddress.IPv4Address(domain))
    except ValueError:
        raise _bad_domain(
            Text(
                "应为域名或公网 IP，例如 {example}，不带 https:// 和端口，而不是「{domain}」",
                "should be a name such as {example}, or an IPv4 address, without https:// and port, "
                "not {domain!r}",
            ).fill(example=EXAMPLE, domain=domain)
        ) from None


def _bad_domain(text: Text) -> BadSettings:
    return BadSettings(Text("--domain：{text}。", "--domain {text}.").fill(text=text), field="--domain")


def _owner(home: Path) -> str:
    """Who owns the data, so that `sudo` or another login do not change who the service runs as."""
    folder = home if home.exists() else CHECKOUT
    try:
        return folder.owner()
    except KeyError:
        return str(folder.stat().st_uid)


def _printable(path: Path) -> str:
    if str(path).isprintable():
        return str(path)
    raise BadSettings(
        Text(
            "路径里有换行之类的字符，服务文件写不下：{path!r}。请换一个文件夹。",
            "A path with line breaks or the like does not fit into a service file: {path!r}. Move it.",
        ).fill(path=str(path)),
        field="HONGYAN_HOME",
    )


def _unit_line(text: str) -> str:
    """A whole line of a unit, where only % is special (systemd.unit(5), "Specifiers")."""
    return text.replace("%", "%%")


def _unit_word(text: str) -> str:
    """One word of a unit's line, quoted when it has to be (systemd.syntax(7), "Quoting")."""
    escaped = _unit_line(text.replace("\\", "\\\\").replace('"', '\\"'))
    return escaped if re.fullmatch(r"[\w@%+=:,./-]+", text) else f'"{escaped}"'
