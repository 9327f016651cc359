"""A JSON schema as models understand it: without references, bounded, with what tells them something."""

from typing import Any

from runtime.openapi.document import Document, Json, listing, mapping, words

DEEPEST = 6
"""Objects and lists inside each other; what is deeper may be anything."""
MOST = 160
"""Schemas in one operation."""
LONGEST = 300
"""Characters of a description."""
NUMBERS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object"})


class Simplified:
    """Makes the schemas of one operation."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._left = MOST

    def of(self, raw: Any, *, writes: bool = True, inside: tuple[int, ...] = ()) -> Json:
        """`inside`: the schemas that this one is part of, by which circles are seen."""
        node = self._document.followed(raw)
        self._left -= 1
        if self._left < 0 or len(inside) >= DEEPEST or id(node) in inside:
            kind = _type(node)
            return {"type": kind} if kind else {}
        inside = (*inside, id(node))
        if isinstance(node.get("allOf"), list):
            node = self._merged(node)
        found = _plain(node)
        if choices := listing(node.get("oneOf")) or listing(node.get("anyOf")):
            return self._either(found, choices, writes, inside)
        if found.get("type") == "object" or "properties" in node:
            found |= self._object(node, writes, inside)
        elif found.get("type") == "array":
            found["items"] = self.of(node.get("items"), writes=writes, inside=inside)
        return found

    def _object(self, node: Json, writes: bool, inside: tuple[int, ...]) -> Json:
        properties = {}
        for name, raw in list(mapping(node.get("properties")).items())[:MOST]:
            about = self._document.followed(raw)
            if self._left > 0 and not (writes and about.get("readOnly") is True):
                properties[str(name)[:100]] = self.of(raw, writes=writes, inside=inside)
        required = [one for one in listing(node.get("required")) if one in properties]
        found: Json = {"type": "object"}
        if properties:
            found["properties"] = properties
        if required:
            found["required"] = required
        if isinstance(more := node.get("additionalProperties"), dict) and not properties:
            found["additionalProperties"] = self.of(more, writes=writes, inside=inside)
        return found

    def _either(self, found: Json, choices: list[Any], writes: bool, inside: tuple[int, ...]) -> Json:
        made = [self.of(one, writes=writes, inside=inside) for one in choices[:8]]
        made = [one for one in made if one and one.get("type") != "null"]
        if len(made) == 1:
            return {**made[0], **found}
        kept = {key: found[key] for key in ("description",) if key in found}
        return {**kept, "anyOf": made} if made else found

    def _merged(self, node: Json) -> Json:
        """`allOf` as one object: what comes later counts."""
        merged: Json = {}
        for raw in [*node["allOf"][:20], {key: value for key, value in node.items() if key != "allOf"}]:
            part = self._document.followed(raw)
            properties = {**mapping(merged.get("properties")), **mapping(part.get("properties"))}
            required = [*listing(merged.get("required")), *listing(part.get("required"))]
            merged = {**merged, **part, "properties": properties, "required": required}
            if isinstance(part.get("allOf"), list) and part is not node:
                for nested in part["allOf"][:20]:
                    inner = self._document.followed(nested)
                    merged["properties"] = {**mapping(inner.get("properties")), **merged["properties"]}
                    merged["required"] = [*listing(inner.get("required")), *merged["required"]]
        merged.pop("allOf", None)
        return merged if merged["properties"] else {k: v for k, v in merged.items() if k != "properties"}


def _plain(node: Json) -> Json:
    """What stands in it by itself."""
    found: Json = {}
    if kind := _type(node):
        found["type"] = kind
    if text := words(node.get("description") or node.get("title"), LONGEST):
        found["description"] = text
    choices = [node["const"]] if "const" in node else listing(node.get("enum"))
    if choices := [one for one in choices if isinstance(one, str | int | float | bool)][:60]:
        found["enum"] = [one[:200] if isinstance(one, str) else one for one in choices]
    if isinstance(format_ := node.get("format"), str):
        found["format"] = format_[:40]
    for name in NUMBERS:
        if isinstance(value := node.get(name), int | float) and not isinstance(value, bool):
            found[name] = value
    if isinstance(default := node.get("default"), str | int | float | bool) and len(str(default)) <= 200:
        found["default"] = default
    return found


def _type(node: Json) -> str:
    said = node.get("type")
    said = next((one for one in said if one != "null"), "") if isinstance(said, list) else said
    if said in TYPES:
        return str(said)
    return "object" if "properties" in node or "allOf" in node else ""
