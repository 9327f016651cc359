"""FastGPT's references: `[node, output]`, and `{{name}}` in its texts."""

import re
from collections.abc import Mapping
from typing import Any

from runtime.elsewhere._bringing import Bringing
from runtime.elsewhere._graph import Node
from runtime.elsewhere._words import literal, mapping, shown, text_of

NAMED = re.compile(r"\{\{\$?([^{}]{1,120}?)\$?\}\}")


def selected(bring: Bringing, given: Any) -> str | None:
    """Our expression for [node, output]; a list of such is its first."""
    if isinstance(given, list) and given and isinstance(given[0], list):
        given = given[0]
    if not isinstance(given, list) or len(given) != 2:
        return None
    node, output = text_of(given[0]), text_of(given[1])
    if node == "VARIABLE_NODE_ID":
        return bring.named(f"{node}.{output}")
    return bring.ref(node, [output])


def expression(bring: Bringing, given: Any) -> str:
    found = selected(bring, given)
    return found if found is not None else literal(given if not isinstance(given, list) else "")


def words(node: Node, bring: Bringing, given: Any) -> str:
    """A text in which a node's own inputs, variables and `$node.output$` are named."""
    if isinstance(given, list) and (found := selected(bring, given)):
        return shown(found)

    def resolve(name: str) -> str | None:
        if "." in name:
            id, _, output = name.partition(".")
            return bring.ref(id, [output])
        own = node.data.get(name)
        if own not in (None, "") and name not in ("system_textareaInput",):
            return expression(bring, own)
        if name == "cTime":
            return "now"
        return bring.named(name)

    return bring.words(given, NAMED, resolve)


def outputs_of(node: Node, given: Mapping[str, str]) -> dict[str, str]:
    """By their ids and by their keys."""
    ids = mapping(mapping(node.data.get("")).get("outputs"))
    return {**given, **{id: given[key] for id, key in ids.items() if key in given}}
