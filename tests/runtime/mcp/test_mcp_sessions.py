"""A session with an MCP server is kept over the calls of one person, and is nobody else's."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from runtime.errors import ToolFailed
from runtime.mcp import protocol, sessions
from runtime.mcp.sessions import IDLE, LOOKS, Sessions
from runtime.network.fetched import Fetched
from runtime.simulator.fast_loop import FastLoop
from runtime.tools import Env
from runtime.tools.mcp import TOOL

URL = "https://tools.example/mcp"
COUNT = {"name": "count", "inputSchema": {"type": "object"}}


@dataclass
class Counts:
    """Implements Http: a server that counts the calls of each session. `lost`: with what it knows none."""

    open: Counter = field(default_factory=Counter)
    begun: int = 0
    ended: list = field(default_factory=list)
    broken: bool = False
    lost: int = 404

    async def fetch(self, method, url, *, headers, body=None, **_):
        await asyncio.sleep(0.001)
        session = headers.get("Mcp-Session-Id", "")
        if method == "DELETE":
            self.ended.append(session)
            del self.open[session]
            return Fetched(url, 200, "", "")
        asked = json.loads(body)
        if self.broken:
            return Fetched(url, 500, "", "down")
        if asked["method"] == "initialize":
            assert not session
            self.begun += 1
            session = f"s{self.begun}"
            self.open[session] = 0
            result = {"protocolVersion": "2025-11-25"}
        elif session not in self.open:
            return Fetched(url, self.lost, "", "no such session")
        elif asked["method"] == "tools/call":
            self.open[session] += 1
            result = {"structuredContent": {"count": self.open[session]}}
        else:
            result = {"tools": [COUNT]}
        said = json.dumps({"jsonrpc": "2.0", "id": asked.get("id"), "result": result})
        return Fetched(url, 200, "application/json", said, headers={"mcp-session-id": session})


class Keys:
    def __init__(self):
        self.value = "k1"

    def open(self, name, host):
        return self.value


TELLS = TOOL.model_validate(
    {"type": "mcp", "tool": "count", "url": URL, "auth": "bearer", "secret": "k",
     "digest": protocol.Remote("count", "", COUNT["inputSchema"]).digest}
)  # fmt: skip


def on_a_clock_that_jumps(test):
    """With a server, sessions, and a call for a person: what it counted."""

    def run():
        async def within():
            server, kept, keys = Counts(), Sessions(), Keys()

            async def call(whose):
                env = Env(server, datetime.now(UTC), {}, secrets=keys, sessions=kept, whose=whose)
                return (await TELLS.call({}, env))["count"]

            await test(server, kept, keys, call)
            await kept.close()
            assert not server.open
            assert len(server.ended) == len(set(server.ended))

        with asyncio.Runner(loop_factory=FastLoop) as runner:
            runner.run(within())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


@on_a_clock_that_jumps
async def test_the_calls_of_one_person_meet_one_session_and_those_of_others_another(server, kept, keys, call):
    assert [await call("ann"), await call("ann"), await call("bob"), await call("ann")] == [1, 2, 1, 3]
    assert [await call(""), await call("")] == [1, 1]  # for nobody: nothing is kept
    assert server.ended == ["s3", "s4"]
    assert sorted(await asyncio.gather(*(call("cy") for _ in range(5)))) == [1, 2, 3, 4, 5]
    keys.value = "k2"  # another key is another customer of the server
    assert await call("ann") == 1
    assert server.begun == 6


@on_a_clock_that_jumps
async def test_a_session_that_the_server_lost_is_begun_anew_and_the_call_done_once(server, kept, keys, call):
    for status in (404, 400):
        server.lost = status
        await call("ann")
        server.open.clear()
        assert sorted(await asyncio.gather(call("ann"), call("ann"))) == [1, 2]
        assert len(server.open) == 1
    server.broken = True
    for whose in ("ann", "bob", "bob"):
        with pytest.raises(ToolFailed, match="500"):
            await call(whose)
    server.broken = False
    assert await call("bob") == 1  # what never began is not kept


@on_a_clock_that_jumps
async def test_what_nobody_uses_and_what_is_too_much_is_ended(server, kept, keys, call):
    await call("ann")
    await asyncio.sleep(IDLE - 10)
    assert await call("ann") == 2
    await asyncio.sleep(IDLE + LOOKS + 1)
    assert server.ended == ["s1"]
    usual, sessions.MOST = sessions.MOST, 2
    try:
        for whose in ("bob", "cy", "bob", "dan"):
            await call(whose)
        await asyncio.sleep(1)
    finally:
        sessions.MOST = usual
    assert server.ended == ["s1", "s3"]  # cy's: bob asked after that
