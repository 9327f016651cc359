"""Our gateway behind a simulated AI bot, both ways, on a clock that jumps."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from played_world import PlayedWorld, Told
from runtime.channels import WebRequest
from runtime.errors import HongyanError
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication
from runtime.simulator.hosting import hosted
from runtime.simulator.wecom_bot import SIMULATION
from script import says, services

AGENT = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "limits": {"seconds": 600},
    "texts": {"greeting": "欢迎", "waiting": "还在想", "failure": "出错了"},
    "flow": [{"type": "model", "id": "answer"}],
}


PIECES = 200
"""At most, in which an answer is written."""


@dataclass
class Writes:
    """A model that writes its answer evenly in so many seconds."""

    seconds: float
    text: str
    requests: list = field(default_factory=list)

    async def complete(self, request, on_text=None, on_reset=None):
        self.requests.append(request)
        length = max(1, len(self.text) // PIECES)
        pieces = [self.text[at : at + length] for at in range(0, len(self.text), length)]
        for piece in pieces:
            await asyncio.sleep(self.seconds / len(pieces))
            if on_text:
                on_text(piece)
        return says(self.text)


@dataclass(kw_only=True)
class World(PlayedWorld):
    played: SIMULATION
    model: Writes

    @property
    def bubbles(self):
        return [one.bubble for one in self.played.platform.asked.values() if one.bubble]


def played(kind):
    return SIMULATION(kind, asyncio.get_running_loop().wall)


@asynccontextmanager
async def world(folder, kind, seconds=2.0, text="这是一个回答。", bot=None, agent=AGENT):
    """Everything on this loop, which should be a FastLoop."""
    loop = asyncio.get_running_loop()
    bot = bot or played(kind)
    model, doctor = Writes(seconds, text), Told()
    async with hosted(bot) as hosts:
        gateway = Gateway(
            folder,
            OnePublication("wecom_bot", bot.settings, agent),
            services(model),
            doctor,
            hosts,
            lambda: "https://bot.test",
            clock=loop.wall,
            outside=loop.outside,
        )
        it = World(gateway, doctor, played=bot, model=model)

        async def door(knock):
            if it.killed:
                raise ConnectionRefusedError
            try:
                response = await gateway.callback("p", WebRequest(knock.method, knock.query, knock.body))
            except HongyanError:
                return 403, ""
            return response.status, response.body

        bot.connect(door, None)
        await gateway.start()
        if kind == "webhook":
            [surface] = gateway.surfaces.all()
            await gateway.abilities.find_out(surface)
        try:
            yield it
        finally:
            if not it.killed:
                await bot.settle()
                await gateway.stop()
