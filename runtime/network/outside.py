"""An address of ours, looked at from outside: its name, a connection, the certificate, an answer.

Each step alone, so that whoever asks can say which of them failed. Nothing is judged here.
"""

import asyncio
import contextlib
import functools
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from runtime.network.sessions import open_session

BIGGEST = 16 * 1024
"""Bytes of an answer that are looked at."""
NONE: Mapping[str, str] = {}

Resolve = Callable[[str, socket.AddressFamily], Awaitable[Sequence[str]]]
"""The addresses of a name, of one family. Raises socket.gaierror."""
Place = tuple[str, int]
Way = Callable[[str, int], Place]
"""Where an address and port are really connected to."""


@dataclass(frozen=True)
class Names:
    """What a name resolves to. `failed`: it could not be asked, which is not the same as no address."""

    a: Sequence[str] = ()
    aaaa: Sequence[str] = ()
    failed: bool = False


class NotReached(Exception):
    """`why`: `refused`, `timeout`, `unroutable`, `certificate`, `tls` or `broken`; `detail`: as it was said.

    `code`: OpenSSL's number of what is wrong with a certificate (X509_V_ERR_…), else 0.
    """

    def __init__(self, why: str, detail: str = "", code: int = 0) -> None:
        super().__init__(f"{why}: {detail}")
        self.why, self.detail, self.code = why, detail, code


@dataclass(frozen=True)
class Answer:
    """What came back, as it was on the wire: `headers` in lower case, `body` neither unpacked nor decoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    seconds: float = 0.0

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_chunked(self) -> bool:
        return "chunked" in self.headers.get("transfer-encoding", "").lower()


async def system(host: str, family: socket.AddressFamily) -> Sequence[str]:
    """The system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, family=family, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def straight(address: str, port: int) -> Place:
    return address, port


class Outside:
    """Its ways out are arguments: another resolver, another trust, another place behind an address."""

    def __init__(
        self,
        resolve: Resolve = system,
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        way: Way = straight,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._resolve, self._way, self._clock = resolve, way, clock
        self._trust = functools.cache(trust)  # reading all roots takes as long as the rest of a request

    async def names(self, host: str, seconds: float) -> Names:
        a, aaaa = await asyncio.gather(
            self._named(host, socket.AF_INET, seconds), self._named(host, socket.AF_INET6, seconds)
        )
        return Names(a or (), aaaa or (), failed=a is None and not aaaa)

    async def connect(self, address: str, port: int, seconds: float) -> None:
        """A TCP connection, closed again. Raises NotReached."""
        async with _connected(*self._way(address, port), seconds, None, ""):
            pass

    async def certificate(self, host: str, address: str, port: int, seconds: float) -> float:
        """When the certificate of a server that is trusted ends, in seconds since 1970. Raises NotReached."""
        place = self._way(address, port)
        async with _connected(*place, seconds, self._trust(), host) as writer:
            found = writer.get_extra_info("peercert") or {}
        return ssl.cert_time_to_seconds(str(found["notAfter"])) if found.get("notAfter") else float("inf")

    async def ask(
        self,
        method: str,
        url: str,
        addresses: Sequence[str],
        seconds: float,
        *,
        query: Mapping[str, str] = NONE,
        headers: Mapping[str, str] = NONE,
        body: bytes = b"",
    ) -> Answer:
        """One request to one of these addresses; redirects are not followed. Raises NotReached."""
        connector = aiohttp.TCPConnector(
            resolver=_Known(addresses, self._way), ssl=self._trust(), force_close=True, use_dns_cache=False
        )
        timeout = aiohttp.ClientTimeout(total=seconds)
        began = self._clock()
        try:
            async with (
                open_session(connector, timeout=timeout) as session,
                session.request(
                    method,
                    url,
                    params=query,
                    headers={"Accept-Encoding": "identity", **headers},
                    data=body or None,
                    allow_redirects=False,
                ) as response,
            ):
                content = bytearray()
                async for piece in response.content.iter_any():
                    content += piece
                    if len(content) > BIGGEST:
                        break
                seen = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status, seen, bytes(content), self._clock() - began)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as e:
            raise _not_reached(e) from None

    async def _named(self, host: str, family: socket.AddressFamily, seconds: float) -> Sequence[str] | None:
        """None when it could not be asked."""
        try:
            return await asyncio.wait_for(self._resolve(host, family), seconds)
        except socket.gaierror as e:
            return None if e.errno == socket.EAI_AGAIN else ()
        except (TimeoutError, OSError):
            return None
        except UnicodeError:
            return ()  # a label that is too long for IDNA


class _Known(AbstractResolver):
    """Knows the addresses already."""

    def __init__(self, addresses: Sequence[str], way: Way) -> None:
        self._addresses, self._way = addresses, way

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        places = (self._way(address, port) for address in self._addresses)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address, port in places
        ]

    async def close(self) -> None:
        """Nothing is held."""


@contextlib.asynccontextmanager
async def _connected(
    address: str, port: int, seconds: float, trust: ssl.SSLContext | None, host: str
) -> AsyncIterator[asyncio.StreamWriter]:
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(
                address, port, ssl=trust, server_hostname=host if trust else None
            )
    except (TimeoutError, OSError) as e:
        raise _not_reached(e) from None
    try:
        yield writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await asyncio.wait_for(writer.wait_closed(), 1)


def _not_reached(error: BaseException) -> NotReached:
    inner = getattr(error, "os_error", None) or getattr(error, "certificate_error", None) or error
    detail = str(getattr(inner, "strerror", None) or inner).split("] ")[-1][:160] or type(inner).__name__
    if isinstance(inner, ssl.SSLCertVerificationError):
        return NotReached("certificate", inner.verify_message or detail, inner.verify_code)
    if isinstance(inner, ssl.SSLError | ssl.CertificateError):
        return NotReached("tls", detail)
    if isinstance(inner, TimeoutError):
        return NotReached("timeout", detail)
    if isinstance(inner, ConnectionRefusedError):
        return NotReached("refused", detail)
    is_unmade = isinstance(error, aiohttp.ClientConnectorError) or (
        error is inner and isinstance(error, OSError)
    )
    if is_unmade and not isinstance(inner, ConnectionError):
        return NotReached("unroutable", detail)
    return NotReached("broken", detail)
