"""Our gateway and any simulated platform that it connects to or is called by, on the clock that jumps."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot import AGENT, Writes

from played_world import PlayedWorld, Told
from runtime.channels import WebRequest
from runtime.errors import HongyanError
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication
from runtime.simulator.hosting import hosted
from script import services


@dataclass(kw_only=True)
class World(PlayedWorld):
    played: Any
    model: Any

    @property
    def platform(self):
        return self.played.platform


@asynccontextmanager
async def world(folder, channel, played, seconds=2.0, text="这是一个回答。", agent=AGENT, model=None):
    loop = asyncio.get_running_loop()
    model, doctor = model or Writes(seconds, text), Told()
    async with hosted(played) as hosts:
        gateway = Gateway(
            folder,
            OnePublication(channel, played.settings, agent, judged=True),
            services(model),
            doctor,
            hosts,
            lambda: "https://bot.test",
            clock=loop.wall,
            outside=loop.outside,
        )
        it = World(gateway, doctor, played=played, model=model)

        async def door(knock):
            if it.killed:
                raise ConnectionRefusedError
            request = WebRequest(knock.method, knock.query, knock.body, knock.headers)
            try:
                response = await gateway.callback("p", request)
            except HongyanError:
                return 403, ""
            return response.status, response.body

        played.connect(door, None)
        await gateway.start()
        [surface] = gateway.surfaces.all()
        if surface.connector is None:
            await gateway.abilities.find_out(surface)
        try:
            yield it
        finally:
            if not it.killed:
                await played.settle()
                await gateway.stop()


def wall():
    return asyncio.get_running_loop().wall
