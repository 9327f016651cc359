"""How much work it is to compile a template: more than its length tells."""

from jinja2 import nodes

SCOPES = (nodes.For, nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock, nodes.With)
"""Jinja2 goes through all that is inside of one once more, so that nesting takes quadratic time."""

BRANCHES = (nodes.If, nodes.Assign)
WEIGHTS: dict[type[nodes.Node], int] = {
    **dict.fromkeys(SCOPES, 8),
    **dict.fromkeys(BRANCHES, 3),
    nodes.Name: 3,
}
MOST = 4_000
"""Nodes of a template's syntax tree, each counted once for every scope it is in: 0.1 s."""

MOST_TOKENS = 12_000
"""Names, signs and pieces of text: reading them takes 0.1 s."""

COMPILING = 10
"""Fuel that each of them costs: it takes as long as ten steps of a loop."""

DEEPEST = 100
"""Nodes inside each other: 300 `1 if a else` took 0.7 s."""


def complexity(tree: nodes.Node) -> int | None:
    """The nodes that compiling it goes through; None when that would take longer than a moment."""
    total = 0
    rest = [(tree, 1, 0)]
    while rest:
        node, times, depth = rest.pop()
        is_scope = isinstance(node, SCOPES)
        total += times * WEIGHTS.get(type(node), 1)
        if total > MOST or depth > DEEPEST:
            return None
        rest += [(child, times + is_scope, depth + 1) for child in node.iter_child_nodes()]
    return total
