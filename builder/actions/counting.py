"""What trying out took counts in the budgets."""

import logging
from collections.abc import Sequence

from builder.studio import Studio
from runtime.agents.agent import Agent
from runtime.errors import HongyanError
from runtime.turn.events import Paid

log = logging.getLogger("hongyan.builder")


async def count(studio: Studio, agent: Agent, paid: Sequence[Paid], by: str, messages: int = 0) -> None:
    """What came of it is there, so nobody is told where it cannot be counted."""
    if paid or messages:
        try:
            await studio.spent(agent, paid, by, messages)
        except HongyanError as e:
            log.warning("what was tried out is not counted: %s", e.text.en)
