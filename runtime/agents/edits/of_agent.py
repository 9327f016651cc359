"""Edits of what an agent has besides blocks: settings, variables, other beginnings."""

from typing import Any, Literal

from pydantic import Field

from runtime.agents.edits.one_edit import Dotted, Edit, Named, objects, put
from runtime.agents.edits.shape import Json
from runtime.errors import BadAgent
from runtime.lang import Text, listed

SETTINGS = (
    "name", "description", "language", "timezone", "suggestions", "person", "shared", "memory", "limits",
    "cache", "consent", "texts", "keywords", "voice", "vision", "speech", "waiting",
)  # fmt: skip
"""What of the agent itself can be set so; its flows, variables and beginnings have edits of their own. What
it may do and hold is nobody's but its owner's to say."""

NO_SETTING = Text("没有「{name}」这项设置，可以改的有：{there}", "no setting {name!r}; there are: {there}")
NO_START = Text("没有「{id}」这个触发器", "there is no trigger {id!r}")
NO_VARIABLE = Text("没有「{name}」这个变量", "there is no variable {name!r}")


class Setting(Edit):
    hint = "A setting of the agent, e.g. name or texts.greeting; without `value` it is the usual again."
    op: Literal["setting"]
    field: Dotted
    value: Any = None

    def on(self, data: Json) -> Json:
        first, *_ = self.field.split(".")
        if first not in SETTINGS:
            raise BadAgent(NO_SETTING.fill(name=first[:40], there=listed(SETTINGS)), field="field")
        given: Json = put(data, self.field, self.value)
        return given


class Variable(Edit):
    hint = "A variable of the agent, new or changed: {{ name }} in its texts."
    op: Literal["variable"]
    name: Named
    title: str = Field("", max_length=200)
    default: str = Field("", max_length=20_000)

    def on(self, data: Json) -> Json:
        given = {"name": self.name, "title": self.title, "default": self.default}
        new = {name: value for name, value in given.items() if value}
        there = objects(data, "variables")
        if any(one.get("name") == self.name for one in there):
            changed = [
                {**one, **new, "default": self.default} if one.get("name") == self.name else one
                for one in there
            ]
            return {**data, "variables": changed}
        return {**data, "variables": [*there, new]}


class RemoveVariable(Edit):
    hint = "A variable goes."
    op: Literal["remove_variable"]
    name: Named

    def on(self, data: Json) -> Json:
        there = objects(data, "variables")
        left = [one for one in there if one.get("name") != self.name]
        if len(left) == len(there):
            raise BadAgent(NO_VARIABLE.fill(name=self.name), field="name")
        return {**data, "variables": left}


class AddStart(Edit):
    hint = "A trigger: {on: schedule, id, cron, flow}, {on: webhook, …} or {on: event, event, …}."
    op: Literal["add_start"]
    start: dict[str, Any]

    def on(self, data: Json) -> Json:
        return {**data, "starts": [*objects(data, "starts"), self.start]}


class RemoveStart(Edit):
    hint = "A trigger goes, with its flow."
    op: Literal["remove_start"]
    id: Named

    def on(self, data: Json) -> Json:
        there = objects(data, "starts")
        left = [one for one in there if one.get("id") != self.id]
        if len(left) == len(there):
            raise BadAgent(NO_START.fill(id=self.id), field="id")
        return {**data, "starts": left}


class Become(Edit):
    """All of another agent, but for what only its owner says and by what it is found."""

    hint = ""
    op: Literal["become"]
    agent: dict[str, Any]

    def on(self, data: Json) -> Json:
        own = ("format", "id", "holds", "withheld", "agents")
        kept = {name: value for name, value in data.items() if name in (*own, "name")}
        taken = {name: value for name, value in self.agent.items() if name not in own}
        return {**kept, **taken}
