"""n8n's conditions."""

from collections.abc import Mapping
from typing import Any

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._conditions import Code, all_of, compared
from runtime.elsewhere._graph import Node
from runtime.elsewhere._words import mapping, objects, text_of
from runtime.elsewhere.n8n.texts import before, value
from runtime.lang import Text

SIGNS = {
    "equals": "is",
    "equal": "is",
    "notEquals": "is not",
    "notEqual": "is not",
    "contains": "contains",
    "notContains": "not contains",
    "startsWith": "start with",
    "endsWith": "end with",
    "empty": "empty",
    "isEmpty": "empty",
    "notEmpty": "not empty",
    "isNotEmpty": "not empty",
    "exists": "not empty",
    "notExists": "empty",
    "true": "true",
    "false": "false",
    "gt": ">",
    "gte": "≥",
    "lt": "<",
    "lte": "≤",
    "larger": ">",
    "largerEqual": "≥",
    "smaller": "<",
    "smallerEqual": "≤",
    "lengthGt": "longer",
    "lengthGte": "longer or same",
    "lengthLt": "shorter",
    "lengthLte": "shorter or same",
    "lengthEquals": "is",
}
NUMBERS = {"is": "=", "is not": "≠"}
NO_CONDITION = Text("没有看懂它的条件", "its condition is not understood")


def when(node: Node, bring: Bringing, given: Any) -> str | None:
    given = mapping(given)
    found: list[str] = []
    if isinstance(given.get("conditions"), list):
        found = [_one(node, bring, one) for one in objects(given["conditions"])]
    else:
        for kind, several in given.items():
            for one in objects(several):
                operator = {
                    "type": kind,
                    "operation": one.get("operation") or ("true" if kind == "boolean" else "equal"),
                }
                found.append(
                    _one(
                        node,
                        bring,
                        {
                            "leftValue": one.get("value1"),
                            "rightValue": one.get("value2"),
                            "operator": operator,
                        },
                    )
                )
    return all_of(found, "or" if given.get("combinator") == "or" else "and") if found else None


def _one(node: Node, bring: Bringing, one: Mapping[str, Any]) -> str:
    operator = mapping(one.get("operator"))
    sign = SIGNS.get(text_of(operator.get("operation")), text_of(operator.get("operation")))
    left, right = value(node, bring, one.get("leftValue")), value(node, bring, one.get("rightValue"))
    if operator.get("type") == "number":
        sign = NUMBERS.get(sign, sign)
        return compared(left, sign, Code(right)) or "false"
    made = compared(left, sign, Code(right))
    if made is None:
        bring.named(f"{left} {sign}")
    return made or "false"


def if_(node: Node, bring: Bringing) -> Outcome:
    found = when(node, bring, node.data.get("conditions"))
    if found is None:
        return Lost(NO_CONDITION)
    made = blocks.branch(node, bring, [("0", "", found)], "1")
    return _as_before(made, node, bring)


def filter_(node: Node, bring: Bringing) -> Outcome:
    found = when(node, bring, node.data.get("conditions"))
    if found is None:
        return Lost(NO_CONDITION)
    return _as_before(blocks.branch(node, bring, [("0", "", found)], "1"), node, bring)


def switch(node: Node, bring: Bringing) -> Outcome:
    rules = mapping(node.data.get("rules"))
    cases = []
    for i, one in enumerate(objects(rules.get("values") or rules.get("rules"))):
        title = text_of(one.get("outputKey"))
        condition = when(node, bring, one.get("conditions"))
        if condition is None:
            kind = text_of(node.data.get("dataType")) or "string"
            operator = {"type": kind, "operation": one.get("operation") or "equal"}
            inner = {
                "leftValue": node.data.get("value1"),
                "rightValue": one.get("value2"),
                "operator": operator,
            }
            condition = _one(node, bring, inner)
        cases.append((str(one.get("output", i)), title, condition))
    if not cases:
        return Lost(NO_CONDITION)
    return _as_before(blocks.branch(node, bring, cases, str(len(cases))), node, bring)


def _as_before(made: Any, node: Node, bring: Bringing) -> Outcome:
    """What comes goes on, whichever way."""

    earlier = bring.made.get(before(node))
    made.outputs, made.rest = (dict(earlier.outputs), earlier.rest) if earlier else ({}, "message.text")
    result: Outcome = made
    return result
