"""What every test sees of a gateway that faces a simulated platform, on the clock that jumps."""

import asyncio
import functools
import shutil
from dataclasses import dataclass, field

from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import Unobserved
from runtime.simulator.fast_loop import FastLoop
from runtime.store.control.secrets import KEY_FILE


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
    doctor: Told = field(default_factory=Told)
    killed: bool = False

    async def until(self, condition, seconds=60.0):
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


def key_copied(home, other):
    """Where something was encrypted already, there is one."""
    if (home / KEY_FILE).exists():
        shutil.copy(home / KEY_FILE, other)


def now():
    return asyncio.get_running_loop().time()
