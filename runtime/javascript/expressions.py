"""JavaScript's expressions, each as one of Python."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runtime.javascript.names import BUILT, CONSTANTS, EVERYWHERE, JOINED, METHODS, TRUE_OR_FALSE, TURNED
from runtime.javascript.patterns import Unknown, python_pattern
from runtime.javascript.scopes import Scope

Tree = Mapping[str, Any]
LOGICAL = {"&&": "js_and", "||": "js_or", "??": "js_else"}


class NeedsDef(Exception):
    """It sets something, which no lambda can."""


class Expressions:
    """`before`: lines that must stand before the statement: functions that are more than an expression."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = known
        self.scope = Scope()
        self.before: list[str] = []
        self.in_lambda = 0

    def value(self, node: Tree) -> str:
        made: Callable[[Tree], str] | None = getattr(self, f"_{node['type']}", None)
        if made is None:
            raise Unknown(node["type"])
        return made(node)

    def test(self, node: Tree) -> str:
        """As what is true or false."""
        kind, operator = node["type"], node.get("operator")
        if kind == "UnaryExpression" and operator == "!":
            return f"(not {self.test(node['argument'])})"
        if kind == "LogicalExpression" and operator in ("&&", "||"):
            word = "and" if operator == "&&" else "or"
            return f"({self.test(node['left'])} {word} {self.test(node['right'])})"
        value = self.value(node)
        is_plain = kind == "BinaryExpression" and operator in TRUE_OR_FALSE
        return value if is_plain else f"js_true({value})"

    def later(self, node: Tree) -> str:
        """What is only computed when it is needed."""
        self.in_lambda += 1
        try:
            return f"lambda: {self.value(node)}"
        except NeedsDef:
            raise Unknown("a && (b = c)") from None
        finally:
            self.in_lambda -= 1

    # Plain values

    def _Literal(self, node: Tree) -> str:
        if regex := node.get("regex"):
            pattern = python_pattern(regex["pattern"], regex["flags"])
            return f"js_re({pattern!r}, {regex['flags']!r})"
        value = node.get("value")
        if isinstance(value, float) and value == int(value) and abs(value) < 2**53:
            value = int(value)
        if value is None or isinstance(value, str | bool | int | float):
            return repr(value)
        raise Unknown(str(node.get("raw"))[:20])

    def _TemplateLiteral(self, node: Tree) -> str:
        parts: list[str] = []
        for place, quasi in enumerate(node["quasis"]):
            if text := quasi["value"]["cooked"]:
                parts.append(repr(text))
            if place < len(node["expressions"]):
                parts.append(f"js_text({self.value(node['expressions'][place])})")
        return f"({' + '.join(parts)})" if parts else "''"

    def _Identifier(self, node: Tree) -> str:
        name = node["name"]
        found = self.scope.find(name) or self.known.get(name) or CONSTANTS.get(name) or EVERYWHERE.get(name)
        if found is None:
            raise Unknown(name)
        return found

    def _ArrayExpression(self, node: Tree) -> str:
        return f"[{self.items(node['elements'])}]"

    def items(self, nodes: Sequence[Tree | None]) -> str:
        found = []
        for one in nodes:
            if one is None:
                found.append("None")
            elif one["type"] == "SpreadElement":
                found.append(f"*js_each({self.value(one['argument'])})")
            else:
                found.append(self.value(one))
        return ", ".join(found)

    def _ObjectExpression(self, node: Tree) -> str:
        parts = []
        for one in node["properties"]:
            if one["type"] == "SpreadElement":
                parts.append(f"**js_spread({self.value(one['argument'])})")
            elif one.get("kind", "init") != "init":
                raise Unknown(f"{one['kind']} …()")
            else:
                parts.append(f"{self.key(one)}: {self.value(one['value'])}")
        return "{" + ", ".join(parts) + "}"

    def key(self, one: Tree) -> str:
        """Of a property, as text."""
        key = one["key"] if "key" in one else one["property"]
        if one.get("computed"):
            return self.value(key) if key["type"] == "Literal" else f"js_text({self.value(key)})"
        return repr(key["name"] if key["type"] == "Identifier" else str(key["value"]))

    # What is made of others

    def _BinaryExpression(self, node: Tree) -> str:
        operator = node["operator"]
        left, right = self.value(node["left"]), self.value(node["right"])
        if operator in ("===", "!==", "==", "!=") and "None" in (left, right):
            one = right if left == "None" else left
            return f"({one} is {'not ' if operator[0] == '!' else ''}None)"
        if operator in TURNED:
            return TURNED[operator].format(right, left)
        if operator not in JOINED:
            raise Unknown(operator)
        return JOINED[operator].format(left, right)

    def _LogicalExpression(self, node: Tree) -> str:
        return f"{LOGICAL[node['operator']]}({self.value(node['left'])}, {self.later(node['right'])})"

    def _ConditionalExpression(self, node: Tree) -> str:
        test, so, other = (
            self.test(node["test"]),
            self.value(node["consequent"]),
            self.value(node["alternate"]),
        )
        return f"({so} if {test} else {other})"

    def _UnaryExpression(self, node: Tree) -> str:
        operator, one = node["operator"], node["argument"]
        if operator == "typeof":
            name = one.get("name")
            there = (
                one["type"] != "Identifier"
                or self.scope.find(name)
                or name in self.known
                or name in EVERYWHERE
            )
            return f"js_typeof({self.value(one)})" if there else "'undefined'"
        if operator == "delete" and one["type"] == "MemberExpression":
            return f"js_delete({self.value(one['object'])}, {self._property(one)})"
        if operator == "!":
            return self.test(node)
        value = self.value(one)
        made = {
            "-": f"js_sub(0, {value})",
            "+": f"js_number({value})",
            "void": "None",
            "~": f"~js_bits({value})",
        }
        if operator not in made:
            raise Unknown(operator)
        return made[operator]

    def _SequenceExpression(self, node: Tree) -> str:
        return f"[{', '.join(self.value(one) for one in node['expressions'])}][-1]"

    def _AwaitExpression(self, node: Tree) -> str:
        return self.value(node["argument"])

    def _ChainExpression(self, node: Tree) -> str:
        return self.value({**node["expression"], "chained": True})

    # Properties

    def _property(self, node: Tree) -> str:
        key = node["property"]
        return self.value(key) if node.get("computed") else repr(key["name"])

    def _MemberExpression(self, node: Tree) -> str:
        path = dotted(node)
        if path in CONSTANTS or path in EVERYWHERE:
            return CONSTANTS.get(path) or EVERYWHERE[path]
        if path in self.known:
            return self.known[path]
        if node["object"].get("name") == "$node" and node["property"].get("value") is not None:
            return f"{self._named(node['property']['value'])}[0]"
        chained = bool(node.get("chained"))
        owner = self.value({**node["object"], "chained": chained})
        if not node.get("computed") and not chained and node["property"]["name"] == "length":
            return f"js_length({owner})"
        return f"js_{'maybe' if chained or node.get('optional') else 'get'}({owner}, {self._property(node)})"

    # Calls

    def _CallExpression(self, node: Tree) -> str:
        callee = node["callee"]
        given = self.items(node["arguments"])
        if (found := self._surrounding(node)) is not None:
            return found
        path = dotted(callee)
        if path in EVERYWHERE and not self.scope.find(path.split(".")[0]):
            return f"{EVERYWHERE[path]}({given})"
        if path in ("Promise.all", "Promise.resolve"):
            return given
        if callee["type"] != "MemberExpression":
            return f"{self.value(callee)}({given})"
        name = None if callee.get("computed") else callee["property"]["name"]
        if name not in METHODS:
            raise Unknown(f".{name}()" if name else "[…]()")
        chained = bool(node.get("chained"))
        owner = self.value({**callee["object"], "chained": chained})
        if not (chained or callee.get("optional")):
            return f"{METHODS[name]}({', '.join(filter(None, (owner, given)))})"
        call = f"{METHODS[name]}({', '.join(filter(None, ('js_one', given)))})"
        return f"(lambda js_one: None if js_one is None else {call})({owner})"

    def _surrounding(self, node: Tree) -> str | None:
        """`$('Name')` of n8n."""
        callee, given = node["callee"], node["arguments"]
        if callee.get("name") not in ("$", "$items") or len(given) != 1 or self.scope.find(callee["name"]):
            return None
        return self._named(given[0].get("value"))

    def _named(self, name: Any) -> str:
        if f"$ {name}" not in self.known:
            raise Unknown(f"$({name!r})")
        return self.known[f"$ {name}"]

    def _NewExpression(self, node: Tree) -> str:
        name, given = node["callee"].get("name", ""), self.items(node["arguments"])
        if name == "Date" and len(node["arguments"]) < 2:
            return f"js_date({given})" if given else "js_now()"
        if name == "RegExp" and node["arguments"] and node["arguments"][0]["type"] != "Literal":
            raise Unknown("new RegExp(…)")
        if name not in BUILT:
            raise Unknown(f"new {name}")
        return f"{BUILT[name]}({given})"

    # What sets something

    def _AssignmentExpression(self, node: Tree) -> str:
        target = node["left"]
        if target["type"] == "MemberExpression":
            owner, key = self.value(target["object"]), self._property(target)
            return f"js_put({owner}, {key}, {self.assigned(node, f'js_get({owner}, {key})')})"
        if target["type"] != "Identifier":
            raise Unknown("[a, b] = …")
        if self.in_lambda:
            raise NeedsDef
        name = self.scope.set(target["name"])
        return f"({name} := {self.assigned(node, name)})"

    def assigned(self, node: Tree, now: str) -> str:
        operator = node["operator"][:-1]
        if not operator:
            return self.value(node["right"])
        if operator in LOGICAL:
            return f"{LOGICAL[operator]}({now}, {self.later(node['right'])})"
        if operator not in JOINED:
            raise Unknown(node["operator"])
        return JOINED[operator].format(now, self.value(node["right"]))

    def _UpdateExpression(self, node: Tree) -> str:
        one = {"type": "Literal", "value": 1}
        sign, back = ("+=", "-") if node["operator"] == "++" else ("-=", "+")
        made = self._AssignmentExpression({"left": node["argument"], "operator": sign, "right": one})
        return made if node.get("prefix") else f"({made} {back} 1)"


def dotted(node: Tree) -> str:
    """`a.b`, where it is nothing but names."""
    if node["type"] == "Identifier":
        return str(node["name"])
    if node["type"] == "MemberExpression" and not node.get("computed"):
        owner = dotted(node["object"])
        return f"{owner}.{node['property']['name']}" if owner else ""
    return ""
