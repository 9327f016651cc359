"""Dify's nodes, each as blocks of ours."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._blocks import nothing
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import Node
from runtime.elsewhere._http import FORM, request, secret
from runtime.elsewhere._javascript import javascript
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._python import python
from runtime.elsewhere._words import is_template, listing, literal, mapping, number, objects, shown, text_of
from runtime.elsewhere.dify.asking import human, start
from runtime.elsewhere.dify.keeping import assigner, conversation
from runtime.elsewhere.dify.loops import iteration, loop
from runtime.elsewhere.dify.models import agent, llm, model_name
from runtime.elsewhere.dify.texts import condition, selected, words
from runtime.elsewhere.dify.tools import tool
from runtime.lang import NOTHING, Text

__all__ = ["KINDS", "conversation"]

OWN_TEMPLATE = Text(
    "模板用了这里没有的写法：留在备注里",
    "its template is written in a way that is not known here: kept in a note",
)
FILES_SEEN = Text(
    "对方发来的文件大模型自己看得到，不用先提取",
    "the model sees files that came by itself; nothing needs to be extracted",
)
HERE = Text("（见对方发来的文件）", "(see the files that came)")
JOINED = Text("不用积木：写在用到它的地方", "No block: it stands where it is used")
COMMENT = Text("没有内容", "it says nothing")


def answer(node: Node, bring: Bringing) -> Outcome:
    return blocks.reply(node, bring, words(bring, node.data.get("answer")))


def end(node: Node, bring: Bringing) -> Outcome:
    outputs = objects(node.data.get("outputs"))
    found = [(text_of(one.get("variable")), selected(bring, one.get("value_selector"))) for one in outputs]
    given = [(name, expression) for name, expression in found if expression]
    if len(given) == 1:
        return blocks.reply(node, bring, shown(given[0][1]))
    return blocks.reply(node, bring, "\n\n".join(f"{name}：{shown(one)}" for name, one in given))


def retrieval(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    query = selected(bring, data.get("query_variable_selector")) or "message.text"
    settings = mapping(data.get("multiple_retrieval_config"))
    title = node.title or "documents"
    return blocks.knowledge(node, bring, [title], shown(query), settings.get("top_k"), ["result"])


def classifier(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    intents = [(text_of(one.get("id")), text_of(one.get("name"))) for one in objects(data.get("classes"))]
    query = selected(bring, data.get("query_variable_selector")) or "message.text"
    made = blocks.classify(
        node,
        bring,
        intents,
        input=shown(query),
        hint=words(bring, data.get("instruction") or data.get("instructions")),
    )
    model_name(node, bring)
    return made


def if_else(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    cases = objects(data.get("cases"))
    if not cases:
        cases = [{"case_id": "true", **data}]
    made = []
    for one in cases:
        handle = text_of(one.get("case_id") or one.get("id") or "true")
        made.append(
            (handle, "", condition(bring, one.get("conditions"), text_of(one.get("logical_operator"))))
        )
    return blocks.branch(node, bring, made, "false")


def code(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    outputs = list(mapping(data.get("outputs")))
    given = {}
    for one in objects(data.get("variables")):
        expression = selected(bring, one.get("value_selector"))
        given[text_of(one.get("variable"))] = shown(expression) if expression else ""
    source = text_of(data.get("code"))
    if text_of(data.get("code_language")) == "javascript":
        return javascript(node, bring, source, given, outputs=outputs)
    return python(node, bring, source, given, outputs=outputs, call="main({given})")


def template(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    lines = []
    for one in objects(data.get("variables")):
        name, expression = text_of(one.get("variable")), selected(bring, one.get("value_selector"))
        if name.isidentifier():
            lines.append(f"{{% set {name} = {expression or literal('')} %}}\n")
    text = "".join(lines) + text_of(data.get("template"))
    if not is_template(text):
        return Lost(OWN_TEMPLATE, ["output"])
    return blocks.values(node, bring, {"output": text})


def http(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    headers = _lines(words(bring, data.get("headers")))
    way = mapping(data.get("authorization"))
    settings = mapping(way.get("config"))
    if way.get("type") == "api-key":
        name = text_of(settings.get("header")) or "Authorization"
        kind = {"bearer": "Bearer ", "basic": "Basic "}.get(text_of(settings.get("type")), "")
        headers[name] = f"{kind}{shown(secret(bring, (node.title or 'http') + '_key'))}"
    body, why = _body(bring, mapping(data.get("body")))
    return request(
        node, bring, method=text_of(data.get("method")), url=words(bring, data.get("url")), headers=headers,
        query=_lines(words(bring, data.get("params"))), body=body, why=why,
    )  # fmt: skip


def _lines(text: str) -> dict[str, str]:
    """`name:value`, one a line."""
    pairs = (line.partition(":") for line in text.splitlines() if line.strip())
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}


def _body(bring: Bringing, body: Mapping[str, Any]) -> tuple[str, Text]:
    kind, data = body.get("type"), body.get("data")
    if kind in ("form-data", "x-www-form-urlencoded"):
        if isinstance(data, list):
            given = {text_of(one.get("key")): words(bring, one.get("value")) for one in objects(data)}
        else:
            given = _lines(words(bring, data))
        text = (
            "{"
            + ", ".join(f'{json.dumps(k, ensure_ascii=False)}: "{v}"' for k, v in given.items() if k)
            + "}"
        )
        return text, FORM
    if isinstance(data, list):
        return "\n".join(words(bring, one.get("value")) for one in objects(data)), NOTHING
    return words(bring, data), NOTHING


def aggregator(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    groups = objects(mapping(data.get("advanced_settings")).get("groups"))
    if groups and mapping(data.get("advanced_settings")).get("group_enabled"):
        outputs = {}
        for one in groups:
            expression = _first(bring, one.get("variables"))
            outputs[text_of(one.get("group_name"))] = expression
        found = {name: f"{{'output': {one}}}" for name, one in outputs.items()}
        return nothing(JOINED, found)
    expression = _first(bring, data.get("variables"))
    if text_of(data.get("output_type")) in ("string", "number", ""):
        return blocks.values(node, bring, {"output": shown(expression)})
    return nothing(JOINED, {"output": f"({expression})"})


def _first(bring: Bringing, selectors: Any) -> str:
    found = [one for selector in listing(selectors) if (one := selected(bring, selector))]
    return " or ".join(found) or "''"


def extractor(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    wanted = [
        (
            text_of(one.get("name")),
            text_of(one.get("type")),
            text_of(one.get("description")),
            listing(one.get("options")),
        )
        for one in objects(data.get("parameters"))
    ]
    query = selected(bring, data.get("query")) or "message.text"
    made = blocks.extract(node, bring, wanted, shown(query))
    if instruction := text_of(data.get("instruction")):
        bring.report.tell(node.title, "instruction", "nearly", ours=block_title("extract"), why=INSTRUCTION)
        for one in made.blocks[0]["fields"][:1]:
            one["title"] = f"{one['title']}：{instruction}"[:200]
    model_name(node, bring)
    made.outputs = {
        **made.outputs,
        "__is_success": f"(not {made.id}.missing)",
        "__reason": f"{made.id}.error",
    }
    return made


INSTRUCTION = Text("额外的说明写进了第一个字段", "its further instruction went into the first field")


def documents(node: Node, bring: Bringing) -> Outcome:
    told = literal(HERE.to(bring.agent.get("language", "zh")))
    return nothing(JOINED, {"text": told}, told, FILES_SEEN)


def list_operator(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    expression = selected(bring, data.get("variable")) or "[]"
    limit = mapping(data.get("limit"))
    if limit.get("enabled"):
        expression = f"({expression})[:{int(number(limit.get('size')) or 10)}]"
    order = mapping(data.get("order_by"))
    if order.get("enabled"):
        backwards = "true" if order.get("value") == "desc" else "false"
        expression = f"({expression})|sort(reverse={backwards})"
    why = NOT_FILTERED if mapping(data.get("filter_by")).get("enabled") else NOTHING
    return nothing(JOINED, {"result": f"({expression})", "first_record": f"({expression})|first",
                            "last_record": f"({expression})|last"}, why=why)  # fmt: skip


NOT_FILTERED = Text("没有筛选，请核对", "nothing is filtered out: check it")


def note(node: Node, bring: Bringing) -> Outcome:
    return blocks.comment(node, bring, _said(node.data.get("text")))


def _said(text: Any) -> str:
    """The words of a note, which Dify keeps as Lexical's JSON."""
    try:
        data = json.loads(text_of(text))
    except (ValueError, RecursionError):
        return text_of(text)
    lines: list[str] = []
    stack = [data]
    while stack and len(lines) < 500:
        one = stack.pop()
        if isinstance(one, Mapping):
            if isinstance(one.get("text"), str):
                lines.append(one["text"])
            stack.extend(reversed(listing(one.get("children"))))
            stack.extend([one["root"]] if "root" in one else [])
    return "\n".join(lines)


def begins(node: Node, bring: Bringing) -> Outcome:
    return nothing(Text("这一轮的开始", "the beginning of a round"))


KINDS: dict[str, Callable[[Node, Bringing], Outcome]] = {
    "start": start, "answer": answer, "end": end, "llm": llm, "agent": agent, "agent-v2": agent,
    "knowledge-retrieval": retrieval, "question-classifier": classifier, "if-else": if_else, "code": code,
    "template-transform": template, "http-request": http, "variable-aggregator": aggregator,
    "variable-assigner": aggregator, "parameter-extractor": extractor, "assigner": assigner,
    "iteration": iteration, "loop": loop, "document-extractor": documents, "list-operator": list_operator,
    "note": note, "iteration-start": begins, "loop-start": begins, "loop-end": begins, "tool": tool,
    "human-input": human, "trigger-schedule": begins, "trigger-webhook": begins, "trigger-plugin": begins,
}  # fmt: skip
