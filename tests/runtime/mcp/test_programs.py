"""MCP servers that are programs beside us."""

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runtime.errors import ToolFailed, Wrong
from runtime.mcp.commands import Command, parsed
from runtime.mcp.over_pipes import Programs
from runtime.mcp.protocol import tools_of

SERVER = """
import json, os, sys
print("hello, I am no JSON")
for line in sys.stdin:
    said = json.loads(line)
    if "id" not in said:
        continue
    method, params = said["method"], said.get("params", {})
    result = {"protocolVersion": "2025-06-18", "tools": [{"name": "pid"}], "content": []}
    if params.get("name") == "die":
        os._exit(3)
    if params.get("name") == "endless":
        sys.stdout.write("x" * 3_000_000)
    if params.get("name") == "silent":
        continue
    if params.get("name") == "pid":
        result = {"content": [{"type": "text", "text": str(os.getpid())}], "env": sorted(os.environ)}
    print(json.dumps({"jsonrpc": "2.0", "id": 999, "result": {}}))
    print(json.dumps({"jsonrpc": "2.0", "id": said["id"], "result": result}), flush=True)
"""


SPOKEN = (sys.executable, "-S", "-c", SERVER)
COMMANDS = {
    "shop": Command(SPOKEN, is_shared=True),
    "mine": Command(SPOKEN),
    "quitter": Command(("false",)),
    "nothing": Command(("/no/such/program",)),
}


@asynccontextmanager
async def running(**bounds):
    programs = Programs(COMMANDS, **bounds)
    try:
        yield programs
    finally:
        await programs.close()


@pytest.fixture
async def programs():
    async with running() as programs:
        yield programs


async def call(programs, name, seconds=20):
    return await (await programs.peer("shop")).ask("tools/call", {"name": name}, seconds)


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_a_program_serves_several_at_once_and_is_started_anew_when_it_died(programs, monkeypatch):
    monkeypatch.setenv("HONGYAN_PASSWORD", "canary")
    answers = await asyncio.gather(*(call(programs, "pid") for _ in range(5)))
    pids = {answer["content"][0]["text"] for answer in answers}
    assert len(pids) == 1
    assert "HONGYAN_PASSWORD" not in answers[0]["env"]
    assert [one.name for one in await tools_of(await programs.peer("shop"), 20)] == ["pid"]
    with pytest.raises(ToolFailed, match="no answer for"):
        await call(programs, "silent", 0.05)
    for ending in ("die", "endless"):
        with pytest.raises(ToolFailed, match="half-way"):
            await call(programs, ending)
        new = (await call(programs, "pid"))["content"][0]["text"]
        assert new not in pids
        pids.add(new)
    await programs.close()
    assert not any(map(runs, pids))


async def test_only_what_is_allowed_is_started(programs):
    for name, why in (
        ("rm", "allowed: mine, nothing, quitter, shop"),
        ("quitter", "did not start"),
        ("nothing", "did not start"),
    ):
        with pytest.raises(ToolFailed, match=why):
            await programs.peer(name)


async def test_a_program_is_one_persons_alone_and_there_are_only_so_many():
    async def pid(programs, whose):
        program = await programs.peer("mine", whose)
        return (await program.ask("tools/call", {"name": "pid"}, 20))["content"][0]["text"]

    async with running(most_of_one=2) as programs:
        ann, bob = await pid(programs, "ann"), await pid(programs, "bob")
        assert ann != bob
        assert await pid(programs, "ann") == ann  # and the state of it is hers still
        with pytest.raises(ToolFailed, match="Too many people"):
            await pid(programs, "cy")
    async with running(most_of_one=2, spared=0) as programs:
        ann, bob = await pid(programs, "ann"), await pid(programs, "bob")
        assert await pid(programs, "ann") == ann
        cy = await pid(programs, "cy")  # instead of bob, who asked before ann did
        assert [await pid(programs, "ann"), await pid(programs, "cy")] == [ann, cy]
    assert not any(map(runs, (ann, bob, cy)))


async def test_a_program_that_nobody_asks_is_ended():
    async with running(idle=0.05) as programs:
        pid = (await call(programs, "pid"))["content"][0]["text"]
        for _ in range(1000):
            if not runs(pid):
                break
            await asyncio.sleep(0.01)
        assert not runs(pid)


def test_commands_are_written_by_name():
    assert parsed("files=uvx mcp-files '/my data'; git(shared)=npx -y git\n") == {
        "files": (["uvx", "mcp-files", "/my data"], False), "git": (["npx", "-y", "git"], True),
    }  # fmt: skip
    assert parsed(" ") == {}
    for text in ("uvx x", "A=x", "a=", "a='x", "a=x;a(shared)=y", "=x", "a(all)=x"):
        with pytest.raises(Wrong):
            parsed(text)
    assert os.environ.get("HONGYAN_MCP_COMMANDS", "") == ""
