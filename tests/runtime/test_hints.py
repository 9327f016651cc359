"""Whoever fills in a form reads at each field what it is for: from the schema that the form is drawn from."""

import inspect
from typing import get_args

from pydantic import BaseModel

from runtime import blocks, tools
from runtime.agents.agent import Agent
from runtime.schema import Labels

PLAIN = {
    "name",
    "title",
    "id",
    "type",
    "flow",
    "description",
    "default",
    "method",
    "max_tokens",
    "timeout",
    "language",
    "timezone",
}
"""Their label says it all."""
FROZEN = {"flow", "frozen"}
"""Widgets in which nothing is typed."""
MADE = {"Operand"}
"""Settings that an import wrote."""


def models(kind, found):
    """Every model that a form of it shows."""
    for inner in get_args(kind):
        models(inner, found)
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in found:
        found.append(kind)
        for field in kind.model_fields.values():
            models(field.annotation, found)
    return found


def silent(kinds):
    """Fields that are asked for without a word of help."""
    return {
        f"{model.__name__}.{name}"
        for kind in kinds
        for model in models(kind, [])
        if model.__name__ not in MADE
        for name, field in model.model_fields.items()
        if isinstance(labels := field.json_schema_extra, Labels)
        if not labels.hint.en and name not in PLAIN
        if labels.widget not in FROZEN and field.annotation is not bool
        if not is_group(field.annotation)
    }


def is_group(kind):
    """Each of its own fields says what it is for."""
    return inspect.isclass(kind) and issubclass(kind, BaseModel)


def test_every_field_says_what_it_is_for():
    assert silent([*blocks.registry().values(), *tools.registry().values(), Agent]) == set()


def test_a_silent_field_would_be_found():
    class Quiet(BaseModel):
        word: str = blocks.setting("", title=blocks.Text("词", "Word"))

    assert silent([Quiet]) == {"Quiet.word"}
