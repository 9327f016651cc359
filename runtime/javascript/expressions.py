"""JavaScript's expressions, each as one of Python."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from runtime.javascript.names import BUILT, CONSTANTS, EVERYWHERE, JOINED, METHODS, TRUE_OR_FALSE, TURNED
from runtime.javascript.patterns import Unknown, python_pattern
from runtime.javascript.scopes import Scope
from runtime.javascript.walked import FUNCTIONS, Tree, dotted, whole

KEEPING = frozenset(("push", "unshift", "set", "add", "splice", "concat", "fill", "then", "resolve"))
"""Methods that keep what they are given."""
SIZED = frozenset(("new Map", "new Set"))
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
        self.kinds: Collection[str] = ()
        """What stands in the program, see `walked.kinds`."""
        self.at_once = set[int]()
        """Functions that are called before the loop in which they stand goes round."""

    def value(self, node: Tree) -> str:
        if node["type"] in FUNCTIONS and id(node) not in self.at_once and self.scope.is_repeated():
            raise Unknown("function in a loop")  # it would see what the loop comes to
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
        if isinstance(value, str):
            return repr(whole(value))
        if isinstance(value, int) and abs(value) >= 2**53:
            value = float(value)
        if value is None or isinstance(value, bool | int | float):
            return repr(value)
        raise Unknown(str(node.get("raw"))[:20])

    def _TemplateLiteral(self, node: Tree) -> str:
        parts: list[str] = []
        for place, quasi in enumerate(node["quasis"]):
            if text := quasi["value"]["cooked"]:
                parts.append(repr(whole(text)))
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
            elif one["value"]["type"] in FUNCTIONS and one["key"].get("name") in METHODS:
                raise Unknown(f"{{{one['key']['name']}: function}}")  # it would be taken for the list's
            else:
                parts.append(f"{self.key(one)}: {self.value(one['value'])}")
        return "{" + ", ".join(parts) + "}"

    def key(self, one: Tree) -> str:
        """Of a property, as text."""
        key = one["key"] if "key" in one else one["property"]
        if one.get("computed"):
            return self.value(key) if key["type"] == "Literal" else f"js_text({self.value(key)})"
        if key["type"] == "Identifier":
            return repr(key["name"])
        value = key["value"]
        return repr(str(int(value)) if isinstance(value, float) and value == int(value) else str(value))

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
        if node["object"].get("name") in EVERYWHERE and not self.scope.find(node["object"]["name"]):
            raise Unknown(path or "Number[…]")  # it would be nothing
        chained = bool(node.get("chained"))
        owner = self.value({**node["object"], "chained": chained})
        if not node.get("computed") and not chained and node["property"]["name"] == "length":
            return f"js_length({owner})"
        if not node.get("computed") and node["property"]["name"] == "size" and SIZED & {*self.kinds}:
            return f"js_size({owner}{', True' if chained or node.get('optional') else ''})"
        return f"js_{'maybe' if chained or node.get('optional') else 'get'}({owner}, {self._property(node)})"

    # Calls

    def _CallExpression(self, node: Tree) -> str:
        callee = node["callee"]
        if callee.get("property", {}).get("name") not in KEEPING or dotted(callee) in EVERYWHERE:
            self.at_once.update(id(one) for one in node["arguments"])
        self.at_once.add(id(callee))
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
        if name == "RegExp":
            return self._pattern(node["arguments"])
        if name not in BUILT:
            raise Unknown(f"new {name}")
        return f"{BUILT[name]}({given})"

    def _pattern(self, given: Sequence[Tree]) -> str:
        """What is written as a text, as one that is written as a pattern."""
        texts = [one.get("value") for one in given]
        if not 1 <= len(given) <= 2 or not all(isinstance(one, str) for one in texts):
            raise Unknown("new RegExp(…)")
        pattern, flags = [*map(str, texts), ""][:2]
        return f"js_re({python_pattern(pattern, flags)!r}, {flags!r})"
