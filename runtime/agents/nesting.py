"""What is wrong with flows inside of blocks."""

from collections.abc import Iterator

from runtime.agents.agent import Agent, walk
from runtime.agents.scope import places
from runtime.blocks import Rounds, Waits
from runtime.lang import Text

CANNOT_WAIT = Text(
    "它会等人，而外面的「重复」同时做几轮：把那里的「同时做几轮」改成 1",
    "it waits, and the rounds around it run side by side: set these to one at a time",
)


def side_by_side(agent: Agent) -> Iterator[tuple[str, Text]]:
    """By path: rounds that run at the same time cannot wait for one person."""
    for place in places(agent):
        if isinstance(place.block, Rounds) and place.block.side_by_side:
            for below, way in place.block.flows():
                for path, inner in walk(way, f"{place.path}.{below}"):
                    if isinstance(inner, Waits):
                        yield path, CANNOT_WAIT
