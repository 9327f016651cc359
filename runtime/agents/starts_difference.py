"""What differs between the beginnings of two agents, besides their flows: which came, went or changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.agents.difference import ADDED, CHANGED, REMOVED
from runtime.agents.schedule_words import in_words
from runtime.agents.starts import KINDS
from runtime.lang import Text, as_it_is, listed, stored

Json = dict[str, Any]
FLOW = "flow"
YES, NO = Text("是", "yes"), Text("否", "no")


def starts_difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Json]:
    """All of both, in the order of what is now: {id, on, title, marks, fields: [{label, before, after}]}.

    What a field says stands in words, by language; null where it is not there.
    """
    then, now = by_id(before), by_id(after)
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
        about = _about(on, name)
        was, now = (_said(name, about, one[name]) if name in one else None for one in (before, after))
        yield {"label": _label(about, name).by_language(), "before": was, "after": now}


def _about(on: str, name: str) -> Json:
    """What the form knows of a field."""
    properties = KINDS[on].model_json_schema().get("properties", {}) if on in KINDS else {}
    found: Json = properties.get(name, {})
    return found


def _label(about: Json, name: str) -> Text:
    """As forms call it."""
    return stored(about["labels"]) if about.get("labels") else as_it_is(name)


def _said(name: str, about: Json, value: Any) -> Json:
    """A value as a form shows it."""
    choices = about.get("choices", {})
    if isinstance(value, str) and value in choices:
        said = stored(choices[value])
    elif isinstance(value, bool):
        said = YES if value else NO
    elif isinstance(value, list):
        said = listed(map(str, value))
    else:
        said = in_words(value) if name == "cron" and isinstance(value, str) else as_it_is(str(value))
    return said.by_language()


def by_id(data: Mapping[str, Any]) -> dict[str, Json]:
    """The beginnings of an agent as it is written."""
    starts = data.get("starts")
    items = starts if isinstance(starts, list) else []
    return {str(one.get("id")): one for one in items if isinstance(one, dict)}
