"""What an edit does, in words for the owner."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from runtime.agents.agent import Agent
from runtime.agents.edits import tree
from runtime.agents.edits.one_edit import Edit
from runtime.agents.edits.place import roots
from runtime.agents.edits.shape import Json, fields_of
from runtime.blocks import registry as blocks
from runtime.lang import Text, as_it_is, stored
from runtime.schema import label
from runtime.tools import registry as tools

LONGEST = 60
"""Characters of a value that is told."""

SAYS: Mapping[str, Text] = {
    "add": Text("加积木「{name}」", "Add the block “{name}”"),
    "remove": Text("删积木「{name}」", "Remove the block “{name}”"),
    "move": Text("移动「{name}」", "Move “{name}”"),
    "set": Text("改「{name}」的「{field}」：{value}", "Change “{name}”, {field}: {value}"),
    "rename": Text("「{id}」改名为「{to}」", "Rename “{id}” to “{to}”"),
    "duplicate": Text("复制「{name}」", "Copy “{name}”"),
    "add_case": Text("「{name}」加一条路「{title}」", "“{name}” gets a way “{title}”"),
    "add_tool": Text("「{name}」加工具「{tool}」", "“{name}” gets the tool “{tool}”"),
    "remove_tool": Text("「{name}」去掉工具「{tool}」", "“{name}” loses the tool “{tool}”"),
    "setting": Text("改设置「{field}」：{value}", "Change the setting {field}: {value}"),
    "variable": Text("变量「{name}」：{value}", "Variable “{name}”: {value}"),
    "remove_variable": Text("去掉变量「{name}」", "Remove the variable “{name}”"),
    "add_start": Text("加一个触发器「{id}」", "Add the trigger “{id}”"),
    "remove_start": Text("去掉触发器「{id}」", "Remove the trigger “{id}”"),
    "become": Text("从「{name}」开始", "Begin with “{name}”"),
}
"""One for each kind of edit."""


def said_of(edit: Edit, before: Json, after: Json) -> Text:
    """`before` and `after`: the agent."""
    given: dict[str, Any] = edit.model_dump()
    told = {name: _short(value) for name, value in given.items() if name != "op"}
    block = _block(edit, given, before, after)
    if block is not None:
        told["name"] = _name(block)
        told["field"] = _titled(block, str(given.get("field") or ""))
    if isinstance(case := given.get("case"), dict):
        told["title"] = _short(case.get("title") or case.get("when"))
    if "tool" in given:
        told["tool"] = _tool(given["tool"])
    if edit.op == "setting":
        told["field"] = _setting(str(given["field"]))
    if edit.op == "variable":
        told["value"] = _short(given.get("default"))
    if isinstance(start := given.get("start"), dict):
        told["id"] = _short(start.get("title") or start.get("id"))
    if edit.op == "become":
        told["name"] = _short(given["agent"].get("name"))
    return SAYS[edit.op].fill(**told)


def _block(edit: Edit, given: Json, before: Json, after: Json) -> Json | None:
    """The block that it is about."""
    if edit.op == "add":
        had = {id for root in roots(before) for id in tree.ids(root.flow(before))}
        new = (place.block for root in roots(after) for place in tree.walk(root.flow(after)))
        return next((block for block in new if block.get("id") not in had), None)
    if edit.op in ("remove_start", "add_start", "rename", "become", "setting", "variable"):
        return None
    found = (tree.find(root.flow(before), str(given.get("id"))) for root in roots(before))
    return next((place.block for place in found if place), None)


def _name(block: Json) -> Text:
    kind = blocks().get(str(block.get("type")))
    own = _short(block.get("title"))
    return own if block.get("title") or kind is None else kind.about.title


def _titled(block: Json, field: str) -> Text:
    """The setting as forms call it; its name where they have none."""
    first = field.split(".")[0]
    labels = fields_of(block.get("type")).schemas.get(first, {}).get("labels")
    return stored(labels) if labels and first != "cases" else as_it_is(field)


def _setting(field: str) -> Text:
    """What the agent's settings call it."""
    found: list[Text] = []
    kind: type[BaseModel] | None = Agent
    for name in field.split("."):
        info = kind.model_fields.get(name) if kind else None
        found.append(label(info, name))
        inner = info.annotation if info else None
        kind = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
    return found[-1]


def _tool(tool: Any) -> Text:
    if not isinstance(tool, dict):
        return _short(tool)
    kind = tools().get(str(tool.get("type")))
    return _short(tool["name"]) if tool.get("name") or kind is None else kind.about.title


def _short(value: Any) -> Text:
    text = " ".join(str("" if value is None else value).split())
    return as_it_is(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
