"""What kind of value a template expects under each name, as far as its own words tell."""

from collections.abc import Iterator, Mapping
from typing import Literal

from jinja2 import nodes

from runtime.templating.sandbox.reading import parsed, uses

Kind = Literal["text", "number", "flag", "list", "data"]

OF_LISTS = {
    "join",
    "first",
    "last",
    "map",
    "select",
    "reject",
    "selectattr",
    "rejectattr",
    "groupby",
    "unique",
}
OF_LISTS |= {"sort", "sum", "max", "min", "random", "list", "reverse"}
OF_NUMBERS = {"round", "int", "float", "abs", "filesizeformat"}
OF_DATA = {"tojson", "items", "dictsort"}
SURER: tuple[Kind, ...] = ("list", "data", "number", "text", "flag")
"""Of several that are true of a name, the first counts."""


def kinds(source: str) -> dict[str, Kind]:
    """By name, in the order in which they are asked for. Raises BadTemplate when it is broken."""
    asked = uses(source)
    hints: dict[str, set[Kind]] = {use.name: set() for use in asked}
    for name, kind in _hints(parsed(source)):
        if name in hints:
            hints[name].add(kind)
    for use in asked:
        if use.fields and not use.called:
            hints[use.name].add("data")
    return {name: next((one for one in SURER if one in found), "text") for name, found in hints.items()}


def fields(source: str) -> Mapping[str, list[str]]:
    """By name, what stands behind a dot: `{{ docs.text }}` asks for `text` of `docs`. Raises BadTemplate."""
    found: dict[str, list[str]] = {}
    for use in uses(source):
        path = ".".join(one for one in use.fields if isinstance(one, str))
        if path and not use.called and path not in found.setdefault(use.name, []):
            found[use.name].append(path)
    return found


def _hints(tree: nodes.Node) -> Iterator[tuple[str, Kind]]:
    for node in tree.find_all((nodes.For, nodes.Filter, nodes.BinExpr, nodes.Compare, nodes.Output)):
        if isinstance(node, nodes.For):
            yield from _named("list", node.iter)
        elif isinstance(node, nodes.Filter):
            kind: Kind = "list" if node.name in OF_LISTS else "number" if node.name in OF_NUMBERS else "text"
            yield from _named("data" if node.name in OF_DATA else kind, node.node)
        elif isinstance(node, nodes.BinExpr) and not isinstance(node, nodes.And | nodes.Or):
            yield from _numbers(node.left, node.right)
        elif isinstance(node, nodes.Compare):
            yield from _compared(node)
        elif isinstance(node, nodes.Output):
            yield from _named("text", *node.nodes)
    for test in _tests(tree):
        yield from _named("flag", test)


def _tests(tree: nodes.Node) -> Iterator[nodes.Node]:
    for node in tree.find_all((nodes.If, nodes.CondExpr, nodes.Not, nodes.And, nodes.Or)):
        if isinstance(node, nodes.If | nodes.CondExpr):
            yield node.test
        elif isinstance(node, nodes.Not):
            yield node.node
        elif isinstance(node, nodes.And | nodes.Or):
            yield from (node.left, node.right)


def _numbers(left: nodes.Node, right: nodes.Node) -> Iterator[tuple[str, Kind]]:
    for one, other in ((left, right), (right, left)):
        if isinstance(other, nodes.Const) and type(other.value) in (int, float):
            yield from _named("number", one)


def _compared(node: nodes.Compare) -> Iterator[tuple[str, Kind]]:
    for operand in node.ops:
        if operand.op in ("in", "notin"):
            yield from _named("text", node.expr)
            yield from _named("text", operand.expr)
        else:
            yield from _numbers(node.expr, operand.expr)
            yield from (pair for pair in _strings(node.expr, operand.expr))


def _strings(left: nodes.Node, right: nodes.Node) -> Iterator[tuple[str, Kind]]:
    for one, other in ((left, right), (right, left)):
        if isinstance(other, nodes.Const) and isinstance(other.value, str):
            yield from _named("text", one)


def _named(kind: Kind, *found: nodes.Node | None) -> Iterator[tuple[str, Kind]]:
    for node in found:
        if isinstance(node, nodes.Name):
            yield node.name, kind
