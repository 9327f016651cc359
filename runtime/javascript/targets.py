"""What JavaScript sets: names, properties, and patterns of both."""

from runtime.javascript.expressions import LOGICAL, Expressions, NeedsDef
from runtime.javascript.names import JOINED, METHODS
from runtime.javascript.patterns import Unknown
from runtime.javascript.walked import ACTS, FUNCTIONS, Tree, nodes, stepped

Lines = list[str]


class Targets(Expressions):
    def _AssignmentExpression(self, node: Tree) -> str:
        target = node["left"]
        if target["type"] == "MemberExpression":
            if node["right"]["type"] in FUNCTIONS and target["property"].get("name") in METHODS:
                raise Unknown(f".{target['property']['name']} = function")
            if node["operator"] != "=" and any(one["type"] in ACTS for one in nodes(target)):
                raise Unknown(f"a[b()] {node['operator']} …")
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
        back = "-" if node["operator"] == "++" else "+"
        made = self._AssignmentExpression(stepped(node))
        return made if node.get("prefix") else f"({made} {back} 1)"

    def put(self, target: Tree, value: str) -> Lines:
        """What a pattern names, out of a value."""
        kind = target["type"]
        if kind == "Identifier":
            return [f"{self.scope.set(target['name'])} = {value}"]
        if kind == "MemberExpression":
            return [f"js_put({self.value(target['object'])}, {self._property(target)}, {value})"]
        whole = self.scope.declare(f"part_{len(self.scope.blocks[-1])}")
        lines = [f"{whole} = {value}"]
        if kind == "AssignmentPattern":
            lines.append(f"{whole} = {self.value(target['right'])} if {whole} is None else {whole}")
            return lines + self.put(target["left"], whole)
        if kind == "ObjectPattern":
            return lines + self._fields(target, whole)
        if kind != "ArrayPattern":
            raise Unknown(kind)
        lines.append(f"{whole} = js_each({whole})")
        for place, one in enumerate(target["elements"]):
            if one is not None and one["type"] == "RestElement":
                lines += self.put(one["argument"], f"{whole}[{place}:]")
            elif one is not None:
                lines += self.put(one, f"js_maybe({whole}, {place})")
        return lines

    def _fields(self, target: Tree, whole: str) -> Lines:
        lines: Lines = []
        keys: Lines = []
        for one in target["properties"]:
            if one["type"] == "RestElement":
                rest = f"{{key: one for key, one in {whole}.items() if key not in [{', '.join(keys)}]}}"
                lines += self.put(one["argument"], rest)
                continue
            keys.append(self.key(one))
            lines += self.put(one["value"], f"js_get({whole}, {keys[-1]})")
        return lines
