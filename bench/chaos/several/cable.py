"""A database on a machine of its own, as far as the kernel can tell: a namespace, to which a cable leads for
each gateway and one for us. What is sent into a pulled cable is dropped, and nobody is told."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.ports import free_port

NETWORKS = 1 << 15
"""As many as 198.18.0.0/15 has of four addresses; it is nobody's, see RFC 2544."""
EACH = 16
"""At most so many cables of one process."""


def missing() -> str:
    """Why there can be none here; empty when there can."""
    if os.geteuid() != 0 or not (shutil.which("ip") and shutil.which("nsenter")):
        return "needs root, iproute2 and util-linux"
    tried = subprocess.run(["unshare", "--net", "true"], check=False, capture_output=True)
    return "" if tried.returncode == 0 else "this machine allows no network namespace"


@dataclass(frozen=True)
class Cable:
    """`place` is where the database listens at its end."""

    namespace: str
    number: int
    port: int

    @property
    def name(self) -> str:
        return f"hy{_network(self.number)}"

    @property
    def host(self) -> str:
        return _address(self.number, 2)

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    def lay(self) -> None:
        """Raises CalledProcessError."""
        _ip("link", "add", self.name, "type", "veth", "peer", "name", "end", "netns", self.namespace)
        _ip("addr", "add", f"{_address(self.number, 1)}/30", "dev", self.name)
        _ip("link", "set", self.name, "up")
        self._there("link", "set", "end", "name", self.name)
        self._there("addr", "add", f"{self.host}/30", "dev", self.name)
        self.heal()

    def silent(self) -> None:
        """Pulled out at the database's end."""
        self._there("link", "set", self.name, "down")

    def heal(self) -> None:
        """What is sent anew from now on arrives."""
        self._there("link", "set", self.name, "up")

    def refuse(self) -> None:
        """A cable refuses nobody: it is pulled."""
        self.silent()

    def reset(self) -> None:
        """Nor does it reset anything."""

    def _there(self, *words: str) -> None:
        _ip("-n", self.namespace, *words)


@asynccontextmanager
async def laid(count: int) -> AsyncIterator[list[Cable]]:
    """So many into one namespace, which is gone afterwards. Raises CalledProcessError."""
    namespace, port = f"hongyan-{os.getpid()}", free_port()
    cables = [Cable(namespace, number, port) for number in range(count)]
    await asyncio.to_thread(_ip, "netns", "add", namespace)
    try:
        await asyncio.to_thread(_ip, "-n", namespace, "link", "set", "lo", "up")
        for cable in cables:
            await asyncio.to_thread(cable.lay)
        yield cables
    finally:
        await asyncio.to_thread(_ip, "netns", "del", namespace)


def _network(number: int) -> int:
    """No other process has the same, as long as it lives."""
    return (os.getpid() * EACH + number) % NETWORKS


def _address(number: int, end: int) -> str:
    at = _network(number) * 4 + end
    return f"198.{18 + (at >> 16)}.{at >> 8 & 255}.{at & 255}"


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
