"""What every test sees of a gateway that faces a simulated platform, on the clock that jumps."""

import asyncio
import functools
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from runtime.channels import WebRequest
from runtime.errors import HongyanError
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication, Unobserved
from runtime.simulator import Simulation
from runtime.simulator.fast_loop import FastLoop
from runtime.simulator.hosting import hosted
from runtime.store.control.secrets import KEY_FILE
from runtime.turn.turn import Services


def jumping(test):
    """Runs it on that clock."""

    @functools.wraps(test)
    def jumped(*given, **named):
        run(test(*given, **named))

    return jumped


def run(work):
    """What it comes to, on that clock."""
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return runner.run(work)


class Told(Unobserved):
    """A doctor that keeps what it is told."""

    def __init__(self):
        self.seen, self.troubles = [], []

    def saw(self, publication, what, code, at, compared=""):
        self.seen.append(what)

    def trouble(self, publication, text, at):
        self.troubles.append(text and text.en)


@dataclass
class PlayedWorld:
    gateway: Gateway
    played: Simulation | None = None
    around: Services | None = None
    doctor: Told = field(default_factory=Told)
    publications: Any = None
    killed: bool = False

    @property
    def platform(self):
        return self.played.platform

    @property
    def models(self):
        return self.around.models

    async def until(self, condition, seconds=60.0):
        end = now() + seconds
        while not condition():
            assert now() < end, "it did not happen"
            await asyncio.sleep(0.1)

    async def states(self):
        return await self.gateway.messages.database.read(
            lambda db: [state for (state,) in db.execute("select state from messages order by seq")]
        )

    async def come_to(self, *states, seconds=60.0, every=0.5):
        end = now() + seconds
        while (found := await self.states()) != list(states):
            assert now() < end, found
            await asyncio.sleep(every)

    async def kill(self):
        """Nothing that is done at an end is done."""
        self.killed = True
        for background in (self.gateway._background, self.gateway._worker._background):
            await background.end()
        await self.gateway._outbound.close()
        await asyncio.to_thread(self.gateway.messages.close)

    async def door(self, knock):
        """By which the platform calls."""
        if self.killed:
            raise ConnectionRefusedError
        headers = {name.lower(): value for name, value in knock.headers.items()}
        request = WebRequest(knock.method, knock.query, knock.body, headers)
        try:
            response = await self.gateway.callback("p", request)
        except HongyanError:
            return 403, ""
        return response.status, response.body

    async def page(self, url):
        """What a page of ours shows, as soon as it shows the answer."""
        key = url.rstrip("/").rpartition("/")[2]
        pages, wall = self.gateway.messages.pages, asyncio.get_running_loop().wall
        while not (shown := await pages.find(key, wall())).reply:  # noqa: ASYNC110 # so does the page itself
            await asyncio.sleep(1)
        await pages.seen(shown, wall())
        return shown.reply


@asynccontextmanager
async def faced(
    folder, played, publications, around, world=PlayedWorld, *, url="https://bot.test", probed=True, **more
):
    """Our gateway with these services before a simulated platform. `publications`: the channel's name and its
    agent, or what the gateway takes. `probed`: it knows what the account may do."""
    loop = asyncio.get_running_loop()
    if isinstance(publications, tuple):
        channel, agent = publications
        publications = OnePublication(channel, played.settings, agent)
    doctor = more.pop("doctor", None) or Told()
    async with hosted(played) as hosts:
        clocks = {"clock": loop.wall, "outside": loop.outside}
        gateway = Gateway(folder, publications, around, doctor, hosts, lambda: url, **clocks, **more)
        it = world(gateway, played, around, doctor, publications)
        played.connect(it.door, it.page)
        await gateway.start()
        [surface] = gateway.surfaces.all()
        if probed and surface.connector is None:
            await gateway.abilities.find_out(surface)
        try:
            yield it
        finally:
            if not it.killed:
                await played.settle()
                await gateway.stop()


def key_copied(home, other):
    """Where something was encrypted already, there is one."""
    if (home / KEY_FILE).exists():
        shutil.copy(home / KEY_FILE, other)


def now():
    return asyncio.get_running_loop().time()
