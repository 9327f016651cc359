"""Coze (扣子): the canvas of Coze Studio as JSON, and workflows that coze.cn exports as a ZIP of YAML.

Kinds of nodes: github.com/coze-dev/coze-studio backend/domain/workflow/entity/node_meta.go
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from runtime.elsewhere import Document, Format
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import MOST_NODES, Edge, Graph, Json, Node
from runtime.elsewhere._reading import decoded, yaml_of
from runtime.elsewhere._weave import TOO_MANY, woven
from runtime.elsewhere._words import listing, mapping, objects, text_of
from runtime.elsewhere.coze.nodes import KINDS
from runtime.errors import BadAgent
from runtime.lang import Text

NUMBERS = {
    "1": "start", "2": "end", "3": "llm", "4": "plugin", "5": "code", "6": "knowledge", "8": "selector",
    "9": "workflow", "12": "database", "13": "output", "15": "text", "18": "question", "19": "break",
    "20": "loop_set", "21": "loop", "22": "intent", "27": "knowledge_write", "28": "batch", "29": "continue",
    "30": "input", "31": "comment", "32": "variable_merge", "37": "messages", "38": "clear_history",
    "39": "conversation", "40": "variable_assign", "42": "database", "43": "database", "44": "database",
    "45": "http", "46": "database", "51": "conversation", "52": "conversation", "53": "conversation",
    "54": "messages", "55": "message_create", "56": "message_edit", "57": "message_delete", "58": "to_json",
    "59": "from_json", "60": "knowledge_delete", "11": "variable_assign",
}  # fmt: skip
WORDS = {
    "if": "selector", "condition": "selector", "branch": "selector", "api": "plugin", "tool": "plugin",
    "dataset": "knowledge", "knowledge_query": "knowledge", "knowledge_retriever": "knowledge",
    "sub_workflow": "workflow", "subflow": "workflow", "message": "output", "string": "text",
    "text_process": "text", "text_processor": "text", "question_answer": "question", "qa": "question",
    "intent_detector": "intent", "intent_recognition": "intent", "variable_aggregate": "variable_merge",
    "variable_aggregator": "variable_merge", "http_request": "http", "variable": "variable_assign",
    "set_variable": "loop_set", "loop_set_variable": "loop_set", "code_runner": "code", "entry": "start",
    "exit": "end", "image_generate": "image", "input_receiver": "input", "json_stringify": "to_json",
    "json_parse": "from_json",
}  # fmt: skip
UNKNOWN = Text("没有和它对应的积木", "there is no block like it")
NO_FLOW = Text("这个 Coze 文件里没有节点。", "This Coze file has no nodes.")


class Coze(Format):
    product: ClassVar[str] = "Coze（扣子）"
    order: ClassVar[int] = 20

    def recognises(self, document: Document) -> bool:
        if document.files:
            return any(name.rsplit("/", 1)[-1].upper().startswith("MANIFEST.Y") for name in document.files)
        return _is_canvas(document.data) or _is_yaml(document.data)

    def reads(self, document: Document, bring: Bringing) -> Json:
        data = self._data(document)
        nodes = objects(data.get("nodes"))
        if not nodes:
            raise BadAgent(NO_FLOW)
        if len(nodes) > MOST_NODES:
            bring.report.tell("nodes", "", "lost", why=TOO_MANY.fill(most=MOST_NODES))
        name, about = text_of(data.get("name")), text_of(data.get("description"))
        graph = _graph(nodes[:MOST_NODES], listing(data.get("edges")), "", 0)
        return {"name": name, "description": about, "flow": woven(graph, bring)}

    def _data(self, document: Document) -> Mapping[str, Any]:
        if not document.files:
            return mapping(document.data)
        for name, content in sorted(document.files.items()):
            if name.endswith((".yaml", ".yml")) and "MANIFEST" not in name.upper():
                data = yaml_of(decoded(content))
                if isinstance(data, dict) and isinstance(data.get("nodes"), list):
                    return data
        raise BadAgent(NO_FLOW)

    def translate(self, node: Node, bring: Bringing) -> Outcome:
        kind = KINDS.get(node.kind)
        return kind(node, bring) if kind else Lost(UNKNOWN, ["output"])


def _is_canvas(data: Any) -> bool:
    nodes = objects(mapping(data).get("nodes"))
    return any(str(one.get("type", "")).isdigit() and ("data" in one or "meta" in one) for one in nodes)


def _is_yaml(data: Any) -> bool:
    nodes = objects(mapping(data).get("nodes"))
    return "schema_version" in mapping(data) and any("parameters" in one for one in nodes)


def _graph(nodes: list[Any], edges: list[Any], outside: str, depth: int) -> Graph:
    """`outside`: the loop that they are in, which its own edges name."""
    made = []
    for one in nodes:
        data = {**mapping(one.get("data")), **mapping(one.get("parameters"))}
        kind = text_of(one.get("type"))
        kind = NUMBERS.get(kind) or WORDS.get(kind, kind)
        title = text_of(one.get("title")) or text_of(mapping(data.get("nodeMeta")).get("title"))
        inner = objects(one.get("blocks")) or objects(one.get("nodes"))
        id = text_of(one.get("id"))
        below = None
        if inner and depth < 10:
            below = _graph(inner[:MOST_NODES], listing(one.get("edges")), id, depth + 1)
        made.append(Node(id, kind, title, data, below))
    ways = [way for way in _ways(edges) if outside not in (way.source, way.target) or not outside]
    starts = [node.id for node in made if node.kind in ("start", "comment")]
    if all(node.kind != "start" for node in made):
        starts = []
    return Graph(made, ways, starts)


def _ways(edges: list[Any]) -> Iterator[Edge]:
    for one in objects(edges):
        source = text_of(one.get("sourceNodeID") or one.get("source_node"))
        target = text_of(one.get("targetNodeID") or one.get("target_node"))
        handle = text_of(one.get("sourcePortID") or one.get("source_port"))
        yield Edge(source, target, handle)


FORMAT = Coze()
