"""Flowise: agentflows of the second and first kind, chatflows, and single tools.

https://github.com/FlowiseAI/Flowise packages/server/marketplaces
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from runtime.elsewhere import Document, Format
from runtime.elsewhere._alike import like
from runtime.elsewhere._blocks import model, reply
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import MOST_NODES, Edge, Graph, Json, Node
from runtime.elsewhere._losses import Row
from runtime.elsewhere._parts import Parts
from runtime.elsewhere._python import NO_PYTHON
from runtime.elsewhere._weave import woven
from runtime.elsewhere._words import mapping, objects, text_of
from runtime.elsewhere.flowise.chatflows import is_main, main
from runtime.elsewhere.flowise.nodes import KINDS
from runtime.lang import Text

UNKNOWN = Text("没有和它对应的积木", "there is no block like it")
ALONE = Text("没有线连到它", "nothing leads to it")


class Flowise(Format):
    product: ClassVar[str] = "Flowise"
    order: ClassVar[int] = 30

    def recognises(self, document: Document) -> bool:
        data = document.data
        if isinstance(data, dict) and "func" in data and "schema" in data:
            return True
        nodes = [mapping(one.get("data")) for one in objects(mapping(data).get("nodes"))]
        return any("inputParams" in one or "inputAnchors" in one for one in nodes)

    def reads(self, document: Document, bring: Bringing) -> Json:
        data = document.data
        name = text_of(data.get("name")) or document.name.rsplit(".", 1)[0]
        agent: Json = {"name": name, "description": text_of(data.get("description"))}
        if "func" in data:
            return {**agent, "flow": _tool(data, bring)}
        nodes = objects(data.get("nodes"))[:MOST_NODES]
        graph, parts = _graph(nodes, objects(data.get("edges")))
        flow = woven(graph, bring)
        Parts(bring, parts).lose(ALONE)
        last = next((made for made in reversed(bring.made.values()) if made.rest), None)
        if last and not any(one["type"] == "reply" for one in flow):
            flow += reply(Node("reply", "reply"), bring, "{{ " + last.rest + " }}").blocks
        return {**agent, "flow": flow}

    def translate(self, node: Node, bring: Bringing) -> Outcome:
        kind = KINDS.get(node.kind)
        if kind:
            return kind(node, bring)
        return main(node, bring) if is_main(node) else Lost(UNKNOWN, ["output"])


def _graph(nodes: list[Mapping[str, Any]], edges: list[Mapping[str, Any]]) -> tuple[Graph, list[Node]]:
    """Nodes of the flow with what hangs on each, and what hangs on none."""
    made = {text_of(one.get("id")): _node(one) for one in nodes}
    ways = [
        (text_of(one.get("source")), text_of(one.get("target")), text_of(one.get("sourceHandle")))
        for one in edges
    ]
    mains = {id for id, node in made.items() if node.kind in KINDS or is_main(node)}
    hanging: dict[str, list[str]] = {}
    for source, target, _ in ways:
        if source in made and source not in mains:
            hanging.setdefault(target, []).append(source)
    used: set[str] = set()
    for id in mains:
        todo, under = list(hanging.get(id, ())), []
        while todo:
            part = todo.pop(0)
            if part not in used:
                used.add(part)
                under.append(made[part])
                todo += hanging.get(part, ())
        made[id].data[""] = {"parts": under}
    inside: dict[str, list[Node]] = {}
    for one in nodes:
        id, parent = text_of(one.get("id")), text_of(one.get("parentNode"))
        if id in mains:
            inside.setdefault(parent if parent in mains else "", []).append(made[id])
    flow = [Edge(source, target, handle.rsplit("-output-", 1)[-1]) for source, target, handle in ways]
    outside = [_with(node, inside, flow) for node in inside.get("", [])]
    for edge in flow:
        if edge.target in mains and edge.source in mains:
            made[edge.target].data[""].setdefault("before", edge.source)
    return Graph(outside, flow), [node for id, node in made.items() if id not in mains and id not in used]


def _with(node: Node, inside: Mapping[str, list[Node]], flow: list[Edge]) -> Node:
    if not inside.get(node.id):
        return node
    return Node(node.id, node.kind, node.title, node.data, Graph(inside[node.id], flow))


def _node(one: Mapping[str, Any]) -> Node:
    data = mapping(one.get("data"))
    given = {**mapping(data.get("inputs")), "category": data.get("category")}
    return Node(text_of(one.get("id")), text_of(data.get("name")), text_of(data.get("label")), given)


def _tool(data: Mapping[str, Any], bring: Bringing) -> list[Json]:
    """A single tool, whose program is JavaScript."""
    node = Node("tool", "tool", text_of(data.get("name")), {**data, "schema": text_of(data.get("schema"))})

    if found := like(node.title):
        made = model(
            node, bring, prompt=text_of(data.get("description")), more={"tools": [{"type": found[0]}]}
        )
        bring.report.rows.append(Row(node.title, "tool", "nearly", made.ours, found[1], node.id))
        return [*made.blocks, *reply(Node("say", "reply"), bring, "{{ " + made.id + ".text }}").blocks]
    bring._translate = lambda one, _: Lost(NO_PYTHON.fill(language="JavaScript"), ["result"])
    return bring.become(node).blocks


FORMAT = Flowise()
