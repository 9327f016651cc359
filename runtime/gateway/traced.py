"""Events as the stored trace of a turn has them."""

from collections.abc import Mapping
from typing import Any

from runtime.turn.events import BlockFinished, Event, Failed, ModelUsed

MOST_TEXT = 20_000
"""Characters of each value in one."""
MOST_THOUGHTS = 20_000
"""Characters of a model's thoughts."""


def short(event: Event) -> Mapping[str, Any]:
    """For the stored trace: outputs can be long, and a block's output is in the reply anyway."""
    data = event.to_json()
    if isinstance(event, BlockFinished):
        data["output"] = {name: str(value)[:500] for name, value in event.output.items()}
    if isinstance(event, ModelUsed):
        data["thoughts"] = event.thoughts[:MOST_THOUGHTS]
    if isinstance(event, Failed):
        data["reason"] = event.reason.by_language()
    return {name: _bounded(value) for name, value in data.items()}


def _bounded(value: Any) -> Any:
    if isinstance(value, str):
        return value[:MOST_TEXT]
    if isinstance(value, Mapping | list | tuple) and len(str(value)) > MOST_TEXT:
        return str(value)[:MOST_TEXT]
    return value
