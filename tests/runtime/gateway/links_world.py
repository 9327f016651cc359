"""Our gateway and the telegraph office, on the clock that jumps."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import example_channel
from example_channel.simulator.telegraph import TelegraphSimulation
from played_world import PlayedWorld, Told
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


@dataclass(kw_only=True)
class World(PlayedWorld):
    office: object
    sockets: SocketServer


@asynccontextmanager
async def world(folder, *pieces, seconds=1.0, played=None, answer=None, agent=AGENT, settings=None):
    loop = asyncio.get_running_loop()
    played = played or TelegraphSimulation("station", loop.wall)
    around, doctor = services(Writes(list(pieces), seconds, answer=answer)), Told()
    with example_channel.installed():
        async with SocketServer(played.serve) as sockets:
            gateway = Gateway(
                folder,
                OnePublication("telegraph", {**played.settings, **(settings or {})}, agent),
                around,
                doctor,
                {played.link_host_setting: sockets.url},
                clock=loop.wall,
                outside=loop.outside,
            )
            await gateway.start()
            it = World(gateway, around=around, doctor=doctor, office=played.office, sockets=sockets)
            try:
                yield it
            finally:
                if not it.killed:
                    await gateway.stop()
