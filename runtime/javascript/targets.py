"""What JavaScript sets: names, properties, and patterns of both."""

from runtime.javascript.patterns import Unknown
from runtime.javascript.setting import Setting
from runtime.javascript.walked import Tree

Lines = list[str]


class Targets(Setting):
    """…out of a value."""

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
