"""Open a line: which protocol it speaks follows from the scheme of its address."""

import asyncio
from urllib.parse import urlsplit

from runtime.lang import Text
from runtime.network.egress import Egress
from runtime.network.transports import Line, Server, Unopened
from runtime.network.transports.stream import connected, trusting

NO_SUCH_SCHEME = Text(
    "不认识地址 {url} 的开头，请改成说明里写的那几种。",
    "The beginning of the address {url} is none that is known; use one of those that are explained.",
)


async def open_line(server: Server, egress: Egress) -> Line:
    """Raises OSError, of these Unopened with what the owner can do."""
    scheme = urlsplit(server.url).scheme
    if scheme in ("mqtt", "mqtts"):
        from runtime.network.transports.mqtt import PORTS, MqttLine

        return MqttLine(await connected(server, egress, PORTS, secured=scheme == "mqtts"))
    if scheme in ("ws", "wss"):
        from runtime.network.transports.websocket import open_socket

        return await open_socket(server, egress)
    if scheme == "xmpp":
        from runtime.network.transports.xmpp import XMPP_PORTS, XmppLine

        trusts = await asyncio.to_thread(trusting, server)
        return XmppLine(await connected(server, egress, XMPP_PORTS, secured=False, later=True), trusts)
    raise Unopened(NO_SUCH_SCHEME.fill(url=server.url[:80]), "scheme")
