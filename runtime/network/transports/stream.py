"""Bytes both ways over a connection that the egress guard judged, with TLS that is verified."""

import asyncio
import contextlib
import socket
import ssl
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from runtime.errors import HongyanError
from runtime.lang import Text, as_it_is
from runtime.network.egress import Egress
from runtime.network.egress import Line as Judged
from runtime.network.reach import Reach
from runtime.network.transports import Server, Unopened
from runtime.network.why import why

SECONDS = 10.0
"""For the connection with its TLS."""
LEAVING = 5.0
"""Seconds in which what is written has to leave; who does not read for so long is gone."""
BUFFER = 256 * 1024
"""Bytes that may wait to be read."""

IN_CLEAR = Text(
    "不加密只能用于内网的服务器，请改用 TLS 的地址。",
    "Only a server of your own network is spoken to without encryption; use its address with TLS.",
)
NOT_TRUSTED = Text(
    "{host} 的证书不可信：{why}。自己签发的证书，请把签发它的 CA 证书填在设置里。",
    "The certificate of {host} is not trusted: {why}. If you issued it yourself, enter the CA's certificate "
    "in the settings.",
)
NO_TLS = Text(
    "{host}:{port} 上没有 TLS：{why}。请核对端口和地址的开头。",
    "There is no TLS at {host}:{port}: {why}. See that port and beginning of the address are right.",
)
NOT_PEM = Text(
    "填写的证书或私钥读不懂，应是 PEM 格式（-----BEGIN…），私钥不能有密码。",
    "The certificate or key that was entered cannot be read: it should be PEM (-----BEGIN…), a key without a "
    "password.",
)
NOT_REACHED = Text(
    "连不上 {host}:{port}：{why}。请核对地址和端口，看服务器有没有开。",
    "{host}:{port} is not reached: {why}. See that address and port are right and the server runs.",
)


TOO_SLOW = Text("10 秒内没有回应", "no answer in 10 s")


@dataclass
class Stream:
    """Closed at the end of `async with`."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            await asyncio.wait_for(self.writer.wait_closed(), LEAVING)
        self.writer.transport.abort()

    async def write(self, content: bytes) -> None:
        """Raises OSError, also TimeoutError when nobody reads."""
        if self.writer.is_closing():
            raise ConnectionError("closed")
        self.writer.write(content)
        await asyncio.wait_for(self.writer.drain(), LEAVING)


async def connected(
    server: Server, egress: Egress, ports: Collection[int], *, secured: bool, later: bool = False
) -> Stream:
    """`ports`: open on public addresses; `secured`: it begins with TLS; `later`: TLS follows before anything
    is told. Raises Unopened."""
    parts = urlsplit(server.url)
    host, port = parts.hostname or "", parts.port or 0
    try:
        async with asyncio.timeout(SECONDS):
            context = await asyncio.to_thread(trusting, server) if secured else None
            judged = await reached(server, egress, ports)
            if context is None and not judged.own and not later:
                judged.socket.close()
                raise Unopened(IN_CLEAR, "in_clear")
            return await _streams(judged, context, host, port)
    except TimeoutError:
        raise Unopened(NOT_REACHED.fill(host=host, port=port, why=TOO_SLOW), "slow") from None


async def reached(server: Server, egress: Egress, ports: Collection[int]) -> Judged:
    """A connection over which nothing was said yet. Raises Unopened."""
    parts = urlsplit(server.url)
    host, port = parts.hostname or "", parts.port or 0
    reach = Reach(chosen="owner", tool=server.tool, hosts=(host.lower(),))
    try:
        return await egress.connect(host, port, open_ports=ports, reach=reach)
    except HongyanError as e:
        raise Unopened(e.text, "blocked") from None
    except TimeoutError:
        raise
    except OSError as e:
        raise Unopened(NOT_REACHED.fill(host=host, port=port, why=why(e)), "not_reached") from None


def trusting(server: Server) -> ssl.SSLContext:
    """Reads files, so off the loop. Raises Unopened."""
    try:
        context = ssl.create_default_context(cadata=server.authority or None)
        if server.certificate:
            # OpenSSL reads them from files only
            with tempfile.TemporaryDirectory() as folder:
                Path(folder).chmod(0o700)
                pair = Path(folder) / "pair.pem"
                pair.write_text(f"{server.certificate}\n{server.key}\n")
                context.load_cert_chain(pair, password=lambda: "")
    except (ssl.SSLError, ValueError, OSError):
        raise Unopened(NOT_PEM, "certificate") from None
    return context


async def _streams(judged: Judged, context: ssl.SSLContext | None, host: str, port: int) -> Stream:
    try:
        streams = await asyncio.open_connection(
            sock=judged.socket, ssl=context, server_hostname=host if context else None, limit=BUFFER
        )
    except ssl.SSLCertVerificationError as e:
        raise _not_trusted(host, e) from None
    except OSError as e:  # also of TLS
        judged.socket.close()
        text = NO_TLS if context else NOT_REACHED
        raise Unopened(text.fill(host=host, port=port, why=why(e)), "tls") from None
    except BaseException:
        judged.socket.close()
        raise
    return Stream(*streams)


def secured(line: socket.socket, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    """The same with TLS, where a thread waits for it. Raises OSError, of these Unopened."""
    try:
        return context.wrap_socket(line, server_hostname=host)
    except ssl.SSLCertVerificationError as e:
        raise _not_trusted(host, e) from None


def _not_trusted(host: str, error: ssl.SSLCertVerificationError) -> Unopened:
    return Unopened(NOT_TRUSTED.fill(host=host, why=as_it_is(error.verify_message[:200])), "certificate")
