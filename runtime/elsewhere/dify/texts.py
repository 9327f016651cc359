"""Dify's texts: `{{#node.field#}}`, and in apps without a flow `{{name}}`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.elsewhere._bringing import Bringing
from runtime.elsewhere._conditions import Code, all_of, compared
from runtime.elsewhere._words import listing, mapping, number, objects, text_of

HASHED = re.compile(r"\{\{#([^#{}]{1,200})#\}\}")
NAMED = re.compile(r"\{\{\s*([A-Za-z_][\w]{0,100})\s*\}\}")
SYSTEM = {
    "query": "message.text",
    "user_id": "person.id",
    "conversation_id": "conversation.id",
    "app_id": "agent.id",
    "workflow_id": "agent.id",
    "workflow_run_id": "message.id",
    "files": "message.files",
    "dialogue_count": "conversation.history|length",
    "timestamp": "now",
}
SIGNS = {
    "null": "empty", "not null": "not empty", "exists": "not empty", "not exists": "empty", "==": "=",
    "!=": "≠",
    ">=": "≥", "<=": "≤", "is empty": "empty", "is not empty": "not empty", "all of": "contains",
}  # fmt: skip


def selected(bring: Bringing, selector: Any) -> str | None:
    """Our expression for a list such as ["node", "field", …]."""
    path = [str(step) for step in listing(selector)]
    if len(path) == 2 and path[1].startswith("sys."):
        path = ["sys", path[1][4:]]
    if not path:
        return bring.named("?")
    if path[0] == "sys":
        return SYSTEM.get(".".join(path[1:])) or bring.named(".".join(path))
    if path[0] in ("env", "conversation"):
        whole = ".".join(path[:2])
        found = bring.named(whole)
        return found + "".join(f"[{step!r}]" for step in path[2:]) if found else None
    return bring.ref(path[0], path[1:])


def words(bring: Bringing, text: Any, context: str | None = None) -> str:
    """A text with `{{#…#}}`, as a template."""

    def resolve(found: str) -> str | None:
        if found == "context":
            return context if context is not None else bring.named("context")
        if found == "histories":
            return "''"  # the model sees the conversation anyway
        return selected(bring, found.split("."))

    return bring.words(text_of(text), HASHED, resolve)


def value(bring: Bringing, given: Any) -> str:
    """A parameter: {type: mixed | variable | constant, value}."""
    if isinstance(given, Mapping) and "value" in given:
        kind, inner = given.get("type"), given.get("value")
        if kind == "variable" or (
            isinstance(inner, list) and inner and all(isinstance(x, str) for x in inner)
        ):
            found = selected(bring, inner)
            return "" if found is None else "{{ " + found + " }}"
        return words(bring, inner)
    return words(bring, given)


def condition(bring: Bringing, conditions: Any, how: str) -> str:
    """One of several comparisons, all of which or one of which must hold."""
    return all_of([_compared(bring, one) for one in objects(conditions)], how or "and")


def _compared(bring: Bringing, one: Mapping[str, Any]) -> str:
    left = selected(bring, one.get("variable_selector"))
    if left is None:
        return "false"
    sub = mapping(one.get("sub_variable_condition"))
    if sub:
        return f"{left}"
    sign = str(one.get("comparison_operator") or "")
    right: Any = one.get("value")
    if isinstance(right, str) and (found := HASHED.fullmatch(right.strip())):
        inner = selected(bring, found[1].split("."))
        right = Code(inner) if inner else ""
    elif isinstance(right, str) and "{{#" in right:
        right = HASHED.sub("", right)
    kind = str(one.get("varType") or one.get("variable_type") or "")
    sign = SIGNS.get(sign, sign)
    if kind == "boolean" and sign in ("is", "is not"):
        yes = (str(right).lower() in ("true", "1")) == (sign == "is")
        return compared(left, "true" if yes else "false") or "false"
    if kind in ("number", "integer", "float") and sign in ("is", "is not") and number(right) is not None:
        sign = "=" if sign == "is" else "≠"
    found_ = compared(left, sign, right if right is not None else "")
    if found_ is None:
        bring.named(f"{left} {sign}")
        return "false"
    return found_


def names_of(variables: Sequence[Mapping[str, Any]]) -> list[str]:
    return [str(one.get("variable") or one.get("name") or "") for one in variables]
