"""Our gateway and the telegraph office, on the clock that jumps."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import example_channel
from example_channel.simulator.telegraph import TelegraphSimulation
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication
from runtime.simulator.sockets import SocketServer
from script import services

AGENT = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "limits": {"seconds": 600},
    "texts": {"failure": "出错了", "waiting": "还在想"},
    "flow": [{"type": "model", "id": "answer"}],
}


@dataclass
class Writes:
    """A model that writes these pieces, so many seconds before each."""

    pieces: list
    seconds: float = 1.0
    requests: list = field(default_factory=list)
    answer: object = None
    """What it gives instead, or raises."""

    async def complete(self, request, on_text=None, on_reset=None):
        from script import says

        self.requests.append(request)
        for piece in self.pieces:
            await asyncio.sleep(self.seconds)
            if on_text:
                on_text(piece)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or says("".join(self.pieces))


@dataclass
class Doctor:
    seen: list = field(default_factory=list)
    troubles: list = field(default_factory=list)

    def saw(self, publication, what, code, at, compared=""):
        self.seen.append(what)

    def trouble(self, publication, text, at):
        self.troubles.append(text and text.en)


@dataclass
class World:
    gateway: Gateway
    office: object
    models: Writes
    doctor: Doctor
    sockets: SocketServer
    killed: bool = False

    async def until(self, condition, seconds=30.0):
        end = now() + seconds
        while not condition():
            assert now() < end, "it did not happen"
            await asyncio.sleep(0.1)

    async def states(self):
        return await self.gateway.messages.database.read(
            lambda db: [state for (state,) in db.execute("select state from messages order by seq")]
        )

    async def come_to(self, *states, seconds=60.0):
        end = now() + seconds
        while (found := await self.states()) != list(states):
            assert now() < end, found
            await asyncio.sleep(0.5)

    async def kill(self):
        """Nothing that is done at an end is done."""
        self.killed = True
        for background in (self.gateway._background, self.gateway._worker._background):
            await background.end()
        await self.gateway._outbound.close()
        await asyncio.to_thread(self.gateway.messages.close)


def now():
    return asyncio.get_running_loop().time()


@asynccontextmanager
async def world(folder, *pieces, seconds=1.0, played=None, answer=None, agent=AGENT, settings=None):
    loop = asyncio.get_running_loop()
    played = played or TelegraphSimulation("station", loop.wall)
    models, doctor = Writes(list(pieces), seconds, answer=answer), Doctor()
    with example_channel.installed():
        async with SocketServer(played.serve) as sockets:
            gateway = Gateway(
                folder,
                OnePublication("telegraph", {**played.settings, **(settings or {})}, agent),
                services(models),
                doctor,
                {played.link_host_setting: sockets.url},
                clock=loop.wall,
                outside=loop.outside,
            )
            await gateway.start()
            it = World(gateway, played.office, models, doctor, sockets)
            try:
                yield it
            finally:
                if not it.killed:
                    await gateway.stop()
