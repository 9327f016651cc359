"""`python -m runtime.simulator --channel NAME`: every platform is also there as a server."""

import asyncio
import json
import signal
import sys

import pytest

from played_world import run
from runtime.simulator import as_server, registry
from runtime.simulator.http import Response, Server


async def test_a_platform_says_where_it_is_and_what_to_publish_with_until_it_is_ended():
    command = (sys.executable, "-m", "runtime.simulator", "--channel", "wecom_bot", "--port", "0")
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    played = await asyncio.create_subprocess_exec(*command, **pipes)
    async with asyncio.timeout(100):
        lines = [(await played.stdout.readline()).decode() for _ in range(3)]
        played.send_signal(signal.SIGTERM)
        assert await played.wait() == 0
    assert [line.partition("=")[0] for line in lines[:2]] == ["HONGYAN_WECOM_API", "HONGYAN_WECOM_WS"]
    assert json.loads(lines[2].removeprefix("settings: "))["bot_id"]


@pytest.mark.parametrize("channel", ["wecom_app", "wecom_bot"])
def test_what_is_typed_knocks_at_the_callback(channel):
    async def work():
        knocked = asyncio.Event()

        def callback(request):
            assert request.query
            knocked.set()
            return Response(b"", kind="text/plain")

        kind = registry()[channel]
        simulation = kind(list(kind.kinds)[-1], asyncio.get_running_loop().wall)
        async with Server(callback) as server, as_server.played(simulation, server.url) as person:
            person("你好")
            await knocked.wait()

    run(work())
