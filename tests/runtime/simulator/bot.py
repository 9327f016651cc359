"""Our gateway behind a simulated AI bot, both ways, on a clock that jumps."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from runtime.channels import WebRequest
from runtime.errors import HongyanError
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication, Unobserved
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


class Told(Unobserved):
    def __init__(self):
        self.troubles = []

    def trouble(self, publication, text, at):
        self.troubles.append(text and text.en)


@dataclass
class World:
    gateway: Gateway
    played: SIMULATION
    model: Writes
    doctor: Told
    killed: bool = False

    @property
    def bubbles(self):
        return [one.bubble for one in self.played.platform.asked.values() if one.bubble]

    async def until(self, condition, seconds=60.0):
        end = now() + seconds
        while not condition():
            assert now() < end, "it did not happen"
            await asyncio.sleep(0.5)

    async def states(self):
        return await self.gateway.messages.database.read(
            lambda db: [state for (state,) in db.execute("select state from messages order by seq")]
        )

    async def come_to(self, *states, seconds=60.0):
        end = now() + seconds
        while (found := await self.states()) != list(states):
            assert now() < end, found
            await asyncio.sleep(1)

    async def kill(self):
        """Nothing that is done at an end is done."""
        self.killed = True
        for background in (self.gateway._background, self.gateway._worker._background):
            await background.end()
        await self.gateway._outbound.close()
        await asyncio.to_thread(self.gateway.messages.close)


def now():
    return asyncio.get_running_loop().time()


def played(kind):
    return SIMULATION(kind, asyncio.get_running_loop().wall)


@asynccontextmanager
async def world(folder, kind, seconds=2.0, text="这是一个回答。", bot=None):
    """Everything on this loop, which should be a FastLoop."""
    loop = asyncio.get_running_loop()
    bot = bot or played(kind)
    model, doctor = Writes(seconds, text), Told()
    async with hosted(bot) as hosts:
        gateway = Gateway(
            folder,
            OnePublication("wecom_bot", bot.settings, AGENT),
            services(model),
            doctor,
            hosts,
            lambda: "https://bot.test",
            clock=loop.wall,
            outside=loop.outside,
        )
        it = World(gateway, bot, model, doctor)

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
