"""Where something is wrong, in the words that a person sees in the builder."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from runtime.agents.agent import Agent
from runtime.agents.sources import sources
from runtime.blocks import Block, Writes
from runtime.errors import BadTemplate, HongyanError, Invalid, NotFound
from runtime.lang import NOTHING, Text, as_it_is, joined
from runtime.schema import About, label
from runtime.wellformed import in_list

LONGEST = 60
"""Characters of a name as it is told."""
AT = Text("{place}：{text}", "{place}: {text}")


def where(agent: Agent, field: str) -> Text:
    """`flow.0.text` as 「回复顾客」的「回复内容」; "" when it is nowhere in particular."""
    within = [(path, block) for path, block in agent.walk() if f"{field}.".startswith(f"{path}.")]
    if not within:
        return _joined(agent, field.split(".")) if field else NOTHING
    path, block = within[-1]
    name, rest = block_name(agent, block), field.removeprefix(path).strip(".")
    if not rest:
        return Text("「{name}」", "“{name}”").fill(name=name)
    inner = _joined(block, rest.split("."))
    return Text("「{name}」的「{inner}」", "“{name}”, {inner}").fill(name=name, inner=inner)


def at_place(agent: Agent, field: str, text: Text) -> Text:
    """What is wrong, with the place in front."""
    place = where(agent, field)
    return AT.fill(place=place, text=text) if place.zh else text


def block_name(agent: Agent, block: Block) -> Text:
    """Its title, else that of its type, counted where several have only that."""
    if block.title:
        return as_it_is(block.title)
    same = [one.id for _, one in agent.walk() if one.type == block.type and not one.title]
    title = type(block).about.title
    if len(same) < 2:
        return title
    number = same.index(block.id) + 1
    return Text("{title} {number}", "{title} {number}").fill(title=title, number=number)


def located(agent: Agent, id: str, error: HongyanError) -> Text:
    """What a person is told of an error in a running block: for what was set up wrongly, block and field."""
    block = next((block for _, block in agent.walk() if block.id == id), None)
    if block is None or not isinstance(error, Invalid | NotFound):
        return error.text
    name = block_name(agent, block)
    place = Text("「{name}」", "“{name}”").fill(name=name)
    if isinstance(error, BadTemplate) and (field := _field(block, error.source)):
        inner = _joined(block, field.split("."))
        place = Text("{place}的「{inner}」", "{place}, {inner}").fill(place=place, inner=inner)
    return Text("{place}：{problem}", "{place}: {problem}").fill(place=place, problem=error.text)


def _field(block: Block, source: str) -> str:
    """The setting that holds this template, or whose prompt template it is."""
    found = next((one.field for one in sources(block) if one.text == source), "")
    return found or ("prompt" if source and isinstance(block, Writes) else "")


def _joined(model: BaseModel, parts: list[str]) -> Text:
    found = _titles(model, parts)
    titles = [title for i, title in enumerate(found) if i == 0 or title != found[i - 1]]
    return joined(titles, Text(" › ", " › "))


def _titles(value: Any, parts: list[str]) -> list[Text]:
    found: list[Text] = []
    for part in parts:
        if isinstance(value, BaseModel):
            found.append(label(type(value).model_fields.get(part), part))
            value = getattr(value, part, None)
        elif isinstance(value, list) and (at := in_list(part)) is not None and at < len(value):
            value = value[at]
            found.append(_item(value, part))
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
            found.append(as_it_is(part))
    return found


def _item(value: Any, part: str) -> Text:
    """What a list's item is called: by its own name, its kind, or its place."""
    named = isinstance(value, BaseModel)
    own = (getattr(value, "title", "") or getattr(value, "name", "")) if named else value
    if isinstance(own, str) and own:
        return as_it_is(own[:LONGEST])
    about = getattr(type(value), "about", None)
    number = str(int(part) + 1)
    return about.title if isinstance(about, About) else as_it_is(number)
