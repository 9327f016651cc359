"""What differs between the beginnings of two agents, besides their flows: which came, went or changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.agents.difference import ADDED, CHANGED, REMOVED
from runtime.agents.starts import KINDS
from runtime.lang import Text, as_it_is, stored

Json = dict[str, Any]
FLOW = "flow"


def starts_difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Json]:
    """All of both, in the order of what is now: {id, on, title, marks, fields: [{label, before, after}]}."""
    then, now = _by_id(before), _by_id(after)
    return [_one(id, then.get(id), now.get(id)) for id in [*now, *(id for id in then if id not in now)]]


def _one(id: str, before: Json | None, after: Json | None) -> Json:
    shown = after or before or {}
    fields = list(_fields(before or {}, after or {}))
    if before is None or after is None:
        marks = [ADDED if before is None else REMOVED]
    else:
        marks = [CHANGED] if fields or before.get(FLOW) != after.get(FLOW) else []
    title = str(shown.get("title") or "")
    return {"id": id, "on": str(shown.get("on")), "title": title, "marks": marks, "fields": fields}


def _fields(before: Json, after: Json) -> Iterator[Json]:
    on = str((after or before).get("on"))
    for name in dict.fromkeys([*before, *after]):
        if name in (FLOW, "id", "on") or before.get(name) == after.get(name):
            continue
        label = _label(on, name).by_language()
        yield {"label": label, "before": before.get(name), "after": after.get(name)}


def _label(on: str, name: str) -> Text:
    """As forms call it."""
    properties = KINDS[on].model_json_schema().get("properties", {}) if on in KINDS else {}
    labels = properties.get(name, {}).get("labels")
    return stored(labels) if labels else as_it_is(name)


def _by_id(data: Mapping[str, Any]) -> dict[str, Json]:
    starts = data.get("starts")
    items = starts if isinstance(starts, list) else []
    return {str(one.get("id")): one for one in items if isinstance(one, dict)}
