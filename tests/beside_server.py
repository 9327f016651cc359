"""Our whole gateway, in real time, with an account at a server that is not ours."""

import asyncio
import time
from contextlib import asynccontextmanager

from played_world import Told
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from script import services

AGENT = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer"}]}


@asynccontextmanager
async def running(folder, channel, settings, model, *ports, **more):
    """`ports`: of its servers, on this machine; `more`: of the publication."""
    egress, doctor = Egress([f"{channel}=127.0.0.1:{port}" for port in ports]), Told()
    it = Gateway(
        folder,
        OnePublication(channel, settings, AGENT, **more),
        services(model),
        doctor,
        {},
        clock=time.time,
        outbound=Outbound(egress=egress),
    )
    it.told, it.stopped = doctor, False
    await it.start()
    try:
        yield it
    finally:
        if not it.stopped:
            await it.stop()
        await egress.close()


async def until(condition, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 # what is looked at tells nobody
            await asyncio.sleep(0.01)


def up(it):
    return until(lambda: "verified" in it.told.seen)
