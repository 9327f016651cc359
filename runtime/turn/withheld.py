"""A turn's events, as JSON, for who may have only what people were shown: without what checks kept back.

Who tries an agent out, or reads conversations, sees the whole trace; what leaves the pages goes through here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]

KEEPS_BACK = frozenset({"block", "ask", "mask", "replace"})
"""Actions after which people are shown something else than what was written."""
INSIDE: Mapping[str, Json] = {
    "block_finished": {"output": {}},
    "model_used": {"thoughts": ""},
    "model_asked": {"messages": [], "request": None, "answer": None},
    "tool_called": {"arguments": {}},
    "judged": {"excerpt": "", "what": ""},
    "waited": {"what": {}},
    "looked_up": {"query": ""},
}
"""By the kind of event, what of it may hold what was kept back."""


def is_kept_back(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether checks kept something of the turn from people."""
    return any(one.get("type") == "judged" and one.get("action") in KEEPS_BACK for one in events)


def as_shown(events: Sequence[Mapping[str, Any]]) -> list[Json]:
    """As they are where nothing was kept back."""
    if not is_kept_back(events):
        return [dict(one) for one in events]
    return [{**one, **_emptied(one)} for one in events]


def _emptied(event: Mapping[str, Any]) -> Json:
    inside = INSIDE.get(str(event.get("type")), {})
    return {name: value for name, value in inside.items() if name in event}
