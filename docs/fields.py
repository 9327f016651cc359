"""Tables of what settings are made of: agents, blocks, tools, channels."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from docs.tables import table
from docs.words import TYPES
from runtime import blocks, tools
from runtime.schema import problems


def inner_models(plugin: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The models that its own fields hold."""
    for field in plugin.model_fields.values():
        for held in (field.annotation, *get_args(field.annotation)):
            if isinstance(held, type) and issubclass(held, BaseModel) and not hasattr(held, "about"):
                yield held


def fields_table(
    model: type[BaseModel],
    lang: str,
    besides: type[BaseModel] | None = None,
    made: Collection[str] = (),
) -> list[str]:
    """A table of a model's fields, which its form shows too. `made`: those that we make up."""
    known = {"type"} if issubclass(model, blocks.Block | tools.Tool) else set()
    known |= set(besides.model_fields) if besides else set()
    schema = model.model_json_schema()
    named = schema.get("$ref", "").rpartition("/")[2]  # what holds its like inside is defined once
    defined = schema["$defs"][named] if named else schema
    needed = {*defined.get("required", ()), *_unusable(model)}
    rows = [
        _field(name, said, _needed(name, said, needed, made, lang), lang)
        for name, said in defined["properties"].items()
        if name not in known
    ]
    return list(table(rows, TYPES["field"].to(lang)))


def _unusable(model: type[BaseModel]) -> set[str]:
    """Fields that may not stay as they are to begin with."""
    try:
        model.model_validate({})
    except ValidationError as e:
        return {one.field for one in problems(e)}
    return set()


def _needed(name: str, said: Mapping[str, Any], needed: set[str], made: Collection[str], lang: str) -> str:
    if name not in needed:
        return ""
    if name in made:
        return TYPES["required.made"].to(lang)
    if when := said.get("when"):
        other, values = when
        shown = ", ".join(
            f"`{json.dumps(one, ensure_ascii=False)}`"
            for one in (values if isinstance(values, list | tuple) else [values])
        )
        return TYPES["required.when"].fill(name=other, values=shown).to(lang)
    return TYPES["required"].to(lang)


def _field(name: str, said: Mapping[str, Any], needed: str, lang: str) -> tuple[str, ...]:
    words = [said[told][lang] for told in ("labels", "hints") if told in said] or [said.get("title", "")]
    default = json.dumps(said.get("default", ""), ensure_ascii=False)
    choices = ", ".join(f"`{json.dumps(one, ensure_ascii=False)}`" for one in said.get("enum", ()))
    empty = default in {'""', "null", "[]", "{}"} or len(default) > 60
    meaning = ("：" if lang == "zh" else ": ").join(words)
    return f"`{name}`", meaning, needed, choices, "" if empty else f"`{default}`"
