"""Our gateway behind the example channel and its played platform, on a clock that jumps."""

import asyncio
from dataclasses import dataclass, field

from played_world import PlayedWorld, faced
from runtime import simulator
from runtime.agents.agent import Agent
from runtime.gateway.one_publication import OnePublication
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


class World(PlayedWorld):
    @property
    def post(self):
        return self.played.post

    @property
    def kept(self):
        """How far it is joined."""
        return self.publications.joinings

    async def when(self, is_so):
        await self.until(is_so, 1000)

    async def come_to(self, *states, every=0.1):
        """Wait on the clock that jumps until the messages are in these states, looking `every` 0.1 s."""
        await super().come_to(*states, seconds=1000 * every, every=every)


def world(folder, *answers, kind="carrier", played=None, agent=AGENT, more=None):
    played = played or simulator.registry()["pigeon"](kind, asyncio.get_running_loop().wall)
    publications = OnePublication("pigeon", {**played.settings, **(more or {})}, agent.to_json())
    around = services(Script(list(answers) or Script().answers))
    return faced(folder, played, publications, around, World, url="", doctor=Seen())
