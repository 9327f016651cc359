"""`kill -9` between what the platform gave and the disk: nothing is lost, and nothing is answered twice."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from runtime.simulator.http import Server
from runtime.simulator.ilink.server import BOT, PERSON, Platform

TESTS = Path(__file__).parents[2]
GATEWAY = """
import asyncio, sys
from pathlib import Path
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication, Unobserved
from script import Script, services

async def main(folder, url, bot, person):
    agent = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]}
    settings = {"bot_token": "bot-token-0", "bot_id": bot, "user_id": person}
    gateway = Gateway(Path(folder), OnePublication("ilink", settings, agent), services(Script()),
                      Unobserved(), {"HONGYAN_ILINK_API": url})
    await gateway.start()
    await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


async def begun(folder, url, crash=""):
    paths = os.pathsep.join((str(TESTS.parent), str(TESTS)))
    environ = os.environ | {"PYTHONPATH": paths, "HONGYAN_CRASH_AT": crash}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", GATEWAY, str(folder), url, BOT, PERSON), env=environ
    )


async def until(is_so):
    async with asyncio.timeout(50):
        while not is_so():  # noqa: ASYNC110 # another process brings it about
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("point", ["after_fetch", "after_persist"])
async def test_a_death_loses_no_page_and_answers_none_twice(tmp_path, point):
    platform = Platform(time.time)
    platform.token = "bot-token-0"
    platform.write(platform.text("你好"))
    async with Server(platform.call) as server:
        killed = await begun(tmp_path, server.url, point)
        assert await asyncio.wait_for(killed.wait(), 50) == -signal.SIGKILL
        assert platform.sent == []
        alive = await begun(tmp_path, server.url)
        try:
            await until(lambda: platform.sent)
            platform.write(platform.text("还在吗"))
            await until(lambda: len(platform.sent) == 2)
        finally:
            alive.terminate()
            await alive.wait()
    assert [one.text for one in platform.sent] == ["好", "好"]
    assert [one.thread for one in platform.sent] == ["ctx-1", "ctx-2"]
