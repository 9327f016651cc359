"""The edits that there are. Each is pure: the agent's JSON before, the agent's JSON after.

What is wrong with one is said with the field of the edit that is to be corrected; whether the agent is
still one after it is asked once for all of them, in `taking`.
"""

from collections.abc import Mapping
from typing import Any

from runtime.agents.edits.of_agent import AddStart, Become, RemoveStart, RemoveVariable, Setting, Variable
from runtime.agents.edits.of_blocks import (
    Add,
    AddCase,
    AddTool,
    Duplicate,
    Move,
    Remove,
    RemoveTool,
    Rename,
    Set,
)
from runtime.agents.edits.one_edit import Edit
from runtime.errors import BadAgent
from runtime.lang import Text, listed
from runtime.schema import as_model, bad_agent

NO_OP = Text("没有「{name}」这种修改，可用：{there}", "no edit {name!r}; there are: {there}")

KINDS: Mapping[str, type[Edit]] = {
    "add": Add, "remove": Remove, "move": Move, "set": Set, "rename": Rename, "duplicate": Duplicate,
    "add_case": AddCase, "add_tool": AddTool, "remove_tool": RemoveTool, "setting": Setting,
    "variable": Variable, "remove_variable": RemoveVariable, "add_start": AddStart,
    "remove_start": RemoveStart, "become": Become,
}  # fmt: skip


def load(data: Any) -> Edit:
    """Raises BadAgent with the first problem and its field."""
    given = data if isinstance(data, dict) else {}
    kind = KINDS.get(str(given.get("op")))
    if kind is None:
        raise BadAgent(NO_OP.fill(name=str(given.get("op"))[:40], there=listed(KINDS)), field="op")
    return as_model(kind, given, bad_agent)
