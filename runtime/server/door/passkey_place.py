"""Where passkeys can be used: they belong to one host by name, over HTTPS, or to this machine."""

from urllib.parse import urlsplit

from runtime.access.second.passkeys import Place
from runtime.lang import Text
from runtime.server.door.visit import Visit

LOCALHOST = "localhost"
NO_ADDRESS = Text(
    "通行密钥要有一个固定的网址（https://…）：请先在设置里填好公网地址，再从那个网址打开。",
    "Passkeys need an address that stays, with https: set the public address, and open this page there.",
)
ELSEWHERE = Text(
    "通行密钥只在 {url} 有用，请从那个网址打开这个页面。",
    "Passkeys work at {url} only: open this page there.",
)
NO_HTTPS = Text(
    "通行密钥要用 HTTPS，而公网地址是 {url}：请改成 https 的网址。",
    "Passkeys need HTTPS, and the public address is {url}: make it one with https.",
)


def place_of(visit: Visit, public_url: str) -> Place | Text:
    """Of a page that was opened so; a sentence where none can be used. `public_url`: "" when none is set."""
    here = f"{'https' if visit.is_secure else 'http'}://{visit.host}"
    if not public_url:
        return Place(LOCALHOST, _origin(here)) if _host(here) == LOCALHOST else NO_ADDRESS
    if _host(public_url) != LOCALHOST and not public_url.lower().startswith("https:"):
        return NO_HTTPS.fill(url=public_url)
    if _origin(here) != _origin(public_url):
        return ELSEWHERE.fill(url=public_url)
    return Place(_host(public_url), _origin(public_url))


def _host(url: str) -> str:
    return urlsplit(url.lower()).hostname or ""


def _origin(url: str) -> str:
    """As browsers write it: a port that goes without saying is left out."""
    parts = urlsplit(url.lower())
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = f":{parts.port}" if parts.port and parts.port != usual else ""
    return f"{parts.scheme}://{parts.hostname}{port}"
