"""Our gateway behind a simulated customer-service account, on a clock that jumps."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ladder import AGENT, SlowModel

from runtime.channels import WebRequest
from runtime.errors import Refused
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication, Unobserved
from runtime.simulator.http import Server
from runtime.simulator.wecom_kf.account import Account
from runtime.simulator.wecom_kf.customers import House
from runtime.simulator.wecom_kf.platform import Platform
from script import services

SHOP = {
    **AGENT,
    "flow": [
        {
            "type": "branch",
            "id": "wish",
            "cases": [
                {
                    "title": "人工",
                    "when": "'人工' in message.text",
                    "flow": [{"type": "handoff", "id": "human", "text": "正在转接"}],
                }
            ],
            "otherwise": [{"type": "model", "id": "answer"}],
        }
    ],
}


@dataclass
class World:
    gateway: Gateway
    house: House
    platform: Platform
    model: SlowModel

    async def rows(self, sql):
        return await self.gateway.messages.database.read(lambda db: [tuple(row) for row in db.execute(sql)])

    async def states(self):
        return [state for (state,) in await self.rows("select state from messages order by seq")]

    async def come_to(self, *states):
        for _ in range(5000):
            if (now := await self.states()) == list(states):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(now)


@asynccontextmanager
async def world(
    folder, seconds=2.0, platform=None, account=None, greeting="欢迎光临", agent=SHOP, **settings
):
    """Everything on this loop, which should be a FastLoop. `platform`: one that was there before."""
    loop = asyncio.get_running_loop()
    account = account or (platform.account if platform else Account())
    platform, model = platform or Platform(account, loop.wall), SlowModel(seconds)
    async with Server(platform.call) as server:
        gateway = Gateway(
            folder,
            OnePublication(
                "wecom_kf", {**account.settings, **settings}, {**agent, "texts": {"greeting": greeting}}
            ),
            services(model),
            Unobserved(),
            {"HONGYAN_WECOM_API": server.url},
            lambda: "https://bot.test",
            clock=loop.wall,
            outside=loop.outside,
        )

        async def door(knock):
            try:
                response = await gateway.callback("p", WebRequest(knock.method, knock.query, knock.body))
            except Refused:
                return 403, ""
            return response.status, response.body

        await gateway.start()
        house = House(account, door, platform, loop.wall)
        try:
            yield World(gateway, house, platform, model)
        finally:
            await gateway.stop()
