"""Our gateway behind a simulated AI bot, both ways, on a clock that jumps."""

import asyncio
from dataclasses import dataclass, field

from played_world import PlayedWorld, faced
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


class World(PlayedWorld):
    @property
    def bubbles(self):
        return [one.bubble for one in self.played.platform.asked.values() if one.bubble]


def played(kind):
    return SIMULATION(kind, asyncio.get_running_loop().wall)


def world(folder, kind, seconds=2.0, text="这是一个回答。", bot=None, agent=AGENT):
    """Everything on this loop, which should be a FastLoop."""
    return faced(folder, bot or played(kind), ("wecom_bot", agent), services(Writes(seconds, text)), World)
