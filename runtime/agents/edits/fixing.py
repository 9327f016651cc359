"""What is certain to mend a problem: by its code, an edit of the agent. It is offered; somebody clicks.

A fix is certain when there is one thing to do: a name that is nearly another, an id that is taken. Whatever
it would break besides is found when it is taken, and then nothing is changed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.check import Finding
from runtime.agents.edits import tree
from runtime.agents.edits.one_edit import put, taken
from runtime.agents.edits.shape import Json, conditions
from runtime.agents.edits.taking import Judge, new_problems
from runtime.errors import BadAgent
from runtime.lang import Text
from runtime.wellformed import in_list

GONE = Text("这一处已经不在了，没有改。", "This is no longer there; nothing was changed.")
NOT_CERTAIN = Text(
    "这样改会带来别的问题（{why}），没有改。",
    "That would bring another problem ({why}); nothing was changed.",
)
TO = Text("改成「{name}」", "Change it to {name!r}")
NOT_DONE = Text(
    "抱歉，刚才没有办成，请稍后再试。", "Sorry, that did not work just now. Please try again later."
)
CODE = re.compile(r"\{\{[\s\S]*?(?:\}\}|\Z)|\{%[\s\S]*?(?:%\}|\Z)")


@dataclass(frozen=True)
class Fix:
    """`title`: what the button says. `on`: the agent's JSON after it."""

    title: Text
    on: Callable[[Json], Json]


Make = Callable[[Json, str, Mapping[str, str]], Fix | None]
"""Of the agent, the problem's field and what is known about it."""


def fix_of(data: Json, finding: Finding) -> Fix | None:
    """None where nothing is certain."""
    make = FIXES.get(finding.code)
    return make(data, finding.field, finding.about) if make else None


def fixed(data: Json, field: str, code: str, judge: Judge) -> Json:
    """The agent with the problem of this code at this field mended. Raises BadAgent: nothing is changed."""
    found = next((one for one in problems(data, judge) if (one.field, one.code) == (field, code)), None)
    fix = fix_of(data, found) if found else None
    if found is None or fix is None:
        raise BadAgent(GONE)
    after = fix.on(data)
    if not Agent.check(after):
        after = Agent.load(after).to_json()
    for problem in new_problems(data, after, judge):
        raise BadAgent(NOT_CERTAIN.fill(why=problem.text), field=problem.field)
    return after


def problems(data: Json, judge: Judge) -> list[Finding]:
    """All that is to be corrected: what does not validate, else what the check finds."""
    if wrong := Agent.check(data):
        return [Finding("error", one.field, one.text, *_id(data, one.field)) for one in wrong]
    return list(judge(Agent.load(data)))


def _id(data: Json, field: str) -> tuple[str, Mapping[str, str]]:
    """The code of what is wrong with a block's id: it is another's, or means something else."""
    path = _path(field)
    value = tree.at(data, path)
    if path[-1:] != ["id"] or "flow" not in path or not isinstance(value, str):
        return "", {}
    others = [id for root in _flows(data) for id in tree.ids(root)]
    named = taken({**data, "flow": [], "starts": []})
    return ("taken", {}) if others.count(value) > 1 else ("reserved", {}) if value in named else ("", {})


def _flows(data: Json) -> list[list[Json]]:
    starts = data.get("starts")
    more = [one.get("flow") for one in starts if isinstance(one, dict)] if isinstance(starts, list) else []
    return [flow for flow in (data.get("flow"), *more) if isinstance(flow, list)]


def _path(field: str) -> list[str | int]:
    return [part if (at := in_list(part)) is None else at for part in field.split(".")]


def _other_id(data: Json, field: str, about: Mapping[str, str]) -> Fix | None:
    """What refers to the id means the block that had it first."""
    path = _path(field)
    block = tree.at(data, path[:-1])
    fresh = tree.fresh_id(str(block.get("type")), taken(data))
    return Fix(TO.fill(name=fresh), lambda one: tree.put(one, path, fresh))


def _renamed(data: Json, field: str, about: Mapping[str, str]) -> Fix | None:
    """What refers to it follows."""
    path = _path(field)
    was = str(tree.at(data, path))
    fresh = tree.fresh_id(f"{was}_2"[:60], taken(data))

    def on(one: Json) -> Json:
        flows = {name: tree.rewrite(one[name], {was: fresh}) for name in ("flow", "starts") if name in one}
        changed: Json = tree.put({**one, **flows}, path, fresh)
        return changed

    return Fix(TO.fill(name=fresh), on)


def _other_name(data: Json, field: str, about: Mapping[str, str]) -> Fix | None:
    """`instead` is nearly what is written."""
    was, now = about["is"], about["instead"]
    pattern = re.compile(rf"(?<![\w.]){re.escape(was)}(?!\w)", re.ASCII)

    def on(one: Json) -> Json:
        text = str(tree.at(one, _path(field)))
        if field.rpartition(".")[2] in conditions():
            changed = pattern.sub(now, text)
        else:
            changed = CODE.sub(lambda part: pattern.sub(now, part[0]), text)
        mended: Json = put(one, field, changed)
        return mended

    return Fix(TO.fill(name=now), on)


def _switched_on(data: Json, field: str, about: Mapping[str, str]) -> Fix | None:
    def on(one: Json) -> Json:
        for name in ("flow", "starts"):
            one = {**one, name: _on(one[name], about["id"])} if name in one else one
        return one

    return Fix(Text("启用「{id}」", "Switch {id!r} on").fill(id=about["id"]), on)


def _on(value: Any, id: str) -> Any:
    if isinstance(value, list):
        return [_on(one, id) for one in value]
    if not isinstance(value, dict):
        return value
    off = "disabled" if value.get("id") == id and "type" in value else ""
    return {name: _on(inner, id) for name, inner in value.items() if name != off}


def _used(data: Json, field: str, about: Mapping[str, str]) -> Fix | None:
    """The nearest model behind it in the same list is told, where its prompt is written there."""
    *around, place = _path(field)
    behind = list(enumerate(tree.at(data, around)))[int(place) + 1 :]
    models = [at for at, one in behind if one.get("type") == "model" and "text" in one.get("prompt", {})]
    if not models:
        return None
    path = [*around, models[0], "prompt", "text"]
    reference = f"{{{{ {about['id']}.text }}}}"

    def on(one: Json) -> Json:
        changed: Json = tree.put(one, path, f"{tree.at(one, path)}\n\n{reference}".lstrip())
        return changed

    return Fix(Text("加到大模型的提示词里", "Put it into the model’s prompt"), on)


def _told_otherwise(data: Json, field: str, about: Mapping[str, str]) -> Fix | None:
    """The person hears that it was not done."""
    lang = str(data.get("language", "zh"))
    says = {"id": tree.fresh_id("not_done", taken(data)), "type": "reply", "text": NOT_DONE.to(lang)}
    title = Text("没做成时说一声", "Say so when it fails")
    return Fix(title, lambda one: put(one, f"{field}.otherwise", [says]))


def _one_at_a_time(data: Json, field: str, about: Mapping[str, str]) -> Fix | None:
    path = f"{about['rounds']}.at_once"
    return Fix(Text("一次做一轮", "One round at a time"), lambda one: put(one, path, None))


def _tool_name(data: Json, field: str, about: Mapping[str, str]) -> Fix | None:
    tools = tree.at(data, _path(field)[:-2])
    names = {str(one.get("name") or one.get("type")) for one in tools if isinstance(one, dict)}
    fresh = tree.fresh_id(about["name"], names)
    return Fix(TO.fill(name=fresh), lambda one: put(one, field, fresh))


def _other_base(data: Json, field: str, about: Mapping[str, str]) -> Fix | None:
    return Fix(TO.fill(name=about["instead"]), lambda one: put(one, field, about["instead"]))


def _declared(data: Json, field: str, about: Mapping[str, str]) -> Fix | None:
    """As text that the flow may write, which every value can be."""
    title = Text("声明「{name}」", "Declare {name!r}").fill(name=about["name"])
    return Fix(title, lambda one: {**one, "person": [*one.get("person", []), {"name": about["name"]}]})


FIXES: Mapping[str, Make] = {
    "taken": _other_id,
    "reserved": _renamed,
    "misspelt": _other_name,
    "switched_off": _switched_on,
    "unused": _used,
    "unheeded": _told_otherwise,
    "cannot_wait": _one_at_a_time,
    "tool_twice": _tool_name,
    "other_base": _other_base,
    "undeclared": _declared,
}
"""By the code of a problem."""
