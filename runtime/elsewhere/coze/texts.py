"""Coze's values: literals, and references to what nodes gave; its texts name a node's own inputs."""

import json
import re
from collections.abc import Mapping
from typing import Any

from runtime.elsewhere._bringing import Bringing
from runtime.elsewhere._graph import Node
from runtime.elsewhere._names import plain
from runtime.elsewhere._words import literal, mapping, objects, reach, text_of
from runtime.person import FIELDS

NAMED = re.compile(r"\{\{\s*([A-Za-z_][\w.\[\]]{0,200})\s*\}\}")


def steps(path: Any) -> list[str | int]:
    if isinstance(path, list):
        return [text_of(step) for step in path]
    found = re.findall(r"[^.\[\]]+|\[\d+\]", text_of(path))
    return [int(step[1:-1]) if step.startswith("[") else step for step in found]


def expression(bring: Bringing, given: Any) -> str | None:
    """Of a value, in any of its forms; None where what it refers to is not there."""
    if isinstance(given, Mapping) and "input" in given and "value" not in given:
        return expression(bring, given["input"])
    value = given.get("value") if isinstance(given, Mapping) and "value" in given else given
    if not isinstance(value, Mapping):
        return literal(_data(value, given))
    if "ref_node" in value:
        return bring.ref(text_of(value.get("ref_node")), steps(value.get("path")))
    content = value.get("content")
    if value.get("type") == "ref" or (isinstance(content, Mapping) and "blockID" in content):
        return _reference(bring, mapping(content))
    if value.get("type") == "object_ref":
        return "{}"
    return literal(_data(content if "content" in value else dict(value), given))


def _reference(bring: Bringing, content: Mapping[str, Any]) -> str | None:
    source = text_of(content.get("source"))
    if source.startswith("global_variable"):
        path = steps(content.get("path") or content.get("name"))
        return reach(f"person.{kept(bring, text_of(path[0]))}", path[1:]) if path else None
    node = text_of(content.get("blockID"))
    return bring.ref(node, steps(content.get("name") or content.get("path"))) if node else None


def kept(bring: Bringing, name: str) -> str:
    """A value of the person, which stands for a variable of Coze's app or user."""
    ours = plain(name, "kept")
    ours = f"{ours}_" if ours in FIELDS else ours
    if not any(one["name"] == ours for one in bring.person):
        bring.person.append({"name": ours, "type": "text"})
    return ours


def _data(value: Any, given: Any) -> Any:
    """Lists and objects may be written as JSON, numbers as text."""
    kind = text_of(given.get("type")) if isinstance(given, Mapping) else ""
    if isinstance(value, str) and kind in ("list", "object", "integer", "float", "boolean"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def inputs(node: Node, bring: Bringing, key: str = "inputParameters") -> dict[str, str]:
    """Its own inputs by name, each an expression."""
    given = mapping(node.data.get("inputs"))
    found = given.get(key) or node.data.get(key) or node.data.get("node_inputs")
    named = {text_of(one.get("name")): expression(bring, one.get("input")) for one in objects(found)}
    return {name: one for name, one in named.items() if one is not None}


def words(bring: Bringing, text: Any, own: Mapping[str, str]) -> str:
    """A text in which `{{name}}` is one of its own inputs."""

    def resolve(found: str) -> str | None:
        first, *rest = steps(found)
        if str(first) in own:
            return reach(own[str(first)], rest)
        return bring.named(found)

    return bring.words(plain_value(text), NAMED, resolve)


def plain_value(given: Any) -> str:
    """The text of a literal, however wrapped."""
    for _ in range(4):
        if not isinstance(given, Mapping):
            break
        given = next((given[key] for key in ("value", "content", "input") if key in given), "")
    return text_of(given)


def settings(given: Any) -> dict[str, Any]:
    """A list of named literals, or an object, by name."""
    if isinstance(given, Mapping):
        return {name: plain_value(one) for name, one in given.items()}
    return {text_of(one.get("name")): plain_value(one.get("input")) for one in objects(given)}


def output_names(node: Node) -> list[str]:
    found = node.data.get("outputs") or node.data.get("node_outputs")
    if isinstance(found, Mapping):
        return list(found)
    return [text_of(one.get("name")) for one in objects(found)]
