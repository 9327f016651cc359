"""What fails and nobody is told: a tool that changes something, behind which a flow goes on as if it had."""

from collections.abc import Iterator

from runtime.agents.agent import Agent
from runtime.agents.scope import places
from runtime.agents.sources import sources
from runtime.blocks import RunsTool
from runtime.lang import Text

UNHEEDED = Text(
    "它会改动别处的东西，没做成时也照样往下走，像做成了一样：打开「没做成时」，或者看 {{{{ {id}.failed }}}}",
    "it changes something elsewhere, and when that fails the flow goes on as if it had not: turn on "
    "“If it does not work”, or look at {{{{ {id}.failed }}}}",
)
SAYS = ("failed", "error")
"""Whoever asks for one of these, or for all that the block came to, hears of it."""


def unheeded(agent: Agent) -> Iterator[tuple[str, Text, str]]:
    """Field, what is wrong, and the block's id."""
    every = list(places(agent))
    asked = [use for place in every if place.runs for one in sources(place.block) for use in one.asks()]
    heeded = {use.name for use in asked if not use.fields or use.fields[0] in SAYS}
    for place in every:
        block = place.block
        if not isinstance(block, RunsTool) or block.otherwise or block.id in heeded:
            continue
        if not all(tool.repeatable for _, tool in block.granted()):
            yield place.path, UNHEEDED.fill(id=block.id), block.id
