"""Dify's DSL, versions 0.1 to 0.7, every mode. https://docs.dify.ai/en/guides/management/app-management"""

from typing import Any, ClassVar

from runtime.agents.agent import Agent
from runtime.elsewhere import Document, Format, Report, Writes
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import MOST_NODES, Edge, Graph, Json, Node
from runtime.elsewhere._reading import yaml_text
from runtime.elsewhere._weave import TOO_MANY, woven
from runtime.elsewhere._words import listing, mapping, objects, text_of
from runtime.elsewhere.dify.app import features, of_app
from runtime.elsewhere.dify.nodes import KINDS, conversation
from runtime.elsewhere.dify.writing import written
from runtime.errors import BadAgent
from runtime.lang import Text

MODES = ("chat", "agent-chat", "completion", "workflow", "advanced-chat", "agent", "channel", "rag-pipeline")
NO_FLOW = Text(
    "这个 Dify 文件里没有 workflow，也没有 model_config。",
    "This Dify file has neither workflow nor model_config.",
)
UNKNOWN = Text("没有和它对应的积木", "there is no block like it")
NEWER = Text("文件的版本是 {version}，按 0.7 读的", "its version is {version}; it was read as 0.7")
INSIDE = ("iteration-start", "loop-start")


class Dify(Writes, Format):
    name: ClassVar[str] = "dify"
    ending: ClassVar[str] = "yml"
    product: ClassVar[str] = "Dify"
    order: ClassVar[int] = 10

    def recognises(self, document: Document) -> bool:
        data = document.data
        if not isinstance(data, dict):
            return False
        app = mapping(data.get("app"))
        return data.get("kind") == "app" or (
            app.get("mode") in MODES and bool({"workflow", "model_config"} & set(data))
        )

    def reads(self, document: Document, bring: Bringing) -> Json:
        data = document.data
        app = mapping(data.get("app"))
        agent: Json = {"name": text_of(app.get("name")), "description": text_of(app.get("description"))}
        version = str(data.get("version") or "")
        if version[:3] not in ("", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"):
            bring.report.tell("version", version, "nearly", why=NEWER.fill(version=version[:20]))
        flow = mapping(data.get("workflow"))
        if flow:
            agent |= features(mapping(flow.get("features")), bring)
            conversation(flow, bring)
            nodes = objects(mapping(flow.get("graph")).get("nodes"))
            bring.known["mode"] = text_of(app.get("mode"))
            return {
                **agent,
                "flow": woven(
                    graph_of(nodes, listing(mapping(flow.get("graph")).get("edges")), bring), bring
                ),
            }
        settings = mapping(data.get("model_config"))
        if not settings:
            raise BadAgent(NO_FLOW)
        return {**agent, **features(settings, bring), **of_app(settings, text_of(app.get("mode")), bring)}

    def writes(self, agent: Agent, report: Report) -> str:
        return yaml_text(written(agent, report))

    def translate(self, node: Node, bring: Bringing) -> Outcome:
        kind = KINDS.get(node.kind)
        return kind(node, bring) if kind else Lost(UNKNOWN, ["output", "text", "result"])


def graph_of(nodes: list[Any], edges: list[Any], bring: Bringing) -> Graph:
    """The nodes on the outside; those of a loop are inside of it."""
    if len(nodes) > MOST_NODES:
        bring.report.tell("workflow", "", "lost", why=TOO_MANY.fill(most=MOST_NODES))
    ways = [
        Edge(str(e.get("source")), str(e.get("target")), str(e.get("sourceHandle") or ""))
        for e in edges
        if isinstance(e, dict)
    ]
    inside: dict[str, list[Any]] = {}
    ids = {str(one.get("id")) for one in nodes[:MOST_NODES]}
    for one in nodes[:MOST_NODES]:
        data = mapping(one.get("data"))
        parent = str(one.get("parentId") or data.get("iteration_id") or data.get("loop_id") or "")
        inside.setdefault(parent if parent in ids and parent != str(one.get("id")) else "", []).append(one)
    return _level("", inside, ways, set())


def _level(parent: str, inside: dict[str, list[Any]], ways: list[Edge], seen: set[str]) -> Graph:
    seen = {*seen, parent}
    nodes, starts = [], []
    for one in inside.get(parent, []):
        id, data = str(one.get("id")), dict(mapping(one.get("data")))
        kind = str(data.get("type") or "")
        if kind == "" and ("text" in data or one.get("type") == "custom-note"):
            kind = "note"
        below = _level(id, inside, ways, seen) if id in inside and id not in seen else None
        nodes.append(Node(id, kind or str(one.get("type") or ""), str(data.get("title") or ""), data, below))
        if kind in ("start", "note", "datasource", *INSIDE) or kind.startswith("trigger"):
            starts.append(id)
    here = {node.id for node in nodes}
    edges = [edge for edge in ways if edge.source in here and edge.target in here]
    has_start = any(node.kind != "note" and node.id in starts for node in nodes)
    targets = {edge.target for edge in edges}
    free = [node.id for node in nodes if node.id not in targets and node.id not in starts]
    # In a loop of the first versions nothing says where it starts.
    return Graph(nodes, edges, starts if has_start else [*starts, *free])


FORMAT = Dify()
