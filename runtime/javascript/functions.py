"""JavaScript's functions: a lambda where it is one expression, else one with a name before the statement."""

from collections.abc import Mapping, Sequence

from runtime.javascript.expressions import NeedsDef
from runtime.javascript.patterns import Unknown
from runtime.javascript.scopes import Scope
from runtime.javascript.targets import Lines, Targets
from runtime.javascript.walked import Tree, hoisted, names_in


def inner(lines: Sequence[str]) -> Lines:
    return [f"    {line}" for line in lines] or ["    pass"]


class Functions(Targets):
    """`ends`: what a loop does before it goes round; None: nothing goes on here, it is a choice in a loop."""

    def __init__(self, known: Mapping[str, str]) -> None:
        super().__init__(known)
        self.ends: Lines | None = []

    def body(self, node: Tree) -> Lines:
        raise NotImplementedError

    def statement(self, node: Tree) -> Lines:
        raise NotImplementedError

    def _FunctionExpression(self, node: Tree) -> str:
        name = self.scope.declare(f"function_{len(self.before)}")
        self.before += self.function(node, name)
        return name

    def _ArrowFunctionExpression(self, node: Tree) -> str:
        params = node["params"]
        plain = all(one["type"] == "Identifier" for one in params)
        if node["body"]["type"] == "BlockStatement" or not plain:
            return self._FunctionExpression(node)
        kept, before = self.scope, list(self.before)
        self.scope, self.in_lambda = Scope(kept), self.in_lambda + 1
        try:
            given = [f"{self.scope.declare(one['name'])}=None" for one in params]
            value = self.value(node["body"])
            if len(self.before) == len(before):
                return f"(lambda {', '.join([*given, '*_'])}: {value})"
        except NeedsDef:
            pass
        finally:
            self.scope, self.in_lambda = kept, self.in_lambda - 1
        self.before = before
        return self._FunctionExpression(node)

    def function(self, node: Tree, name: str) -> Lines:
        """Whatever it is given too much, it leaves."""
        if node.get("generator"):
            raise Unknown("function*")
        if self.scope.repeats and node["type"] == "FunctionDeclaration":
            raise Unknown("function in a loop")
        outer, ends, in_lambda, before = self.scope, self.ends, self.in_lambda, self.before
        self.scope, self.ends, self.in_lambda, self.before = Scope(outer), [], 0, []
        given, first = self._given(node["params"])
        first += self.before
        self.before = []
        if node["body"]["type"] == "BlockStatement":
            first += self.hoist(node["body"]["body"])
        if node["body"]["type"] == "BlockStatement":
            lines = [*first, *self.body(node["body"])]
        else:
            lines = [*first, *self.statement({"type": "ReturnStatement", "argument": node["body"]})]
        sets = [f"nonlocal {', '.join(self.scope.sets)}"] if self.scope.sets else []
        passed = [one for one in self.scope.sets if one not in _own(outer)]
        outer.sets.update(dict.fromkeys(passed))
        self.scope, self.ends, self.in_lambda, self.before = outer, ends, in_lambda, before
        stars = [] if any(one.startswith("*") for one in given) else ["*_"]
        return [f"def {name}({', '.join([*given, *stars])}):", *inner([*sets, *lines])]

    def hoist(self, body: Sequence[Tree]) -> Lines:
        """Declare what `var` declares anywhere in a function; what may be read first is nothing then."""
        there = self.scope.blocks[0]
        lines = [
            f"{self.scope.declare(n, 0)} = None"
            for n, late in hoisted(body).items()
            if late and n not in there
        ]
        for name in hoisted(body):
            self.scope.declare(name, 0)
        return lines

    def _given(self, params: Sequence[Tree]) -> tuple[Lines, Lines]:
        """Its parameters, and what takes them apart."""
        given: Lines = []
        first: Lines = []
        for place, one in enumerate(params):
            for each in names_in(one):
                self.scope.declare(each)
            if one["type"] == "Identifier":
                given.append(f"{self.scope.declare(one['name'])}=None")
            elif one["type"] == "RestElement":
                given.append(f"*{self.scope.declare('js rest')}")
                first += self.put(one["argument"], f"list({self.scope.declare('js rest')})")
            else:
                called = self.scope.declare(f"given_{place}")
                given.append(f"{called}=None")
                first += self.put(one, called)
        return given, first


def _own(scope: Scope) -> set[str]:
    return {name for block in scope.blocks for name in block.values()}
