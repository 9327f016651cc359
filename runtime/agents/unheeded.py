"""What fails and nobody is told: a tool that changes something, behind which a flow goes on as if it had."""

from collections.abc import Iterator

from runtime.agents.agent import Agent
from runtime.agents.scope import places
from runtime.agents.sources import Source, sources
from runtime.blocks import RunsTool
from runtime.errors import BadTemplate
from runtime.lang import Text
from runtime.templating.sandbox.reading import uses

UNHEEDED = Text(
    "它会改动别处的东西，没做成时也照样往下走，像做成了一样：打开「没做成时」，或者看 {{{{ {id}.failed }}}}",
    "it changes something elsewhere, and when that fails the flow goes on as if it had not: turn on "
    "“If it does not work”, or look at {{{{ {id}.failed }}}}",
)
SAYS = ("failed", "error")


def unheeded(agent: Agent) -> Iterator[tuple[str, Text, str]]:
    """Field, what is wrong, and the block's id."""
    every = list(places(agent))
    heeded = {name for place in every if place.runs for one in sources(place.block) for name in _heeded(one)}
    for place in every:
        block = place.block
        if not isinstance(block, RunsTool) or block.otherwise or block.id in heeded:
            continue
        if not all(tool.repeatable for _, tool in block.granted()):
            yield place.path, UNHEEDED.fill(id=block.id), block.id


def _heeded(source: Source) -> Iterator[str]:
    """Of which blocks it asks whether they failed, or for all that they came to."""
    try:
        asked = uses(source.text, is_condition=source.is_condition)
    except BadTemplate:
        return  # told of the block itself
    yield from (one.name for one in asked if not one.fields or one.fields[0] in SAYS)
