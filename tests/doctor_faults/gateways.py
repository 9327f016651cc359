"""Gateways that change what passes, dead ends, and the program itself: small servers on this machine."""

import asyncio
import contextlib
import gzip
import json
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from starlette.applications import Starlette

from runtime.errors import NotFound
from runtime.lang import Text
from runtime.publish.reached import Reach
from runtime.server import callbacks

GONE = Text("没有", "gone")


class Answering:
    """What callbacks need of a gateway: each publication's channel, which verifies and answers."""

    def __init__(self, channels, clock):
        self._channels, self._clock = channels, clock

    async def callback(self, publication, request, listens, account=""):
        if publication not in self._channels:
            raise NotFound(GONE)
        return self._channels[publication].receive(request, self._clock()).response


def program(marks, channels, clock):
    """The routes that platforms call, as the program has them."""
    return Starlette(routes=callbacks.routes(Answering(channels, clock), Reach(marks), clock))


async def read(reader):
    """One request or response with its body: the head's lines, and the body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
    named = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in head[1:]}
    if "chunked" in named.get("transfer-encoding", ""):
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return head, body
    return head, await reader.readexactly(int(named.get("content-length", 0)))


def _line(change):
    def changed(head, body):
        method, path, version = head[0].split(" ", 2)
        return [f"{method} {change(path)} {version}", *head[1:]], body

    return changed


def _body(change):
    return lambda head, body: (head, change(body))


BOM = "\ufeff".encode()
ON_THE_WAY_IN = {
    "plus": _line(lambda path: path.replace("%2B", "+")),
    "decoded": _line(lambda path: path.replace("%25", "%").replace("%2520", "%20")),
    "dropped": _line(lambda path: path.replace("&tricky=", "&x_tricky=")),
    "added": _line(lambda path: path + "&utm_source=cdn"),
    "recoded": _body(lambda body: body.decode().encode("gb18030", "replace")),
    "masked": _body(lambda body: body.replace("鸿雁".encode(), b"**")),
    "trimmed": _body(lambda body: body.replace(b"\r\n", b"\n")),
}
ON_THE_WAY_OUT = {
    "quoted": lambda body: b'"' + body + b'"',
    "json": lambda body: json.dumps({"code": 0, "data": body.decode()}).encode(),
    "newline": lambda body: body + b"\n",
    "packed": gzip.compress,
    "bom": lambda body: BOM + body,
    "script": lambda body: b"<script src=/cdn.js></script>" + body,
    "commented": lambda body: body + b"<!-- cached -->",
    "emptied": lambda body: b"" if b"hongyan-reached" not in body else body,
    "stale": lambda body: b"4711" if b"hongyan-reached" not in body else body,
}


async def _pass_on(app, way, reader, writer):
    head, body = await read(reader)
    head, body = ON_THE_WAY_IN.get(way, lambda *whole: whole)(head, body)
    head = [line for line in head if not line.lower().startswith(("content-length", "connection"))]
    host, port = app.split(":")
    there, out = await asyncio.open_connection(host, int(port))
    lines = "\r\n".join([*head, f"content-length: {len(body)}", "connection: close"])
    try:
        out.write(f"{lines}\r\n\r\n".encode("latin-1") + body)
        answer, said = await read(there)
    finally:
        await closed(out)
    said = ON_THE_WAY_OUT.get(way, lambda whole: whole)(said)
    kept = [
        line for line in answer if not line.lower().startswith(("content-length", "transfer-", "connection"))
    ]
    head = "\r\n".join([*kept, f"content-length: {len(said)}", "connection: close"])
    if way == "packed":
        head += "\r\ncontent-encoding: gzip"
    if way == "chunked":
        head = "\r\n".join([*kept, "transfer-encoding: chunked", "connection: close"])
        said = b"%x\r\n%s\r\n0\r\n\r\n" % (len(said), said)
    writer.write(f"{head}\r\n\r\n".encode("latin-1") + (said[: len(said) // 2] if way == "cut" else said))


@contextlib.asynccontextmanager
async def serving(serve):
    """A server that is gone afterwards with all its connections; gives its address."""
    waiting = set()

    async def one(reader, writer):
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
                await serve(reader, writer)
                await writer.drain()
        finally:
            await closed(writer)

    def begin(reader, writer):
        task = asyncio.get_running_loop().create_task(one(reader, writer))
        waiting.add(task)
        task.add_done_callback(waiting.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in list(waiting):
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def closed(writer):
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def gateway(app, way):
    """A gateway in front of `app` that does one thing to what passes; gives its address."""

    async def serve(reader, writer):
        if way == "deaf":
            await reader.read(1 << 16)
            await asyncio.Event().wait()
        elif way == "old":
            await read(reader)
            writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        else:
            await _pass_on(app, way, reader, writer)

    return serving(serve)


def platform(cases, clock):
    """The platform's API for every case at once, told apart by the first part of the path."""

    async def serve(reader, writer):
        while True:
            head, _ = await read(reader)
            target = urlsplit(head[0].split()[1])  # whole, where we are asked as a proxy
            _, case, *path = unquote(target.path).split("/")
            status, data, skew = cases[case]("/".join(path))
            said = json.dumps(data).encode()
            date = [] if skew is None else [f"Date: {formatdate(clock() + skew, usegmt=True)}"]
            lines = [f"HTTP/1.1 {status} X", *date, "Content-Type: application/json"]
            writer.write("\r\n".join([*lines, f"Content-Length: {len(said)}", "", ""]).encode() + said)
            await writer.drain()

    return serving(serve)
