"""What stands anywhere in a program, or in a piece of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Tree = Mapping[str, Any]
FUNCTIONS = frozenset(("FunctionExpression", "ArrowFunctionExpression", "FunctionDeclaration"))
ACTS = frozenset(("UpdateExpression", "AssignmentExpression", "CallExpression"))
"""What does something when it is computed, and twice when it is computed twice."""


def nodes(tree: Any, *, inner: bool = True) -> Iterator[Mapping[str, Any]]:
    """`inner`: also of the functions in it."""
    todo = [tree]
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo += reversed(one)
        elif isinstance(one, Mapping):
            if "type" in one:
                yield one
            if inner or one.get("type") not in FUNCTIONS:
                todo += reversed(list(one.values()))


def kinds(tree: Any) -> frozenset[str]:
    """The types of all that stands in it; `new X` for what it makes."""
    return frozenset(
        f"new {one['callee'].get('name')}" if one["type"] == "NewExpression" else str(one["type"])
        for one in nodes(tree)
    )


def hoisted(body: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """What a function declares by `var`, in whatever block: whether it may be read before it is set."""
    first = {id(one) for one in body} | {id(one.get("init")) for one in body}
    found: dict[str, bool] = {}
    for one in nodes(list(body), inner=False):
        if one["type"] == "VariableDeclaration" and one["kind"] == "var":
            for each in one["declarations"]:
                for name in names_in(each["id"]):
                    late = id(one) not in first or not each.get("init")
                    found[name] = found.get(name, False) or late
    return found


def names_in(pattern: Tree | None) -> Iterator[str]:
    """What it declares."""
    if pattern is None:
        return
    match pattern["type"]:
        case "Identifier":
            yield pattern["name"]
        case "AssignmentPattern":
            yield from names_in(pattern["left"])
        case "RestElement":
            yield from names_in(pattern["argument"])
        case "ArrayPattern":
            for one in pattern["elements"]:
                yield from names_in(one)
        case "ObjectPattern":
            for one in pattern["properties"]:
                yield from names_in(one.get("value") or one.get("argument"))


def declared(node: Tree) -> Iterator[str]:
    """In its block; what `var` declares is the function's."""
    if node["type"] == "FunctionDeclaration":
        yield node["id"]["name"]
    elif node["type"] == "VariableDeclaration" and node["kind"] != "var":
        for one in node["declarations"]:
            yield from names_in(one["id"])


def stepped(node: Tree) -> Tree:
    """`a++` as what it sets: a number, whatever it was before."""
    one = {"type": "Literal", "value": -1 if node["operator"] == "++" else 1}
    return {"left": node["argument"], "operator": "-=", "right": one}


def whole(text: str) -> str:
    """Halves of characters that stand beside each other are those characters."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def dotted(node: Tree) -> str:
    """`a.b`, where it is nothing but names."""
    if node["type"] == "Identifier":
        return str(node["name"])
    if node["type"] == "MemberExpression" and not node.get("computed"):
        owner = dotted(node["object"])
        return f"{owner}.{node['property']['name']}" if owner else ""
    return ""
