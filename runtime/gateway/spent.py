"""What models other than the agent's own used for a turn, kept over a crash and added to what it came to."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from runtime.errors import StoreFailed
from runtime.store.messages.ending import Outcome
from runtime.store.messages.steps import Steps
from runtime.turn.events import Sensed

log = logging.getLogger(__name__)


async def lasting(steps: Steps, seq: int, results: Mapping[str, Any]) -> None:
    """Until it is on the disk. If that does not take it, only a crash would cost the same again."""
    try:
        await steps.record(seq, results)
    except StoreFailed as e:
        log.error("what models saw, heard or spoke is not journaled: %s", e)


def counted(outcome: Outcome, sensed: Sequence[Sensed]) -> Outcome:
    """With these in its trace, its tokens and its cost, which is unknown (None) when one of them is."""
    asked = outcome.prompt_tokens or outcome.completion_tokens
    costs = [outcome.cost if asked else 0.0, *(one.cost for one in sensed)]
    return replace(
        outcome,
        prompt_tokens=outcome.prompt_tokens + sum(one.prompt_tokens for one in sensed),
        completion_tokens=outcome.completion_tokens + sum(one.completion_tokens for one in sensed),
        cost=None if None in costs else sum(cost for cost in costs if cost is not None),
        trace=[*outcome.trace, *(one.to_json() for one in sensed)],
    )
