"""Langflow's flows: components that hand texts on; models and agents with what hangs on them.

https://docs.langflow.org/concepts-flows-import
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from runtime.elsewhere import Document, Format
from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._alike import ASKED, like
from runtime.elsewhere._blocks import nothing
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import MOST_NODES, Edge, Graph, Json, Node
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._parts import BASE_WHY, SPLITS, Parts
from runtime.elsewhere._weave import woven
from runtime.elsewhere._words import listing as listing
from runtime.elsewhere._words import literal, mapping, number, objects, shown, text_of
from runtime.lang import Text

UNKNOWN = Text("没有和它对应的积木", "there is no block like it")
BEGINS = Text("收到消息", "a message comes")
FILES = Text(
    "对方发来的文件大模型自己看得到；固定的资料请放进资料库",
    "the model sees files that came; put documents of your own into a base",
)
EACH = Text("没有逐项做，请核对", "it is not done for each item: check it")
ALONE = Text("没有线连到它", "nothing leads to it")
SINGLE = re.compile(r"\{([A-Za-z_]\w{0,80})\}")


class Langflow(Format):
    product: ClassVar[str] = "Langflow"
    order: ClassVar[int] = 35

    def recognises(self, document: Document) -> bool:
        nodes = _nodes(document.data)
        return any(
            one.get("type") == "genericNode" and "node" in mapping(one.get("data")) for one in nodes
        ) and "flow_type" not in mapping(_first(document.data))

    def reads(self, document: Document, bring: Bringing) -> Json:
        data = mapping(_first(document.data))
        graph, alone = _graph(_nodes(data)[:MOST_NODES], objects(mapping(data.get("data")).get("edges")))
        flow = woven(graph, bring)
        Parts(bring, alone).lose(ALONE)
        return {
            "name": text_of(data.get("name")),
            "description": text_of(data.get("description")),
            "flow": flow,
        }

    def translate(self, node: Node, bring: Bringing) -> Outcome:
        for pattern, kind in KINDS:
            if re.search(pattern, node.kind, re.IGNORECASE):
                return kind(node, bring)
        if found := like(f"{node.kind} {node.title}"):
            arguments = {ASKED[found[0]]: shown(_came(node, bring))} if found[0] in ASKED else {}
            return blocks.tool(node, bring, {"type": found[0]}, arguments, why=found[1])
        return Lost(UNKNOWN, ["output"])


def _first(data: Any) -> Any:
    return data[0] if isinstance(data, list) and data else data


def _nodes(data: Any) -> list[Mapping[str, Any]]:
    return objects(mapping(mapping(_first(data)).get("data")).get("nodes"))


def _graph(nodes: list[Mapping[str, Any]], edges: list[Mapping[str, Any]]) -> tuple[Graph, list[Node]]:
    made: dict[str, Node] = {}
    for one in nodes:
        data = mapping(one.get("data"))
        inner = mapping(data.get("node"))
        is_note = one.get("type") == "noteNode"
        given = {
            key: mapping(each).get("value")
            for key, each in mapping(inner.get("template")).items()
            if key not in ("code", "_type", "tools_metadata")
        }
        kind = "note" if is_note else text_of(data.get("type"))
        given = {"text": inner.get("description")} if is_note else given
        made[text_of(one.get("id"))] = Node(
            text_of(one.get("id")),
            kind,
            text_of(inner.get("display_name")),
            {**given, "": {"into": {}, "parts": []}},
        )
    ways: list[Edge] = []
    parts: set[str] = set()
    for one in edges:
        source, target = text_of(one.get("source")), text_of(one.get("target"))
        field = text_of(mapping(mapping(one.get("data")).get("targetHandle")).get("fieldName"))
        if source not in made or target not in made:
            continue
        if field in (
            "tools",
            "llm",
            "model",
            "embedding",
            "memory",
            "agent_llm",
            "embedding_model",
            "ingest_data",
        ):
            made[target].data[""]["parts"].append(made[source])
            parts.add(source)
        else:
            made[target].data[""]["into"].setdefault(field or "input_value", source)
            ways.append(Edge(source, target))
    flow = {way.source for way in ways if way.target not in parts} | {way.target for way in ways}
    alone = [node for id, node in made.items() if id in parts and id not in flow and not _hangs(id, made)]
    mains = [node for id, node in made.items() if id not in parts]
    return Graph(mains, [way for way in ways if way.source not in parts and way.target not in parts]), alone


def _hangs(id: str, made: Mapping[str, Node]) -> bool:
    return any(part.id == id for node in made.values() for part in node.data[""]["parts"])


def _came(node: Node, bring: Bringing, *fields: str) -> str:
    """What came in by one of these fields, else by any."""
    into = mapping(mapping(node.data.get("")).get("into"))
    for field in (*fields, *into):
        if (source := text_of(into.get(field))) in bring.made:
            return bring.made[source].rest or "message.text"
    return "message.text"


def given(node: Node, bring: Bringing, field: str) -> str:
    """A field as a template: what leads into it, else what is written there."""
    into = mapping(mapping(node.data.get("")).get("into"))
    if text_of(into.get(field)) in bring.made:
        return shown(bring.made[text_of(into[field])].rest or "message.text")
    value = node.data.get(field)
    return bring.words(value, re.compile(r"(?!)"), lambda name: None) if isinstance(value, str) else ""


def model(node: Node, bring: Bringing) -> Outcome:
    parts = Parts(bring, mapping(node.data.get("")).get("parts") or [])
    parts.lose()
    more: Json = {"tools": parts.search}
    if node.data.get("add_current_date_tool") is True and not any(
        one["type"] == "clock" for one in more["tools"]
    ):
        more["tools"].append({"type": "clock"})
    heat = number(node.data.get("temperature"))
    more |= {"temperature": heat} if heat is not None and 0 <= heat <= 2 else {}
    if schema := objects(node.data.get("output_schema")):
        more["fields"] = blocks.fields(
            [
                (
                    text_of(one.get("name")),
                    {"str": "string", "int": "number", "float": "number", "bool": "boolean"}.get(
                        text_of(one.get("type")), text_of(one.get("type"))
                    ),
                    text_of(one.get("description")),
                    [],
                )
                for one in schema
            ]
        )
    prompt = (
        given(node, bring, "system_prompt")
        or given(node, bring, "system_message")
        or given(node, bring, "agent_description")
    )
    input = given(node, bring, "input_value") or shown(_came(node, bring, "input_value", "df"))
    asked = text_of(node.data.get("model_name") or node.data.get("agent_llm"))
    made = blocks.model(
        node,
        bring,
        prompt=prompt,
        input=input,
        memory=parts.memory or node.kind == "Agent",
        more=more,
        asked=asked,
    )
    made.rest = f"{made.id}.text"
    return made


def prompt(node: Node, bring: Bringing) -> Outcome:
    text = bring.words(
        node.data.get("template") or node.data.get("pattern"), SINGLE, lambda name: _field(node, bring, name)
    )
    made = blocks.values(node, bring, {"prompt": text})
    return made


def _field(node: Node, bring: Bringing, name: str) -> str | None:
    into = mapping(mapping(node.data.get("")).get("into"))
    if text_of(into.get(name)) in bring.made:
        return bring.made[text_of(into[name])].rest or "message.text"
    value = node.data.get(name)
    if isinstance(value, str) and value:
        return literal(value)
    return _came(node, bring) if into else bring.named(name)


def says(node: Node, bring: Bringing) -> Outcome:
    return blocks.reply(node, bring, shown(_came(node, bring, "input_value")))


def begins(node: Node, bring: Bringing) -> Outcome:
    return nothing(BEGINS, {}, "message.text")


def note(node: Node, bring: Bringing) -> Outcome:
    return blocks.comment(node, bring, text_of(node.data.get("text")))


def passes(why: Text) -> Callable[[Node, Bringing], Outcome]:
    return lambda node, bring: nothing(Text("不用积木", "no block"), {}, _came(node, bring), why)


def base(node: Node, bring: Bringing) -> Outcome:
    Parts(bring, mapping(node.data.get("")).get("parts") or []).lose()
    if text_of(node.data.get("mode")) == "Ingest":
        return nothing(block_title("knowledge"), {}, "message.text", BASE_WHY)
    return blocks.knowledge(
        node,
        bring,
        [node.title or "documents"],
        shown(_came(node, bring, "search_query", "query")),
        node.data.get("top_k") or node.data.get("number_of_results"),
        ["output"],
    )


KINDS: tuple[tuple[str, Callable[[Node, Bringing], Outcome]], ...] = (
    (r"^note$", note),
    (r"^ChatInput$|^TextInput|^Webhook", begins),
    (r"^ChatOutput$|^TextOutput", says),
    (r"^Prompt|^parser|^ParseData|^CombineText", prompt),
    (
        r"Agent$|LanguageModel|OpenAIModel|AnthropicModel|GroqModel|OllamaModel|GoogleGenerativeAI|StructuredOutput|BatchRun|^LLM",
        model,
    ),
    (r"AstraDB|Knowledge|Chroma|FAISS|Pinecone|Qdrant|Milvus|VectorStore|MemoryBase", base),
    (
        r"^File|^Directory|SplitText|Embedding|DataFrame|TypeConverter|CreateData|FilterData|MessageTo",
        passes(FILES),
    ),
    (r"^Memory|StoreMessage", passes(SPLITS)),
    (r"^Loop", passes(EACH)),
)
FORMAT = Langflow()
