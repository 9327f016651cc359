"""n8n's workflows, as far as an agent is made of them: AI nodes and what hangs on them, requests, ways.

https://docs.n8n.io/workflows/export-import/
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from runtime.elsewhere import Document, Format
from runtime.elsewhere._blocks import reply
from runtime.elsewhere._bringing import Bringing, Outcome
from runtime.elsewhere._bringing import Lost as Lost
from runtime.elsewhere._graph import MOST_NODES, Edge, Graph, Json, Node
from runtime.elsewhere._losses import Row as Row
from runtime.elsewhere._parts import Parts
from runtime.elsewhere._weave import TOO_MANY, woven
from runtime.elsewhere._words import listing, mapping, objects, text_of
from runtime.elsewhere.n8n.nodes import NOTES, translate
from runtime.lang import Text

TYPE = re.compile(r"(?:@[\w-]+/)?n8n-nodes-|@n8n/")
ONCE = Text(
    "n8n 对每一项都跑一遍，这里一条消息跑一遍；要逐项做请用「重复」",
    "n8n runs each node once for each item, here a flow runs once for a message: use “Repeat” for each item",
)


class N8n(Format):
    product: ClassVar[str] = "n8n"
    order: ClassVar[int] = 15

    def recognises(self, document: Document) -> bool:
        return any(TYPE.match(text_of(node.get("type"))) for node in _nodes(document.data))

    def reads(self, document: Document, bring: Bringing) -> Json:
        data = document.data[0] if isinstance(document.data, list) else document.data
        nodes = _nodes(data)
        if len(nodes) > MOST_NODES:
            bring.report.tell("nodes", "", "lost", why=TOO_MANY.fill(most=MOST_NODES))
        graph, parts = _graph(nodes[:MOST_NODES], mapping(data.get("connections")))
        bring.report.tell("n8n", "", "nearly", why=ONCE)
        flow = woven(graph, bring)
        _unused(parts, bring)
        if flow and not any(one["type"] == "reply" for one in flow):
            last = next((made.rest for made in reversed(bring.made.values()) if made.rest), "")
            flow += reply(Node("reply", "reply"), bring, "{{ " + (last or "'…'") + " }}").blocks
        return {"name": text_of(data.get("name")), "flow": flow}

    def translate(self, node: Node, bring: Bringing) -> Outcome:
        return translate(node, bring)


def _nodes(data: Any) -> list[Mapping[str, Any]]:
    data = data[0] if isinstance(data, list) and data else data
    return objects(mapping(data).get("nodes"))


def _graph(nodes: list[Mapping[str, Any]], connections: Mapping[str, Any]) -> tuple[Graph, list[Node]]:
    """The nodes of the flow, and what hangs on none of them."""
    ways: list[Edge] = []
    hanging: dict[str, list[str]] = {}
    for source, sockets in connections.items():
        for socket, outputs in mapping(sockets).items():
            for number, targets in enumerate(listing(outputs)):
                for one in objects(targets):
                    target = text_of(one.get("node"))
                    if socket == "main":
                        ways.append(Edge(source, target, str(number)))
                    else:
                        hanging.setdefault(target, []).append(source)
    by_name = {text_of(one.get("name")): one for one in nodes}
    parts = {name for several in hanging.values() for name in several}
    before: dict[str, str] = {}
    for way in ways:
        before.setdefault(way.target, way.source)
    made: list[Node] = []
    for name, one in by_name.items():
        if name in parts and name not in {way.source for way in ways} | {way.target for way in ways}:
            continue
        under = _under(name, hanging, set())
        data = dict(mapping(one.get("parameters")))
        data |= {"": {"parts": [_node(part, by_name[part]) for part in under if part in by_name]}}
        data[""]["before"] = before.get(name, "")
        data[""]["ways"] = len(listing(mapping(connections.get(name)).get("main")))
        made.append(Node(name, _kind(one), name, data))
    used = {node.id for node in made} | {part.id for node in made for part in node.data[""]["parts"]}
    alone = [_node(name, one) for name, one in by_name.items() if name not in used]
    return Graph(made, ways, _starts(made, ways)), alone


def _starts(made: list[Node], ways: list[Edge]) -> list[str]:
    targets = {way.target for way in ways}
    return [node.id for node in made if node.id not in targets]


def _under(name: str, hanging: Mapping[str, list[str]], seen: set[str]) -> list[str]:
    """What hangs on it, and what hangs on that."""
    found: list[str] = []
    todo = list(hanging.get(name, ()))
    while todo:
        one = todo.pop(0)
        if one not in seen:
            seen.add(one)
            found.append(one)
            todo += hanging.get(one, ())
    return found


def _node(name: str, one: Mapping[str, Any]) -> Node:
    return Node(name, _kind(one), name, dict(mapping(one.get("parameters"))))


def _kind(one: Mapping[str, Any]) -> str:
    return text_of(one.get("type")).rsplit(".", 1)[-1]


def _unused(alone: list[Node], bring: Bringing) -> None:
    rest = [node for node in alone if node.kind not in NOTES]
    Parts(bring, rest).lose(Text("没有线连到它", "nothing leads to it"))


FORMAT = N8n()
