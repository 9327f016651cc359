"""The proxies that lead out: whether each takes connections."""

import asyncio
import contextlib
from collections.abc import Mapping
from urllib.parse import urlsplit

from runtime.care.site import Site, told
from runtime.channels import Told
from runtime.lang import NOTHING, Text, listed
from runtime.network.proxy import OUT, PLATFORMS, Proxy

SECONDS = 4.0
MOST = 10
SHUT = Text("代理 {host}（{name}）连不上。", "The proxy {host} ({name}) takes no connection.")
MEND = Text(
    "启动它，或改正 {name}；不用代理就写 direct。",
    "Start it, or mend {name}; write direct there for none.",
)
OPEN = Text("{hosts} 连得上。", "{hosts} takes connections.")


async def proxy(site: Site) -> Told | None:
    named = {**of(site.settings.proxy, OUT), **of(site.settings.platform_proxy, PLATFORMS)}
    if not named:
        return None
    for url, name in list(named.items())[:MOST]:
        if not await _is_open(url):
            return told(False, SHUT, MEND, host=urlsplit(url).netloc.rpartition("@")[2], name=name)
    hosts = listed([urlsplit(url).netloc.rpartition("@")[2] for url in named])
    return told(True, OPEN, NOTHING, hosts=hosts)


def of(proxy: Proxy, name: str) -> Mapping[str, str]:
    """Addresses, and the setting that has each."""
    return {url: name for url in (proxy.url, *(own for _, own in proxy.apart)) if url}


async def _is_open(url: str) -> bool:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        await asyncio.wait_for(writer.wait_closed(), 1.0)
    return True
