"""Our gateway behind the example channel and its played platform, on a clock that jumps."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from example_channel.simulator.pigeon import PigeonSimulation
from runtime import simulator
from runtime.agents.agent import Agent
from runtime.channels import WebRequest
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication
from runtime.simulator.fast_loop import FastLoop
from runtime.simulator.http import Server
from script import Script, services

AGENT = Agent.load(
    {
        "id": "shop",
        "name": "店",
        "texts": {"greeting": "欢迎", "busy": "太忙", "slower": "慢些"},
        "flow": [{"type": "model", "id": "answer"}],
    }
)


@dataclass
class Seen:
    """The gateway's doctor."""

    codes: list = field(default_factory=list)

    def saw(self, publication, what, code, at, compared=()):
        self.codes.append((what, code))

    def trouble(self, publication, text, at):
        self.codes.append(("trouble", text and text.en))


@dataclass
class World:
    gateway: Gateway
    played: PigeonSimulation
    models: Script
    doctor: Seen
    publications: OnePublication

    @property
    def post(self):
        return self.played.post

    @property
    def kept(self):
        """How far it is joined."""
        return self.publications.joinings

    async def when(self, is_so):
        for _ in range(10_000):
            if is_so():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(self.kept)

    async def come_to(self, *states, every=0.1):
        """Wait on the clock that jumps until the messages are in these states, looking `every` 0.1 s."""
        for _ in range(1000):
            now = await self.gateway.messages.database.read(
                lambda db: [state for (state,) in db.execute("select state from messages order by seq")]
            )
            if now == list(states):
                return
            await asyncio.sleep(every)
        raise AssertionError(now)


@asynccontextmanager
async def world(folder, *answers, kind="carrier", played=None, agent=AGENT, more=None):
    loop = asyncio.get_running_loop()
    played = played or simulator.registry()["pigeon"](kind, loop.wall)
    models, doctor = Script(list(answers) or Script().answers), Seen()
    publications = OnePublication("pigeon", {**played.settings, **(more or {})}, agent.to_json())
    async with Server(played.call) as server:
        gateway = Gateway(
            folder,
            publications,
            services(models),
            doctor,
            {played.api_host_setting: server.url},
            clock=loop.wall,
            outside=loop.outside,
        )

        async def door(knock):
            response = await gateway.callback(
                "p", WebRequest(knock.method, knock.query, knock.body, knock.headers)
            )
            return response.status, response.body

        played.connect(door, None)
        await gateway.start()
        [surface] = gateway.surfaces.all()
        await gateway.abilities.find_out(surface)
        try:
            yield World(gateway, played, models, doctor, publications)
        finally:
            await gateway.stop()


def on_the_clock_that_jumps(test):
    """Run an `async` test on a FastLoop."""

    def run(tmp_path):
        with asyncio.Runner(loop_factory=FastLoop) as runner:
            runner.run(test(tmp_path))

    run.__name__ = test.__name__
    return run
