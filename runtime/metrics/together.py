"""The numbers of several workers behind one port, told by whichever is asked (see server/workers.py).

Each counts for itself, and tells the others on a socket in a folder that only their user may enter. Whoever
answers for /metrics asks them all at once and joins what they say, each sample with the label `worker`:
counters stay counters, and one that was started anew begins anew, as Prometheus expects it. One that does not
tell in time is said to be missing (hongyan_worker_up 0), and what it counted is not made up.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Iterator, Mapping

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily

from runtime.metrics.beside import Beside
from runtime.metrics.metrics import Metrics
from runtime.metrics.table import KNOWN

PATIENCE = 1.0
"""Seconds for one to tell its numbers."""
BLOCK = re.compile(rb"^# HELP ", re.MULTILINE)
"""How one metric begins; within a line it is what somebody called their model."""
UP = KNOWN["hongyan_worker_up"]

log = logging.getLogger(__name__)


class Together:
    def __init__(self, metrics: Metrics, beside: Beside | None) -> None:
        self._metrics, self._beside = metrics, beside

    @property
    def is_first(self) -> bool:
        """Of several on one machine one says what concerns the machine."""
        return self._beside is None or self._beside.number == 1

    async def render(self) -> bytes:
        """Of all, in the text format of Prometheus."""
        if self._beside is None:
            return self._metrics.render()
        one = self._beside
        others = [number for number in range(1, one.count + 1) if number != one.number]
        told = await asyncio.gather(*(_asked(one.socket(number)) for number in others))
        up = {one.number: True, **{number: bool(text) for number, text in zip(others, told, strict=True)}}
        registry = CollectorRegistry()
        registry.register(_Up(up))
        return joined([self._own(one), *told, generate_latest(registry)])

    @contextlib.asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Meanwhile the others are told."""
        if self._beside is None:
            yield
            return
        one = self._beside
        try:
            server = await asyncio.start_unix_server(self._tell, one.socket(one.number))
        except OSError as e:
            log.error("the other workers cannot be told what is counted: %s", e)
            yield
            return
        async with server:
            yield

    async def _tell(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._beside
        with contextlib.suppress(ConnectionError, TimeoutError):
            writer.write(self._own(self._beside))
            await asyncio.wait_for(writer.drain(), PATIENCE)
        writer.close()

    def _own(self, beside: Beside) -> bytes:
        return generate_latest(_Labelled(self._metrics.registry, str(beside.number)))


class _Labelled(CollectorRegistry):
    """Another's metrics, each sample with the worker that counted it."""

    def __init__(self, registry: CollectorRegistry, worker: str) -> None:
        super().__init__()
        self._registry, self._worker = registry, worker

    def collect(self) -> Iterator[Metric]:
        for family in self._registry.collect():
            family.samples = [
                one._replace(labels={**one.labels, "worker": self._worker}) for one in family.samples
            ]
            yield family


class _Up:
    def __init__(self, up: Mapping[int, bool]) -> None:
        self._up = up

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(UP.name, UP.help, labels=UP.labels)
        for number, is_up in sorted(self._up.items()):
            family.add_metric([str(number)], float(is_up))
        yield family


async def _asked(socket: str) -> bytes:
    """What it tells; nothing of one that does not in time."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_unix_connection(socket)
            try:
                return await reader.read(-1)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return b""


def joined(texts: list[bytes]) -> bytes:
    """One text, in which each metric is described once, as Prometheus demands it."""
    found: dict[bytes, list[bytes]] = {}
    for text in texts:
        for block in BLOCK.split(text)[1:]:
            lines = [line + b"\n" for line in block.split(b"\n") if line]
            head = [b"# HELP " + lines[0], *(line for line in lines[1:] if line.startswith(b"#"))]
            samples = [line for line in lines[1:] if not line.startswith(b"#")]
            found.setdefault(lines[0].split(b" ", 1)[0], head).extend(samples)
    return b"".join(line for lines in found.values() for line in lines)
