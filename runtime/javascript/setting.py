"""JavaScript's expressions that set something."""

from runtime.javascript.expressions import LOGICAL, Expressions, NeedsDef
from runtime.javascript.names import JOINED, METHODS
from runtime.javascript.patterns import Unknown
from runtime.javascript.walked import ACTS, FUNCTIONS, Tree, nodes, stepped


class Setting(Expressions):
    """…a name, or what stands somewhere."""

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
