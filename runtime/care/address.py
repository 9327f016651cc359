"""The public address: its name, a connection, the certificate and its days, and whether it leads here."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from runtime.care.port import is_ours
from runtime.care.site import DAY, Site, told
from runtime.channels import Told
from runtime.checkup.address import CONNECT, MOST, NO_NAME, UNANSWERED, UNROUTABLE, is_number
from runtime.checkup.certificate import CERTIFICATE, NO_TLS, UNTRUSTED
from runtime.lang import NOTHING, Text
from runtime.network.outside import Names, NotReached
from runtime.publish.reached import Reach

SECONDS = 5.0
SOON, LAST = 14.0, 3.0
"""Days before the end of a certificate: who renews it by itself does so 30 days before."""
PLATFORM = Text("平台", "a platform")
NONE = Text(
    "没有设公网地址：只有不需要回调的平台能用。",
    "No public address is set: only platforms that need no callback can be used.",
)
ENDS = Text("{host} 的证书还有 {days} 天到期。", "The certificate of {host} is good for another {days} days.")
RENEW = Text(
    "请检查自动续期：certbot renew --dry-run，或看 Caddy 的日志。",
    "See whether it is renewed by itself: certbot renew --dry-run, or the log of Caddy.",
)
ELSEWHERE = Text(
    "{host} 连得上，但那里回答的不是这个鸿雁。",
    "{host} can be reached, but it is not this Hongyan that answers there.",
)
LEAD_HERE = Text(
    "反向代理要转到这台机器的 {port} 端口；鸿雁没有运行时也会这样。",
    "Let the reverse proxy lead to port {port} of this machine; it is so, too, while Hongyan does not run.",
)
FINE = Text("{url} 通到这里。", "{url} leads here.")
FINE_DAYS = Text(
    "{url} 通到这里，证书还有 {days} 天。", "{url} leads here; its certificate is good for {days} days."
)


async def address(site: Site) -> Told:
    url = site.public_url.rstrip("/")
    if not url:
        return told(None, NONE)
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    values = {"host": host, "port": port, "url": url, "platform": PLATFORM}
    names = await _names(site, host)
    found = [*names.a, *names.aaaa][:MOST]
    if not found:
        return told(False, *(UNANSWERED if names.failed else NO_NAME), **values)
    try:
        await site.outside.connect(found[0], port, SECONDS)
    except NotReached as e:
        return told(False, *CONNECT.get(e.why, UNROUTABLE), address=found[0], **values)
    days = None
    if parts.scheme == "https":
        try:
            ends = await site.outside.certificate(host, found[0], port, SECONDS)
        except NotReached as e:
            fault = CERTIFICATE.get(e.code, UNTRUSTED) if e.why == "certificate" else NO_TLS
            return told(False, *fault, **values, why=e.detail or e.why)
        days = int((min(ends, 4e9) - site.clock()) // DAY)
        if days < LAST:
            return told(False, ENDS, RENEW, **values, days=days)
    if not await _leads_here(site, url, found):
        return told(False, ELSEWHERE, LEAD_HERE, **{**values, "port": site.settings.port})
    if days is None:
        return told(True, FINE, NOTHING, **values)
    return told(True, FINE_DAYS, RENEW if days < SOON else NOTHING, **values, days=days)


async def _names(site: Site, host: str) -> Names:
    if is_number(host):
        bare = host.strip("[]")
        return Names(aaaa=(bare,)) if ":" in bare else Names(a=(bare,))
    return await site.outside.names(host, SECONDS)


async def _leads_here(site: Site, url: str, addresses: Sequence[str]) -> bool:
    """By our own question, where a publication can be asked it; else whether somebody like us is there."""
    path = next((one.path for one in site.control.publications() if one.enabled and one.path), "")
    reach = Reach(site.control)
    asked = reach.question(site.clock()) if path.startswith("/c/") else {}
    try:
        answer = await site.outside.ask(
            "GET", url + (path if asked else "/health"), addresses, SECONDS, query=asked
        )
    except NotReached:
        return False
    return reach.read(answer.body, asked) is not None if asked else is_ours(answer.body)
