"""BISHENG's workflows: nodes whose settings are lists of parameters. https://github.com/dataelement/bisheng

Its skills, which are of Langflow's components, are read by that format's file.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from runtime.elsewhere import Document, Format
from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._alike import like
from runtime.elsewhere._blocks import nothing
from runtime.elsewhere._bringing import Bringing, Lost, Made, Outcome, titled
from runtime.elsewhere._conditions import Code, all_of, compared
from runtime.elsewhere._graph import MOST_NODES, Edge, Graph, Json, Node
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._python import python
from runtime.elsewhere._weave import TOO_MANY, woven
from runtime.elsewhere._words import as_it_is, listing, mapping, number, objects, shown, text_of
from runtime.lang import Text

VARIABLE = re.compile(r"\{\{#([^#{}]{1,200})#\}\}")
BEGINS, ENDS = Text("收到消息", "a message comes"), Text("流程结束", "the end of the flow")
GREETING, SUGGESTED = Text("欢迎语", "Greeting"), Text("建议的问题", "Suggested questions")
UNKNOWN = Text("没有和它对应的积木", "there is no block like it")
NO_TOOL = Text("没有和「{name}」对应的工具", "there is no tool like {name!r}")
SIGNS = {
    "equals": "is", "not_equals": "is not", "not_contains": "not contains", "is_empty": "empty",
    "is_not_empty": "not empty", "starts_with": "start with", "ends_with": "end with", "greater_than": ">",
    "less_than": "<", "greater_than_or_equal": "≥", "less_than_or_equal": "≤",
}  # fmt: skip
ASKED = ("user_input", "dialog_files_content", "user_input_file")


def words(bring: Bringing, text: Any) -> str:
    return bring.words(text, VARIABLE, lambda name: _named(bring, name))


def _named(bring: Bringing, name: str) -> str | None:
    node, _, field = name.partition(".")
    if field in ("chat_history", "current_time", "user_info"):
        known = {"chat_history": "conversation.history", "current_time": "now", "user_info": "person"}
        return known[field]
    return bring.ref(node, [field])


def start(node: Node, bring: Bringing) -> Outcome:
    if greeting := text_of(node.data.get("guide_word")):
        bring.agent["texts"] = {"greeting": as_it_is(greeting)[:5000]}
        bring.report.tell("guide_word", "", "became", ours=GREETING)
    if asked := [text for one in listing(node.data.get("guide_question")) if (text := text_of(one).strip())]:
        bring.agent["suggestions"] = [text[:100] for text in asked[:6]]
        bring.report.tell("guide_question", "", "became", ours=SUGGESTED)
    return nothing(BEGINS)


def ask(node: Node, bring: Bringing) -> Outcome:
    """The first is what a message says; a further one waits for another."""
    found = [one for one in objects(node.data.get("form_input")) if text_of(one.get("value")).strip()]
    if not found and not bring.known.get("asked"):
        bring.known["asked"] = "message.text"
        return nothing(BEGINS, dict.fromkeys(ASKED, "message.text"), "message.text")
    id = bring.id(node, "asked")
    fields = blocks.fields(
        [(text_of(one.get("key")), "text", text_of(one.get("value")), []) for one in found]
    )
    block = titled({"type": "ask", "id": id, "fields": fields or [{"name": "answer"}], "heard": False}, node)
    names = [text_of(one.get("key")) for one in found]
    outputs = {name: f"{id}.fields.{one['name']}" for name, one in zip(names, fields, strict=False)}
    rest = next(iter(outputs.values()), f"{id}.fields.answer")
    return Made([block], block_title("ask"), {**dict.fromkeys(ASKED, rest), **outputs}, rest, id)


def model(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    tools = [one for each in objects(data.get("tool_list")) if (one := _tool(node, bring, each))]
    bases = [bring.base(title) for title in _bases(data.get("knowledge_id"))]
    more: Json = {"tools": tools + ([{"type": "search_knowledge", "bases": bases}] if bases else [])}
    heat = number(data.get("temperature"))
    more |= {"temperature": max(0.0, min(2.0, heat))} if heat is not None else {}
    made = blocks.model(
        node,
        bring,
        prompt=words(bring, data.get("system_prompt")),
        input=words(bring, data.get("user_prompt")),
        memory=bool(mapping(data.get("chat_history_flag")).get("flag")),
        more=more,
        outputs=("output", "output_user_input"),
    )
    made.outputs = {
        **made.outputs,
        **{name: f"{made.id}.text" for name in objects_keys(data.get("output_user_input"))},
    }
    made.rest = f"{made.id}.text"
    if data.get("output_user", True) is not False:
        say = {"type": "reply", "id": bring.names.free("say", "say"), "text": shown(f"{made.id}.text")}
        made.blocks.append(say)
    return made


def objects_keys(given: Any) -> list[str]:
    return [text_of(one.get("key")) for one in objects(given)]


def _tool(node: Node, bring: Bringing, one: Mapping[str, Any]) -> Json | None:
    name = text_of(one.get("label") or one.get("name") or one.get("tool_key") or one.get("key"))
    if found := like(f"{one.get('tool_key') or ''} {name}"):
        return {"type": found[0]}
    bring.report.tell(node.title, name, "lost", why=NO_TOOL.fill(name=name[:60]))
    return None


def _bases(given: Any) -> list[str]:
    found = mapping(given).get("value") if isinstance(given, Mapping) else given
    return [text_of(one.get("label")) or text_of(one.get("key")) for one in objects(found)]


def rag(node: Node, bring: Bringing) -> Outcome:
    """It looks, and asks a model."""
    found = looks(node, bring)
    assert isinstance(found, Made)
    bring.made[node.id] = Made(
        [], found.ours, {"user_question": "message.text", "retrieved_result": found.rest}
    )
    made = model(node, bring)
    assert isinstance(made, Made)
    made.blocks[:0] = found.blocks
    made.nearly = found.nearly
    return made


def looks(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    asked = data.get("user_question")
    first = text_of(asked[0] if isinstance(asked, list) and asked else asked)
    query = _named(bring, first) if first else None
    titles = _bases(data.get("knowledge") or data.get("qa_knowledge_id")) or [node.title]
    return blocks.knowledge(node, bring, titles, shown(query or "message.text"), None, ["retrieved_result"])


def branch(node: Node, bring: Bringing) -> Outcome:
    cases = []
    for one in objects(node.data.get("condition")):
        how = text_of(one.get("operator")) or "and"
        when = all_of([_compared(bring, each) for each in objects(one.get("conditions"))], how)
        cases.append((text_of(one.get("id")), "", when))
    return blocks.branch(node, bring, cases or [("0", "", "true")], "right_handle")


def _compared(bring: Bringing, one: Mapping[str, Any]) -> str:
    left = _named(bring, text_of(one.get("left_var")))
    if left is None:
        return "false"
    given = text_of(one.get("right_value"))
    right: str = given
    if one.get("right_value_type") == "ref":
        right = Code(_named(bring, given) or "''")
    sign = text_of(one.get("comparison_operation"))
    made = compared(left, SIGNS.get(sign, sign), right)
    if made is None:
        bring.named(f"{left} {sign}")
    return made or "false"


def reply(node: Node, bring: Bringing) -> Outcome:
    message = node.data.get("message") or node.data.get("output_msg")
    said = mapping(message).get("msg") if isinstance(message, Mapping) else message
    return blocks.reply(node, bring, words(bring, said))


def tool(node: Node, bring: Bringing) -> Outcome:
    found = like(f"{node.data.get('tool_key') or ''} {node.title}")
    if found is None:
        return Lost(NO_TOOL.fill(name=node.title[:60]), ["output"])
    return blocks.tool(node, bring, {"type": found[0]}, {}, outputs={"output": "{id}.result"}, why=found[1])


def code(node: Node, bring: Bringing) -> Outcome:
    given = {
        text_of(one.get("key")): shown(_named(bring, text_of(one.get("value"))) or "''")
        if one.get("type") == "ref"
        else as_it_is(text_of(one.get("value")))
        for one in objects(node.data.get("code_input"))
    }
    outputs = objects_keys(node.data.get("code_output"))
    return python(node, bring, text_of(node.data.get("code")), given, outputs=outputs, call="main({given})")


KINDS: dict[str, Callable[[Node, Bringing], Outcome]] = {
    "start": start, "input": ask, "llm": model, "agent": model, "rag": rag, "qa_retriever": looks,
    "knowledge_retriever": looks, "condition": branch, "output": reply, "tool": tool, "code": code,
    "end": lambda node, bring: nothing(ENDS),
    "note": lambda node, bring: blocks.comment(node, bring, text_of(node.data.get("note"))),
}  # fmt: skip


class Bisheng(Format):
    product: ClassVar[str] = "BISHENG"
    order: ClassVar[int] = 28

    def recognises(self, document: Document) -> bool:
        return any(
            one.get("type") == "flowNode" and "group_params" in mapping(one.get("data"))
            for one in _nodes(document.data)
        )

    def reads(self, document: Document, bring: Bringing) -> Json:
        data = mapping(_first(document.data))
        nodes = _nodes(data)
        if len(nodes) > MOST_NODES:
            bring.report.tell("nodes", "", "lost", why=TOO_MANY.fill(most=MOST_NODES))
        flow = woven(
            _graph(nodes[:MOST_NODES], objects((mapping(data.get("data")) or data).get("edges"))), bring
        )
        about = {"name": text_of(data.get("name")), "description": text_of(data.get("description"))}
        return {
            **about,
            **{key: bring.agent[key] for key in ("texts", "suggestions") if key in bring.agent},
            "flow": flow,
        }

    def translate(self, node: Node, bring: Bringing) -> Outcome:
        kind = KINDS.get(node.kind)
        return kind(node, bring) if kind else Lost(UNKNOWN, ["output"])


def _first(data: Any) -> Any:
    return data[0] if isinstance(data, list) and data else data


def _nodes(data: Any) -> list[Mapping[str, Any]]:
    data = mapping(_first(data))
    return objects((mapping(data.get("data")) or data).get("nodes"))


def _graph(nodes: list[Mapping[str, Any]], edges: list[Mapping[str, Any]]) -> Graph:
    """Ways back to what is asked first are left out: each message begins the flow anew."""
    made = []
    for one in nodes:
        data = mapping(one.get("data"))
        params = [
            each for group in objects(data.get("group_params")) for each in objects(group.get("params"))
        ]
        given = {text_of(each.get("key")): each.get("value") for each in params}
        given["tool_key"] = data.get("tool_key")
        made.append(Node(text_of(one.get("id")), text_of(data.get("type")), text_of(data.get("name")), given))
    kinds = {node.id: node.kind for node in made}
    ways = [
        Edge(text_of(one.get("source")), text_of(one.get("target")), text_of(one.get("sourceHandle")))
        for one in edges
    ]
    first = {way.target for way in ways if kinds.get(way.source) == "start"}
    asks = {id for id in first if kinds.get(id) == "input"}
    kept = [way for way in ways if way.target not in asks or kinds.get(way.source) == "start"]
    return Graph(made, kept, [node.id for node in made if node.kind == "start"])


FORMAT = Bisheng()
