"""Rows 28 and 29: many WebSockets on which nothing is said, and many answers that are written at once."""

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from bench.ground import Ground
from bench.installation import Installation
from bench.load import percentile
from bench.ports import free_port
from bench.process import Program
from bench.socket import Socket, open_socket
from bench.table import Row
from bench.writer import EVERY, PIECES

AT_ONCE = 100
SETTLED = 3.0
MOST_MB = 60.0
MOST_MS = 100.0
MANY = {"directly": (100, 500), "through litellm": (20, 60)}
"""At once, quick and whole. litellm takes 0.4 ms of CPU for a piece: its process is full at 120."""
BEGIN = 3.0
"""Seconds over which the answers begin…"""
MEASURED = 8.0
"""…and of the time after that, when all are being written."""
PATIENCE = 90.0
WRITTEN = re.compile(r"第 ([\d.]+) 秒")


async def idle(ground: Ground) -> list[Row]:
    many = int(ground.of(500, 2000))
    async with ground.gateway() as gateway:
        await asyncio.sleep(SETTLED)
        before = gateway.program.rss()
        sockets = list[Socket]()
        while len(sockets) < many:
            sockets += await asyncio.gather(*(open_socket(gateway) for _ in range(AT_ONCE)))
        await asyncio.sleep(SETTLED)
        grown = gateway.program.rss() - before
        began, spent = time.time(), gateway.program.cpu()
        await asyncio.sleep(ground.of(5, 20))
        share = (gateway.program.cpu() - spent) / (time.time() - began)
        for socket in sockets:
            socket.close()
    most = MOST_MB * many / 2000
    return [
        Row("28", f"{many} WebSockets idle: memory; CPU", "42 MB for 2000",
            f"+{grown:.0f} MB, {1024 * grown / many:.0f} kB each; {100 * share:.0f} % of a core",
            f"<= +{most:.0f} MB", grown <= most)
    ]  # fmt: skip


async def written(ground: Ground) -> list[Row]:
    """From when the model wrote a piece until a client has it."""
    many, port = int(ground.of(*MANY[ground.way])), free_port()
    writer = Program.python("-m", "bench.writer", str(port), environment={})
    writer.start()
    try:
        async with replace(ground, model_url=f"http://127.0.0.1:{port}").gateway(warm=False) as gateway:
            gateway.program.start()
            await gateway.ready(60)
            await _first(gateway)
            sockets = await asyncio.gather(*(open_socket(gateway) for _ in range(many)))
            began = time.time()
            for number, socket in enumerate(sockets):
                await asyncio.sleep(began + BEGIN * number / many - time.time())
                socket.send(type="send", id="m", input="你好", context_id=f"c{number}")
            await asyncio.sleep(began + BEGIN + 1 - time.time())
            spent, at = gateway.program.cpu(), time.time()
            await asyncio.sleep(MEASURED)
            share = (gateway.program.cpu() - spent) / (time.time() - at)
            lags = _lags(sockets, at, at + MEASURED)
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await asyncio.gather(*(socket.told("answered") for socket in sockets))
            whole = sum(map(_is_whole, sockets))
    finally:
        writer.stop(2)
    slow = 1000 * percentile(lags, 0.99)
    return [
        Row("29", f"{many} answers written at once, {1 / EVERY:g} pieces/s each: lag", "",
            f"{1000 * percentile(lags, 0.5):.0f} ms, p99 {slow:.0f} ms; {100 * share:.0f} % of a core; "
            f"{whole} whole", f"p99 <= {MOST_MS:g} ms, all whole",
            slow <= MOST_MS and whole == many, harm=many - whole)
    ]  # fmt: skip


async def _first(gateway: Installation) -> None:
    """The first answer of a model is shown when it is whole: only then it is known how it thinks."""
    socket = await open_socket(gateway)
    socket.send(type="send", id="first", input="short", context_id="first")
    async with asyncio.timeout(PATIENCE):
        await socket.told("answered")
    socket.close()


def _lags(sockets: Sequence[Socket], began: float, ended: float) -> list[float]:
    """Seconds, of all that was written in that time."""
    return [
        came - float(written)
        for socket in sockets
        for came, said in socket.frames
        if said["type"] in ("written", "rewritten")
        for written in map(float, WRITTEN.findall(said["text"]))
        if began <= written < ended
    ]


def _is_whole(socket: Socket) -> bool:
    last = socket.frames[-1][1] if socket.frames else {}
    return last.get("type") == "answered" and len(WRITTEN.findall(last["reply"])) == PIECES - 1
