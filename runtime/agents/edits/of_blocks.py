"""Edits of blocks: the same that a person does in the flow editor (builder/flow_editor/actions.js)."""

from collections.abc import Callable
from typing import Any, Literal

from runtime.agents.edits import tree
from runtime.agents.edits.nearest import filled, refilled
from runtime.agents.edits.one_edit import Dotted, Edit, Named, changing, objects, put, taken
from runtime.agents.edits.place import Where, root_of
from runtime.agents.edits.shape import Json, fields_of
from runtime.blocks import registry as blocks
from runtime.errors import BadAgent
from runtime.lang import Text, listed

NO_TYPE = Text("没有「{name}」这种积木，可用：{there}", "no block type {name!r}; there are: {there}")
NO_FIELD = Text(
    "「{type}」积木没有「{name}」这一项，可用：{there}", "a {type!r} block has no {name!r}; it has: {there}"
)
OWN_EDIT = Text("改编号请用 rename，类型不能改", "use rename for the id; the type cannot be changed")
NO_WAYS = Text("「{id}」没有可以加的分支", "{id!r} has no ways that could be added to")
NO_TOOLS = Text("「{id}」不能带工具", "{id!r} takes no tools")
NO_TOOL = Text("「{id}」没有叫「{name}」的工具，有：{there}", "{id!r} has no tool {name!r}; it has: {there}")
INSIDE_ITSELF = Text("不能移到它自己里面", "it cannot be moved into itself")


class Add(Edit):
    hint = "A new block. Without `id` it gets one; nested flows may come with it."
    op: Literal["add"]
    block: dict[str, Any]
    where: Where = Where()

    def on(self, data: Json) -> Json:
        type = str(self.block.get("type", ""))
        if type not in blocks():
            raise BadAgent(NO_TYPE.fill(name=type[:40], there=listed(sorted(blocks()))), field="block.type")
        root, path, index = self.where.place(data)
        block = {**self.block, "id": self.block.get("id") or tree.fresh_id(type, taken(data))}
        flow = root.flow(data)
        return root.put(data, tree.insert(flow, path, index, filled(flow, block, path, index)))


class Remove(Edit):
    hint = "A block goes, with what is inside of it."
    op: Literal["remove"]
    id: Named

    def on(self, data: Json) -> Json:
        root = root_of(data, self.id)
        flow = root.flow(data)
        left = tree.remove(flow, self.id)
        kept = set(tree.ids(left))
        return root.put(data, refilled(left, [id for id in tree.ids(flow) if id not in kept]))


class Move(Edit):
    hint = "A block goes to another place of its flow."
    op: Literal["move"]
    id: Named
    where: Where

    def on(self, data: Json) -> Json:
        root = root_of(data, self.id)
        to, path, index = self.where.place(data)
        flow = root.flow(data)
        if to != root:
            moved = tree.find(flow, self.id)
            assert moved
            rest = root.put(data, tree.remove(flow, self.id))
            return to.put(rest, tree.insert(to.flow(rest), path, index, moved.block))
        if tree.inside(flow, self.id, path):
            raise BadAgent(INSIDE_ITSELF, field="where")
        return root.put(data, tree.move(flow, self.id, path, index))


class Set(Edit):
    hint = "One setting of a block, e.g. prompt.text or cases.0.when; without `value` it is the usual again."
    op: Literal["set"]
    id: Named
    field: Dotted
    value: Any = None

    def on(self, data: Json) -> Json:
        def changed(block: Json) -> Json:
            first, *_ = self.field.split(".")
            if first in ("id", "type"):
                raise BadAgent(OWN_EDIT, field="field")
            known = [name for name in fields_of(block.get("type")).schemas if name not in ("id", "type")]
            if first not in known:
                text = NO_FIELD.fill(type=block.get("type"), name=first[:40], there=listed(known))
                raise BadAgent(text, field="field")
            given: Json = put(block, self.field, self.value)
            return given

        return changing(data, self.id, changed)


class Rename(Edit):
    hint = "Another id for a block; what refers to it follows."
    op: Literal["rename"]
    id: Named
    to: Named

    def on(self, data: Json) -> Json:
        root = root_of(data, self.id)
        return root.put(data, tree.rename(root.flow(data), self.id, self.to))


class Duplicate(Edit):
    hint = "The same block again, behind it."
    op: Literal["duplicate"]
    id: Named

    def on(self, data: Json) -> Json:
        root = root_of(data, self.id)
        found = tree.find(root.flow(data), self.id)
        assert found
        twin = tree.copy(found.block, taken(data))
        return root.put(data, tree.insert(root.flow(data), found.list, found.place + 1, twin))


class AddCase(Edit):
    hint = (
        "One more way of a branch ({title, when, flow}) or classify ({title, description, examples, flow})."
    )
    op: Literal["add_case"]
    id: Named
    case: dict[str, Any]

    def on(self, data: Json) -> Json:
        def changed(block: Json) -> Json:
            name = fields_of(block.get("type")).listed
            if not name:
                raise BadAgent(NO_WAYS.fill(id=self.id), field="id")
            return {**block, name: [*(block.get(name) or []), self.case]}

        return changing(data, self.id, changed)


class AddTool(Edit):
    hint = "A tool for a model block."
    op: Literal["add_tool"]
    id: Named
    tool: dict[str, Any]

    def on(self, data: Json) -> Json:
        return _with_tools(data, self.id, lambda tools: [*tools, self.tool])


class RemoveTool(Edit):
    hint = "A model block loses a tool, by its name."
    op: Literal["remove_tool"]
    id: Named
    tool: Named

    def on(self, data: Json) -> Json:
        def left(tools: list[Json]) -> list[Json]:
            kept = [one for one in tools if self.tool != (one.get("name") or one.get("type"))]
            if len(kept) == len(tools):
                there = listed(str(one.get("name") or one.get("type")) for one in tools)
                raise BadAgent(NO_TOOL.fill(id=self.id, name=self.tool, there=there), field="tool")
            return kept

        return _with_tools(data, self.id, left)


def _with_tools(data: Json, id: str, change: Callable[[list[Json]], list[Json]]) -> Json:
    def changed(block: Json) -> Json:
        if "tools" not in fields_of(block.get("type")).schemas:
            raise BadAgent(NO_TOOLS.fill(id=id), field="id")
        return {**block, "tools": change(objects(block, "tools"))}

    return changing(data, id, changed)
