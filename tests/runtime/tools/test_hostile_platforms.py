"""Whatever a platform answers a tool, it is a bounded result or a sentence, and holds nobody up.

Every tool that asks a platform stands in TOOLS. The answers really travel: huge, cut, packed, redirected.
"""

import asyncio
import gzip
import json
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from runtime.errors import ToolFailed
from runtime.network.egress import Egress
from runtime.tools import registry
from runtime.turn.using import LONGEST_RESULT, Used, plain
from tool_fakes import KEY, env

TOOLS = [
    *({"type": "web_search", "engine": name} for name in ("bocha", "baidu", "tavily", "searxng")),
    {"type": "weather"},
    {"type": "weather", "source": "qweather", "host": "https://q.example"},
]
ARGUMENTS = {"web_search": {"query": "茶"}, "weather": {"place": "杭州"}}

WRONG = ["null", "[]", '"x"', "7", "{}", '{"code": 200}', '{"code": "200"}']
NESTED = ["data", "webPages", "value", "references", "results", "location", "now", "daily", "current"]
SHAPES = [
    *(json.dumps({name: shape for name in NESTED}) for shape in (None, 7, "x", [], {}, [[]], [None], [{}])),
    json.dumps(
        {"code": "200", "location": [{"id": "../x"}], "results": [{"latitude": 1e999, "longitude": "x"}]}
    ),
    json.dumps({"results": [{"url": "javascript:alert(1)", "title": {}, "content": []}] * 5000}),
    json.dumps({"results": [{"url": "https://a.example/" + "x" * 5000, "title": "t" * 9000}] * 50}),
    json.dumps({"results": [{"url": "https://a.example/", "title": "t", "content": "长" * 90_000}] * 9}),
    '{"results": ' + "[" * 5000 + "]" * 5000 + "}",
    '{"results": [{"url": "https://a.example", "title": "\\ud83d"}]}',
]


def plainly(body):
    return lambda _: web.Response(text=body, content_type="application/json")


async def cut_gzip(request):
    response = web.StreamResponse(headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(gzip.compress(b'{"results": []}' * 9000)[:60])
    return response


async def cut_body(request):
    response = web.StreamResponse(headers={"Content-Length": "9999"})
    await response.prepare(request)
    await response.write(b'{"results": [')
    request.transport.close()
    return response


async def endless(request):
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b'{"a": "' + b"x" * 200_000)


def packed(body):
    return lambda _: web.Response(body=body, headers={"Content-Encoding": "gzip"})


def elsewhere(to):
    return lambda _: web.Response(status=302, headers={"Location": to})


ANSWERS = {
    **{f"shape {i}": plainly(one) for i, one in enumerate([*WRONG, *SHAPES])},
    "html": lambda _: web.Response(text="<html><h1>502 Bad Gateway</h1>" * 500, content_type="text/html"),
    "status": lambda r: web.Response(status=500, text=f"down {r.headers.get('Authorization')}"),
    "limited": lambda _: web.Response(status=429, text='{"detail": "slow down"}'),
    "empty": lambda _: web.Response(status=204),
    "bomb": packed(gzip.compress(b'{"results": "' + b"x" * 60_000_000)),
    "cut gzip": cut_gzip,
    "cut": cut_body,
    "endless": endless,
    "to a private address": elsewhere("http://169.254.169.254/latest"),
    "to a file": elsewhere("file:///etc/passwd"),
    "round and round": elsewhere("/again"),
}


@asynccontextmanager
async def led_astray(respond):
    """Every platform is this one server."""

    async def answer(request):
        answered = respond(request)
        return await answered if asyncio.iscoroutine(answered) else answered

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    egress = Egress([f"{name}=127.0.0.1:{port}" for name in registry()])
    try:
        yield Diverted(egress, port)
    finally:
        await egress.close()
        await runner.cleanup()


class Diverted:
    """Implements Http: as the egress does it, but that every host is the one server."""

    def __init__(self, egress, port):
        self._egress, self._port = egress, port

    async def fetch(self, method, url, *, reach, seconds=15, **more):
        assert url.startswith("https://")
        there = f"http://127.0.0.1:{self._port}/"
        reach = type(reach)(chosen=reach.chosen, tool=reach.tool)
        return await self._egress.fetch(method, there, reach=reach, seconds=min(seconds, 3), **more)


@pytest.mark.parametrize("name", ANSWERS)
async def test_no_answer_breaks_a_tool_or_holds_up_a_loop(name, stall):
    async with led_astray(ANSWERS[name]) as http, stall() as longest:
        for given in TOOLS:
            own = {"address": "https://own.example"} if given.get("engine") == "searxng" else {}
            tool = registry()[given["type"]](**given, **own)
            try:
                used = Used(plain(await tool.call(ARGUMENTS[given["type"]], env(http))))
            except ToolFailed as e:
                used = Used(e.text.en, failed=True)
            assert KEY not in used.text
            assert len(used.text) <= LONGEST_RESULT + 1
            assert "javascript:" not in used.text
        assert longest() < 0.5


async def test_a_platform_that_never_answers_is_given_up():
    class Silent:
        async def fetch(self, *_, seconds, **__):
            assert seconds <= 30
            raise ToolFailed(registry()["web_search"].about.title)

    for given in TOOLS:
        own = {"address": "https://own.example"} if given.get("engine") == "searxng" else {}
        with pytest.raises(ToolFailed):
            await registry()[given["type"]](**given, **own).call(ARGUMENTS[given["type"]], env(Silent()))
