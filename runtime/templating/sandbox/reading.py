"""What a template says, read without running it: the values it asks for, and what can never be computed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes

from runtime.errors import BadTemplate
from runtime.templating.sandbox import _bounded, _environment, _explained, check_expression
from runtime.templating.sandbox.fuel import tank

COMPUTED = (
    nodes.BinExpr,
    nodes.UnaryExpr,
    nodes.Filter,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Call,
    nodes.Compare,
)
DIVISIONS = (nodes.Div, nodes.FloorDiv, nodes.Mod)

ANY = object()
"""A place in a list or object that is known only when it runs."""


@dataclass(frozen=True)
class Use:
    """`docs.text` is `Use("docs", ("text",))`. `called`: the last field is a method."""

    name: str
    fields: tuple[Any, ...] = ()
    called: bool = False


def uses(source: str, *, is_condition: bool = False) -> list[Use]:
    """Every value of the turn that it asks for, in order. Raises BadTemplate when it is broken."""
    tree = _tree(source, is_condition=is_condition)
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    own |= {node.name for node in tree.find_all(nodes.Macro)}
    known = {*_environment().globals, "loop", "caller", "varargs", "kwargs"}
    return list(dict.fromkeys(use for use in _uses(tree) if use.name not in own | known))


def printed_whole(source: str, name: str) -> bool:
    """Whether all that it does with the fields of `name` is to print each as it is."""
    tree = _tree(source, is_condition=False)
    printed = sum(
        isinstance(one, nodes.Getattr | nodes.Getitem)
        and isinstance(one.node, nodes.Name)
        and one.node.name == name
        for output in tree.find_all(nodes.Output)
        for one in output.nodes
    )
    return printed == sum(one.name == name for one in tree.find_all(nodes.Name))


def impossible(source: str, *, is_condition: bool = False) -> BadTemplate | None:
    """Why a part of it fails whatever the data is, e.g. `1/0`. None also when it is broken as a whole."""
    if is_condition and check_expression(source):
        return None
    try:
        tree = _tree(source, is_condition=is_condition)
    except BadTemplate:
        return None
    for node in _largest_constant(tree):
        try:
            with _explained({}, source), tank():
                whole = nodes.Template([nodes.Output([node], lineno=node.lineno)], lineno=1)
                whole.set_environment(_environment())
                template = _environment().from_string(whole)
                list(template.root_render_func(template.new_context({})))
        except BadTemplate as e:
            return e
    return None


def parsed(source: str) -> nodes.Template:
    """As Jinja2 reads it. Raises BadTemplate when it is broken."""
    return _tree(source, is_condition=False)


def _tree(source: str, *, is_condition: bool) -> nodes.Template:
    text = "{{ (" + source + ") }}" if is_condition else source
    with _explained({}, source), tank():
        return _environment().parse(_bounded(text))


def _uses(node: nodes.Node) -> Iterator[Use]:
    called = isinstance(node, nodes.Call)
    chain = _chain(node.node) if isinstance(node, nodes.Call) else _chain(node)
    if chain is None:
        for child in node.iter_child_nodes():
            yield from _uses(child)
        return
    name, fields, dynamic = chain
    yield Use(name, fields, called)
    arguments = [node.args, [one.value for one in node.kwargs]] if isinstance(node, nodes.Call) else []
    for child in [*dynamic, *(one for some in arguments for one in some)]:
        yield from _uses(child)


def _chain(node: nodes.Node) -> tuple[str, tuple[Any, ...], list[nodes.Node]] | None:
    """`a.b[i]` as its name, its fields, and what computes the fields that are not written out."""
    fields: list[Any] = []
    dynamic: list[nodes.Node] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getattr):
            fields.append(node.attr)
        elif isinstance(node.arg, nodes.Const):
            fields.append(node.arg.value)
        else:
            fields.append(ANY)
            dynamic.append(node.arg)
        node = node.node
    if not isinstance(node, nodes.Name) or node.ctx != "load":
        return None
    return node.name, tuple(reversed(fields)), dynamic


def _largest_constant(node: nodes.Node) -> Iterator[nodes.Expr]:
    if isinstance(node, COMPUTED) and not any(node.find_all((nodes.Name, nodes.NSRef))):
        yield node
        return
    if isinstance(node, DIVISIONS) and _is_zero(node.right):
        yield type(node)(nodes.Const(1, lineno=node.lineno), node.right, lineno=node.lineno)
    for child in node.iter_child_nodes():
        yield from _largest_constant(child)


def _is_zero(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and type(node.value) in (int, float) and node.value == 0
