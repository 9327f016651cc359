"""What Dify keeps in a conversation or its environment, and how its flows change that."""

from collections.abc import Mapping
from typing import Any

from runtime.elsewhere._bringing import Bringing, Lost, Made, Outcome, titled
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._names import plain
from runtime.elsewhere._words import literal, objects, shown, text_of
from runtime.elsewhere.dify.texts import selected, words
from runtime.lang import NOTHING, Text
from runtime.person import FIELDS

TYPES = {"string": "text", "number": "number", "integer": "number", "float": "number", "boolean": "yes_no"}
KEPT = Text("记在这个人身上，换一次对话也还在", "is kept of the person, beyond the conversation")
SECRET = Text(
    "密钥不跟着走：请在「模型」页存成「{name}」",
    "secrets do not come along: keep it on the Models page as {name!r}",
)
OF_PERSON, VARIABLE = Text("个人资料", "Values of a person"), Text("变量", "Variable")
NO_WAY = Text("没有「{operation}」这种赋值", "there is no way to {operation!r} a value")


def conversation(flow: Mapping[str, Any], bring: Bringing) -> None:
    """Its variables, as ours."""
    for one in objects(flow.get("environment_variables")):
        name = text_of(one.get("name"))
        if one.get("value_type") == "secret":
            ours = plain(name, "imported_key")
            bring.known[f"env.{name}"] = f"secret.{ours}"
            bring.report.tell(
                name, "env", "nearly", ours=VARIABLE, why=SECRET.fill(name=ours), part="variable"
            )
        else:
            bring.known[f"env.{name}"] = bring.variable(name, text_of(one.get("value")))
            bring.report.tell(name, "env", "became", ours=VARIABLE, part="variable")
    for one in objects(flow.get("conversation_variables")):
        name, kind = text_of(one.get("name")), text_of(one.get("value_type"))
        ours = plain(name, "kept")
        while ours in FIELDS or any(other["name"] == ours for other in bring.person):
            ours += "_"
        declared: Json = {
            "name": ours,
            "type": "list" if kind.startswith("array") else TYPES.get(kind, "text"),
        }
        if (
            isinstance(value := one.get("value"), str | int | float)
            and value != ""
            and declared["type"] != "list"
        ):
            declared["default"] = value
        bring.person.append(declared)
        bring.known[f"conversation.{name}"] = f"person.{ours}"
        bring.report.tell(name, "conversation", "nearly", ours=OF_PERSON, why=KEPT, part="variable")


def assigner(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    items = objects(data.get("items"))
    if not items and data.get("assigned_variable_selector"):
        target, given = data.get("assigned_variable_selector"), data.get("input_variable_selector")
        mode = data.get("write_mode")
        items = [{"variable_selector": target, "input_type": "variable", "value": given, "operation": mode}]
    values: dict[str, str] = {}
    id = ""
    for one in items:
        target = [text_of(step) for step in one.get("variable_selector") or []]
        left = selected(bring, target)
        if left is None:
            continue
        operation = text_of(one.get("operation") or "over-write")
        loop = (
            bring.known.get(".".join(target))
            if len(target) == 2 and target[0] not in ("conversation", "env")
            else None
        )
        text = _text(bring, one, left, operation, is_formula=loop is None)
        if text is None:
            return Lost(NO_WAY.fill(operation=operation[:40]))
        if loop is not None:
            values[plain(target[1], "value")], id = text, loop
        else:
            values[left if left.startswith("person.") else plain(left, "value")] = text
    if not values:
        return Lost(NO_WAY.fill(operation="?"))
    id = id or bring.id(node, "kept")
    block = titled({"type": "set", "id": id, "values": values}, node)
    return Made([block], block_title("set"), {}, id, id, nearly=NOTHING)


def _text(
    bring: Bringing, one: Mapping[str, Any], left: str, operation: str, *, is_formula: bool
) -> str | None:
    """What is kept: a template, or of a person a formula."""
    given, is_variable = one.get("value"), one.get("input_type") == "variable"
    if is_variable:
        right = selected(bring, given) or "''"
    elif isinstance(given, str) and "{{#" in given and operation in ("over-write", "set"):
        return words(bring, given)
    else:
        right = literal(given if not isinstance(given, dict) else text_of(given))
    match operation:
        case "over-write" | "overwrite" | "set":
            found = right
        case "clear":
            found = "''"
        case "append" | "extend":
            more = right if operation == "extend" else f"[{right}]"
            found = f"({left} or []) + {more}"
        case "+=" | "-=" | "*=" | "/=":
            found = f"({left}|float) {operation[0]} ({right}|float)"
        case "remove-first":
            found = f"({left} or [])[1:]"
        case "remove-last":
            found = f"({left} or [])[:-1]"
        case _:
            return None
    return found if is_formula else shown(found)
