"""A published starter behind a simulated Official Account, whose process dies at every block or never."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

from one_life import NEVER, Lives, World

from played_world import PlayedWorld
from runtime.agents.library import Library
from runtime.gateway.one_publication import OnePublication
from runtime.person import code_shown
from runtime.simulator.http import Server
from runtime.simulator.wechat.account_played import WeChat
from runtime.simulator.wechat.accounts import of_kind
from runtime.simulator.wechat.platform import Platform

__all__ = ["STARTERS", "Shop", "World", "shop"]

STARTERS = Library(Path("nowhere"), Path(__file__).parents[3] / "templates" / "agents")
AMR = b"#!AMR\n\x3c" + bytes(31)
BUSY = ("accepted", "answered")


class Shop(Lives):
    """The account, its follower, and whatever process there is now."""

    url_of_api = "HONGYAN_WECHAT_API"

    def __init__(self, folder, monkeypatch, platform, server, world, agent, *, dies):
        [account] = platform.accounts.values()
        book = OnePublication("wechat", account.settings, agent)
        super().__init__(folder, monkeypatch, world, server, book)
        self.platform, self.agent, self.dies = platform, agent, dies
        self.wechat = WeChat(account, self.door, platform, clock=self.loop.wall)
        self.phone = self.wechat.phone()

    async def happens(self, doing):
        """Something is done from outside; as often as it dies meanwhile, it begins again."""
        task, die_at = asyncio.ensure_future(doing), 1
        while True:
            self.dies_at("before_block", die_at if self.dies else NEVER)
            death = asyncio.ensure_future(self.life.dead.wait())
            calm = asyncio.ensure_future(self._calm(task))
            await asyncio.wait({death, calm}, return_when=asyncio.FIRST_COMPLETED)
            if not self.life.dead.is_set():
                death.cancel()
                return await task
            calm.cancel()
            await self.bury()
            die_at += 1
            self.dies_at("before_block", die_at)
            await self.begin()

    async def _calm(self, task):
        await asyncio.wait({task})
        while set(BUSY) & set(await PlayedWorld(self.gateway).states()):  # noqa: ASYNC110 # as on a phone
            await asyncio.sleep(1)

    async def says(self, text):
        """What they read until it is calm again."""
        seen = len(self.phone.received)
        await self.happens(self.phone.write(text))
        return "\n".join(self.phone.received[seen:])

    async def speaks(self):
        """They send a voice message."""
        seen = len(self.phone.received)
        await self.happens(self.phone.send_file("voice", AMR, Format="amr"))
        return "\n".join(self.phone.received[seen:])

    async def approves(self):
        """An operator says yes to what waits for that."""
        seen = len(self.phone.received)
        await self.happens(self._approves())
        return "\n".join(self.phone.received[seen:])

    async def _approves(self):
        [wait] = [one for one in await self.gateway.messages.waits.open() if one.kind == "decision"]
        await self.gateway.waits.decide(wait.id, yes=True, by="an")
        await asyncio.sleep(10)

    async def binds(self):
        """They send the code that the owner's system made for customer C7."""
        customers = self.gateway.messages.customers
        code = await customers.claim(self.agent["id"], "C7", self.loop.wall(), 600)
        return await self.says(f"绑定 {code_shown(code)}")


@asynccontextmanager
async def shop(folder, monkeypatch, world, agent, *, dies):
    loop = asyncio.get_running_loop()
    platform = Platform([of_kind("verified_service")], loop.wall)
    async with Server(lambda request: it.platform_hears(platform.call, request)) as server:
        it = Shop(folder, monkeypatch, platform, server, world, agent, dies=dies)
        it.dies_at("before_block", NEVER)
        await it.begin()
        try:
            yield it
        finally:
            await it.wechat.settle()
            await it.end()
