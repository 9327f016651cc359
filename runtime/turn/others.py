"""Other agents that this one uses: those that were frozen with it, and no others."""

from collections.abc import Mapping

from runtime.errors import TurnFailed
from runtime.lang import Text
from runtime.turn.settings import Composed
from runtime.turn.turn import Answered, Turn

NOT_THERE = Text("没有「{id}」这个智能体，请重新发布。", "There is no agent {id!r} here; publish anew.")


async def asked(
    turn: Turn, name: str, id: str, text: str, values: Mapping[str, str] | None = None
) -> Answered:
    """What that agent answers; `name` is of the step. Raises what its turn ends with."""
    return await turn.inner(name, _other(turn, id), text, values)


def _other(turn: Turn, id: str) -> Composed:
    """The agent whose turn all others are inside of brought them along. Raises TurnFailed."""
    outermost = turn
    while outermost.outer is not None:
        outermost = outermost.outer
    agent = outermost.agent.others.get(id)
    if agent is None:
        raise TurnFailed(NOT_THERE.fill(id=id), code="no_agent")
    return agent
