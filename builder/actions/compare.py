"""Two states of an agent beside each other, as the pages draw them (static/difference/difference.js)."""

from collections.abc import Iterator
from typing import Any

from builder.actions import pair
from runtime.agents.agent import Agent
from runtime.agents.difference import Field, difference
from runtime.agents.drawn_together import drawn_together
from runtime.agents.starts_difference import by_id
from runtime.schema import label

Json = dict[str, Any]


def compared(before: Json, after: Json) -> Json:
    """Either may be a draft that does not validate. Settings come with their names."""
    found = difference(before, after)
    drawn = drawn_together(before, after, found)
    said = found.to_json()
    settings = [
        {**one, "title": _title(field)} for one, field in zip(said["settings"], found.settings, strict=True)
    ]
    starts = {id: str(one.get("title") or "") for id, one in (by_id(before) | by_id(after)).items()}
    variables = list({name: one for data in (before, after) for name, one in _variables(data)}.values())
    return {
        **said,
        "settings": settings,
        "flows": drawn.flows,
        "marks": drawn.marks,
        "starts": starts,
        "variables": variables,
    }


def _title(field: Field) -> dict[str, str]:
    name = field.path[0] if field.path else ""
    return pair(label(Agent.model_fields.get(name), name))


def _variables(data: Json) -> Iterator[tuple[str, Json]]:
    """As chips call them, by name."""
    found = data.get("variables")
    for one in found if isinstance(found, list) else []:
        if isinstance(one, dict):
            yield str(one.get("name")), {name: str(one.get(name) or "") for name in ("name", "title")}
