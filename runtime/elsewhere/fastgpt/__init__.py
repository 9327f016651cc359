"""FastGPT: an app's workflow as it is exported or stands in its templates. https://doc.fastgpt.io"""

from typing import Any, ClassVar

from runtime.elsewhere import Document, Format
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import MOST_NODES, Edge, Graph, Json, Node
from runtime.elsewhere._weave import woven
from runtime.elsewhere._words import as_it_is, mapping, objects, text_of
from runtime.elsewhere.fastgpt.nodes import KINDS, UNSEEN
from runtime.lang import Text

UNKNOWN = Text("没有和它对应的积木", "there is no block like it")
GREETING = Text("欢迎语", "Greeting")
VARIABLE = Text("变量", "Variable")
SET_ONCE = Text("改成了由您填一次的变量", "it became a variable that you set once")


class FastGpt(Format):
    product: ClassVar[str] = "FastGPT"
    order: ClassVar[int] = 25

    def recognises(self, document: Document) -> bool:
        return any("flowNodeType" in one or "flowType" in one for one in _nodes(document.data))

    def reads(self, document: Document, bring: Bringing) -> Json:
        data = mapping(document.data)
        agent: Json = {"name": text_of(data.get("name")), "description": text_of(data.get("intro"))}
        flow = mapping(data.get("workflow")) or data
        chat = mapping(flow.get("chatConfig")) or mapping(data.get("chatConfig"))
        if welcome := text_of(chat.get("welcomeText")):
            agent["texts"] = {"greeting": as_it_is(welcome)[:5000]}
            bring.report.tell("welcomeText", "", "became", ours=GREETING)
        for one in objects(chat.get("variables")):
            key = text_of(one.get("key"))
            name = bring.variable(key, text_of(one.get("defaultValue")), text_of(one.get("label")))
            bring.known[f"VARIABLE_NODE_ID.{key}"] = bring.known[key] = name
            bring.report.tell(key, "variables", "nearly", ours=VARIABLE, why=SET_ONCE, part="variable")
        return {**agent, "flow": woven(_graph(_nodes(data)[:MOST_NODES], objects(flow.get("edges"))), bring)}

    def translate(self, node: Node, bring: Bringing) -> Outcome:
        kind = KINDS.get(node.kind)
        return kind(node, bring) if kind else Lost(UNKNOWN, ["result"])


def _nodes(data: Any) -> list[Any]:
    data = data[0] if isinstance(data, list) and data else data
    flow = mapping(mapping(data).get("workflow")) or mapping(data)
    return objects(flow.get("nodes") or flow.get("modules"))


def _graph(nodes: list[Any], edges: list[Any]) -> Graph:
    made: dict[str, list[Node]] = {}
    starts: list[str] = []
    ways = []
    for one in edges:
        source = text_of(one.get("source"))
        handle = text_of(one.get("sourceHandle")).removeprefix(f"{source}-source-")
        ways.append(Edge(source, text_of(one.get("target")), handle))
    targets = {way.target for way in ways}
    tools: dict[str, list[Node]] = {}
    for one in nodes:
        id, kind = (
            text_of(one.get("nodeId") or one.get("moduleId")),
            text_of(one.get("flowNodeType") or one.get("flowType")),
        )
        inputs = {text_of(each.get("key")): each.get("value") for each in objects(one.get("inputs"))}
        outputs = {text_of(each.get("id")): text_of(each.get("key")) for each in objects(one.get("outputs"))}
        data = {**inputs, "": {"outputs": outputs, "inputs": objects(one.get("inputs"))}}
        node = Node(id, kind, text_of(one.get("name")), data)
        by = next((way.source for way in ways if way.target == id and way.handle == "selectedTools"), "")
        if by:
            tools.setdefault(by, []).append(node)
            continue
        made.setdefault(text_of(one.get("parentNodeId")), []).append(node)
        if kind in ("workflowStart", "pluginInput", "loopStart", *UNSEEN) or id not in targets:
            starts.append(id)
    flow = [way for way in ways if way.handle != "selectedTools"]

    def level(parent: str, depth: int) -> Graph:
        found = []
        for node in made.get(parent, []):
            inner = level(node.id, depth + 1) if made.get(node.id) and depth < 10 else None
            node.data[""]["tools"] = tools.get(node.id, [])
            found.append(Node(node.id, node.kind, node.title, node.data, inner))
        ids = {node.id for node in found}
        return Graph(found, flow, [id for id in starts if id in ids])

    return level("", 0)


FORMAT = FastGpt()
