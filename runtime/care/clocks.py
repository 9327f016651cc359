"""Whether this machine's clock is right: tokens, signatures and codes of a minute hang on it."""

import asyncio
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from runtime.care.site import Site, told
from runtime.channels import Told
from runtime.errors import HongyanError
from runtime.lang import NOTHING, Text
from runtime.models.targets import address_of
from runtime.network.outside import NotReached
from runtime.store.messages.growth import condition

SECONDS = 4.0
MOST = 3
"""Servers of models that are asked what time it is."""
OFF = 60.0
"""Seconds: a code that is good for half a minute fails long before platforms refuse."""
SYNCED = "run/systemd/timesync/synchronized"
"""Made by systemd-timesyncd once it heard the time, systemd-timesyncd.service(8)."""
WRONG = Text(
    "时钟差了 {off} 秒（和 {whom} 比）。", "The clock is {off} seconds off, compared with that of {whom}."
)
SET = Text("打开自动对时：sudo timedatectl set-ntp true。", "Have it kept: sudo timedatectl set-ntp true.")
RIGHT = Text("时钟是准的（和 {whom} 差 {off} 秒）。", "It is right ({off} s beside that of {whom}).")
KEPT = Text("系统在自动对时。", "The system keeps it by itself.")
UNKNOWN = Text("没有可以对照的时钟。", "There is no other clock to compare it with.")


async def clock(site: Site) -> Told:
    compared = await compare(site)
    if compared is not None:
        whom, off = compared
        values = {"whom": whom, "off": round(abs(off))}
        if abs(off) > OFF:
            return told(False, WRONG, SET, **values)
        return told(True, RIGHT, NOTHING, **values)
    if (site.root / SYNCED).exists():
        return told(True, KEPT)
    return told(None, UNKNOWN, SET)


async def compare(site: Site) -> tuple[str, float] | None:
    """Whose it is, and how many seconds ours is ahead of it: the database's first, then servers of models."""
    now = site.clock()
    try:
        found = await asyncio.to_thread(condition, site.messages)
    except HongyanError:  # it has a look of its own
        found = None
    if found is not None and found.now is not None:
        return found.engine, (now + site.clock()) / 2 - found.now
    for url in _servers(site)[:MOST]:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if site.settings.proxy.of(url):
            continue  # a proxy's answer has the proxy's time
        try:
            names = await site.outside.names(host, SECONDS)
            answer = await site.outside.ask("HEAD", url, [*names.a, *names.aaaa], SECONDS)
            there = parsedate_to_datetime(answer.headers["date"]).timestamp()
        except (NotReached, KeyError, ValueError):
            continue
        return host, site.clock() - answer.seconds / 2 - there
    return None


def _servers(site: Site) -> Sequence[str]:
    found = (urlsplit(address_of(one)) for one in site.control.endpoints())
    return list(dict.fromkeys(f"{one.scheme}://{one.netloc}/" for one in found if one.netloc))
