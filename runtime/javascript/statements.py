"""JavaScript's statements, as lines of Python."""

from collections.abc import Sequence
from typing import Any

from runtime.javascript.functions import Functions, inner
from runtime.javascript.names import SETTERS
from runtime.javascript.patterns import Unknown
from runtime.javascript.targets import Lines
from runtime.javascript.walked import Tree, declared, kinds, names_in, stepped

THROWN = ("NewExpression", "Identifier")


class Program(Functions):
    """One file."""

    def whole(self, tree: Tree, call: str, first: Sequence[str]) -> Lines:
        """In a function, so that what its functions set is found."""
        self.kinds = kinds(tree)
        first = [*first, *self.hoist(tree["body"])]
        body = self.block(tree["body"])
        if call.startswith("main(") and "main" not in [
            name for one in tree["body"] for name in declared(one)
        ]:
            raise Unknown("main")
        return [
            "def js_program():",
            *inner([*first, *body, f"return {call}"]),
            "",
            "",
            "result = js_plain(js_program())",
        ]

    # Statements

    def block(self, nodes: Sequence[Tree]) -> Lines:
        """Its names are known before, and its functions come first."""
        self.scope.blocks.append({})
        for one in nodes:
            for name in declared(one):
                self.scope.declare(name)
        found: Lines = []
        functions = [one for one in nodes if one["type"] == "FunctionDeclaration"]
        for one in [*functions, *(one for one in nodes if one["type"] != "FunctionDeclaration")]:
            found += self.statement(one)
        self.scope.blocks.pop()
        return found

    def statement(self, node: Tree) -> Lines:
        made: Any = getattr(self, f"_do_{node['type']}", None)
        if made is None:
            raise Unknown(node["type"])
        kept, self.before = self.before, []
        lines: Lines = made(node)
        found, self.before = [*self.before, *lines], kept
        return found

    def body(self, node: Tree) -> Lines:
        return self.block(node["body"] if node["type"] == "BlockStatement" else [node])

    def _do_BlockStatement(self, node: Tree) -> Lines:
        return self.body(node)

    def _do_EmptyStatement(self, node: Tree) -> Lines:
        return []

    def _do_FunctionDeclaration(self, node: Tree) -> Lines:
        return self.function(node, self.scope.declare(node["id"]["name"]))

    def _do_ReturnStatement(self, node: Tree) -> Lines:
        return [f"return {self.value(node['argument'])}" if node.get("argument") else "return None"]

    def _do_ThrowStatement(self, node: Tree) -> Lines:
        if "CatchClause" in self.kinds and node["argument"]["type"] not in THROWN:
            raise Unknown("throw, catch")  # what is caught is an error here
        return [f"js_raise({self.value(node['argument'])})"]

    def _do_BreakStatement(self, node: Tree) -> Lines:
        return ["break"] if not node.get("label") else self._label()

    def _label(self) -> Lines:
        raise Unknown("label:")

    def _do_ContinueStatement(self, node: Tree) -> Lines:
        if node.get("label") or self.ends is None:
            raise Unknown("continue")
        return [*self.ends, "continue"]

    def _do_VariableDeclaration(self, node: Tree) -> Lines:
        lines: Lines = []
        for one in node["declarations"]:
            if node["kind"] != "var":
                for name in names_in(one["id"]):
                    self.scope.declare(name)
            elif not one.get("init"):
                continue  # it says again that there is such a name
            value = self._named_function(one["init"]) if one.get("init") else "None"
            lines += self.put(one["id"], value)
        return lines

    def _do_ExpressionStatement(self, node: Tree) -> Lines:
        one = node["expression"]
        kind = one["type"]
        if kind == "AssignmentExpression":
            return self._assign(one)
        if kind == "LogicalExpression" and one["operator"] in ("&&", "||"):
            test = self.test(one["left"])
            test = test if one["operator"] == "&&" else f"not {test}"
            return [f"if {test}:", *inner(self.statement({**node, "expression": one["right"]}))]
        if kind == "UpdateExpression" and one["argument"]["type"] == "Identifier":
            return self._assign(stepped(one))
        if kind == "CallExpression" and (line := self._set_date(one)):
            return [line]
        return [self.value(one)] if one.get("value") != "use strict" else []

    def _assign(self, one: Tree) -> Lines:
        target = one["left"]
        if target["type"] == "MemberExpression":
            return [self.value(one)]
        if target["type"] == "Identifier":
            name = self.scope.set(target["name"])
            return [f"{name} = {self.assigned(one, name)}"]
        return self.put(target, self.value(one["right"]))

    def _set_date(self, one: Tree) -> str:
        callee = one["callee"]
        name = "" if callee["type"] != "MemberExpression" else str(callee["property"].get("name"))
        if name not in SETTERS or callee["object"]["type"] != "Identifier":
            return ""
        target = self.scope.set(callee["object"]["name"])
        return f"{target} = {SETTERS[name]}({target}, {self.items(one['arguments'])})"

    def _do_IfStatement(self, node: Tree) -> Lines:
        lines = [f"if {self.test(node['test'])}:", *inner(self.body(node["consequent"]))]
        if other := node.get("alternate"):
            lines += ["else:", *inner(self.body(other))]
        return lines

    def _named_function(self, node: Tree) -> str:
        """What a name is for may be a function, also in a loop: it is called there."""
        self.at_once.add(id(node))
        return self.value(node)

    def _do_TryStatement(self, node: Tree) -> Lines:
        kept = self.ends
        if node.get("finalizer"):
            self.ends = self.ends and None  # what ends a round comes after `finally`
        try:
            return self._tried(node)
        finally:
            self.ends = kept

    def _tried(self, node: Tree) -> Lines:
        lines = ["try:", *inner(self.body(node["block"]))]
        if handler := node.get("handler"):
            self.scope.blocks.append({})
            for name in names_in(handler.get("param")):
                self.scope.declare(name)
            caught = self.put(handler["param"], "js_why(js_caught)") if handler.get("param") else []
            lines += ["except Exception as js_caught:", *inner([*caught, *self.body(handler["body"])])]
            self.scope.blocks.pop()
        if last := node.get("finalizer"):
            lines += ["finally:", *inner(self.body(last))]
        return lines

    # Loops

    def _round(self, node: Tree, ends: Lines | None = None) -> Lines:
        kept, self.ends = self.ends, ends or []
        self.scope.repeats += 1
        try:
            return self.body(node)
        finally:
            self.scope.repeats -= 1
            self.ends = kept

    def _do_ForOfStatement(self, node: Tree) -> Lines:
        return self._for(node, f"js_each({self.value(node['right'])})")

    def _do_ForInStatement(self, node: Tree) -> Lines:
        return self._for(node, f"js_keys({self.value(node['right'])})")

    def _for(self, node: Tree, over: str) -> Lines:
        target = node["left"]
        self.scope.blocks.append({})
        if target["type"] == "VariableDeclaration":
            is_own, target = target["kind"] != "var", target["declarations"][0]["id"]
            for name in names_in(target) if is_own else ():
                self.scope.declare(name)
        if target["type"] == "Identifier":
            name, first = self.scope.set(target["name"]), []
        else:
            name = self.scope.declare("each one")
            first = self.put(target, name)
        lines = [f"for {name} in {over}:", *inner([*first, *self._round(node["body"])])]
        self.scope.blocks.pop()
        return lines

    def _do_ForStatement(self, node: Tree) -> Lines:
        self.scope.blocks.append({})
        lines: Lines = []
        if begin := node.get("init"):
            is_statement = begin["type"].endswith("Declaration")
            one = begin if is_statement else {"type": "ExpressionStatement", "expression": begin}
            lines += self.statement(one)
        update = node.get("update")
        each = (
            [update]
            if update and update["type"] != "SequenceExpression"
            else (update or {}).get("expressions", [])
        )
        ends = [
            line
            for one in each
            for line in self.statement({"type": "ExpressionStatement", "expression": one})
        ]
        test = self.test(node["test"]) if node.get("test") else "True"
        lines += [f"while {test}:", *inner([*self._round(node["body"], ends), *ends])]
        self.scope.blocks.pop()
        return lines

    def _do_WhileStatement(self, node: Tree) -> Lines:
        return [f"while {self.test(node['test'])}:", *inner(self._round(node["body"]))]

    def _do_DoWhileStatement(self, node: Tree) -> Lines:
        ends = [f"if not {self.test(node['test'])}:", "    break"]
        return ["while True:", *inner([*self._round(node["body"], ends), *ends])]

    def _do_SwitchStatement(self, node: Tree) -> Lines:
        """A loop that goes round once, of which `break` leaves."""
        value = self.scope.declare("chosen of")
        lines, cases, tests = [f"{value} = {self.value(node['discriminant'])}"], node["cases"], []
        kept, self.ends = self.ends, None
        inside: Lines = []
        for place, case in enumerate(cases):
            tests.append(f"js_same({value}, {self.value(case['test'])})" if case.get("test") else "True")
            if not case["consequent"] and place < len(cases) - 1:
                continue
            if place < len(cases) - 1 and (not _leaves(case["consequent"]) or "True" in tests):
                raise Unknown("case …: (no break)")
            inside += [f"if {' or '.join(tests)}:", *inner(self.block(case["consequent"]))]
            tests = []
        self.ends = kept
        return [*lines, "while True:", *inner([*inside, "break"])]


def _leaves(nodes: Sequence[Tree]) -> bool:
    last: Tree = nodes[-1] if nodes else {"type": ""}
    if last["type"] == "BlockStatement":
        return _leaves(last["body"])
    return last["type"] in ("BreakStatement", "ReturnStatement", "ThrowStatement")
