"""The name under which the world reaches an installation."""

import ipaddress
import re
from urllib.parse import urlsplit

from runtime.errors import BadSettings
from runtime.lang import Text

EXAMPLE = "bot.example.com"
DOMAIN = re.compile(r"(?=.{4,253}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!\d+$)(?!-)[a-z0-9-]{2,63}(?<!-)")


def domain_of(given: str, public_url: str) -> str:
    """The domain in ASCII, or an IPv4 address: what is given, else the public address's; "" without both.

    Raises BadSettings about `--domain`.
    """
    domain = given.strip() or urlsplit(public_url).hostname or ""
    return _checked(domain) if domain else ""


def needed(domain: str) -> str:
    """Raises BadSettings where none is known."""
    if not domain:
        raise _bad(
            Text(
                "不知道域名。请写明，例如 --domain {example}，或先设好 HONGYAN_PUBLIC_URL",
                "is needed, e.g. --domain {example}, or set HONGYAN_PUBLIC_URL first",
            ).fill(example=EXAMPLE)
        )
    return domain


def a_name(domain: str) -> str:
    """Raises BadSettings for none, and for an address by number, by which a cluster tells no hosts apart."""
    if is_number(needed(domain)):
        raise _bad(
            Text(
                "要是域名，例如 {example}，集群的入口不认 IP",
                "should be a name such as {example}: a cluster's ingress knows no addresses by number",
            ).fill(example=EXAMPLE)
        )
    return domain


def is_number(domain: str) -> bool:
    """Whether it is an address by number, for which nobody gives certificates: served without HTTPS."""
    return domain.replace(".", "").isdigit()


def url_of(domain: str, public_url: str) -> str:
    """Where the world reaches it, with the path of the public address if that is of this domain."""
    if (here := urlsplit(public_url)).path and here.hostname == domain:
        return public_url
    return f"{'http' if is_number(domain) else 'https'}://{domain}" if domain else ""


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
        raise _bad(
            Text(
                "应为域名或公网 IP，例如 {example}，不带 https:// 和端口，而不是「{domain}」",
                "should be a name such as {example}, or an IPv4 address, without https:// and port, "
                "not {domain!r}",
            ).fill(example=EXAMPLE, domain=domain)
        ) from None


def _bad(text: Text) -> BadSettings:
    return BadSettings(Text("--domain：{text}。", "--domain {text}.").fill(text=text), field="--domain")
