"""Our gateway behind a simulated WeCom app, on a clock that jumps."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ladder import AGENT, SlowModel

from played_world import PlayedWorld
from runtime.channels import WebRequest
from runtime.errors import Refused
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication, Unobserved
from runtime.simulator.http import Server
from runtime.simulator.wecom_app.simulation import WeComAppSimulation
from script import services


@dataclass(kw_only=True)
class World(PlayedWorld):
    played: WeComAppSimulation
    model: SlowModel

    async def page(self, url):
        """What a page of ours shows, as soon as it shows the answer."""
        key = url.rstrip("/").rpartition("/")[2]
        pages = self.gateway.messages.pages
        while not (shown := await pages.find(key, self.played.clock())).reply:  # noqa: ASYNC110 # so does the page itself
            await asyncio.sleep(1)
        await pages.seen(shown, self.played.clock())
        return shown.reply


@asynccontextmanager
async def world(folder, kind="trusted", seconds=2.0, played=None, text="这是回答。", agent=AGENT, **settings):
    """Everything on this loop, which should be a FastLoop."""
    loop = asyncio.get_running_loop()
    played = played or WeComAppSimulation(kind, loop.wall)
    model = SlowModel(seconds, text)
    async with Server(played.call) as server:
        gateway = Gateway(
            folder,
            OnePublication("wecom_app", {**played.settings, **settings}, agent),
            services(model),
            Unobserved(),
            {"HONGYAN_WECOM_API": server.url},
            lambda: "https://bot.test",
            clock=loop.wall,
            outside=loop.outside,
        )
        await gateway.start()
        [surface] = gateway.surfaces.all()
        await gateway.abilities.find_out(surface)

        async def door(knock):
            try:
                response = await gateway.callback("p", WebRequest(knock.method, knock.query, knock.body))
            except Refused:
                return 403, ""
            return response.status, response.body

        it = World(gateway, played=played, model=model)
        played.connect(door, it.page)
        try:
            yield it
        finally:
            await played.settle()
            await gateway.stop()
