"""Coze's nodes, each as blocks of ours."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._alike import ASKED, like
from runtime.elsewhere._blocks import nothing
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._conditions import Code, all_of, compared
from runtime.elsewhere._graph import Node
from runtime.elsewhere._javascript import javascript
from runtime.elsewhere._python import python, variable
from runtime.elsewhere._words import listing, literal, mapping, number, objects, shown, text_of
from runtime.elsewhere.coze.asking import question, receive, start
from runtime.elsewhere.coze.loops import assign, loop, loop_set, stop
from runtime.elsewhere.coze.models import llm
from runtime.elsewhere.coze.requests import http
from runtime.elsewhere.coze.texts import expression, inputs, output_names, plain_value, settings, words
from runtime.lang import Text

PLUGIN = Text(
    "这是 Coze 的插件「{name}」，不在文件里：用 HTTP、OpenAPI 或 MCP 工具代替",
    "it is Coze's plugin {name!r}, which is not in the file: take an HTTP, OpenAPI or MCP tool",
)
OTHER_FLOW = Text(
    "它调用另一个工作流，不在文件里：一起导入后用「别的智能体」",
    "it calls another flow that is not in the file: import that, too, and use “Another agent”",
)
DATABASE = Text(
    "Coze 的数据库不在这里：用 HTTP 接口代替", "Coze's databases are not here: take an HTTP interface"
)
CONVERSATION = Text(
    "对话由鸿雁自己管理，不用这一步", "conversations are looked after here; there is no such step"
)
SIGNS = {
    1: "is",
    2: "is not",
    3: "longer",
    4: "longer or same",
    5: "shorter",
    6: "shorter or same",
    7: "contains",
    8: "not contains",
    9: "empty",
    10: "not empty",
    11: "true",
    12: "false",
    13: ">",
    14: "≥",
    15: "<",
    16: "≤",
}
ARRAYS = Text("一段文字按分隔符切开", "a text, cut at its delimiters")
ASYNC = re.compile(r"\basync\s+def\s+main\s*\([^()]*+\)\s*+(?:->\s*+[\w\[\], ]++)?:")


def end(node: Node, bring: Bringing) -> Outcome:
    own = inputs(node, bring)
    content = mapping(node.data.get("inputs")).get("content") or node.data.get("content")
    if content and (said := words(bring, content, own)).strip():
        return blocks.reply(node, bring, said)
    if len(own) == 1:
        return blocks.reply(node, bring, shown(next(iter(own.values()))))
    return blocks.reply(node, bring, "\n\n".join(f"{name}：{shown(one)}" for name, one in own.items()))


def output(node: Node, bring: Bringing) -> Outcome:
    own = inputs(node, bring)
    content = mapping(node.data.get("inputs")).get("content") or node.data.get("content")
    return blocks.reply(node, bring, words(bring, content, own))


def selector(node: Node, bring: Bringing) -> Outcome:
    given = mapping(node.data.get("inputs"))
    branches = objects(given.get("branches") or node.data.get("branches"))
    cases = []
    for i, one in enumerate(branches):
        condition = mapping(one.get("condition"))
        how = "or" if condition.get("logic") in (1, "1", "or") else "and"
        when = all_of([_compared(bring, each) for each in objects(condition.get("conditions"))], how)
        cases.append(("true" if i == 0 else f"true_{i}", "", when))
    if not cases:
        return Lost(Text("没有条件", "it has no condition"))
    return blocks.branch(node, bring, cases, "false")


def _compared(bring: Bringing, one: Mapping[str, Any]) -> str:
    left = expression(bring, mapping(one.get("left")).get("input") or one.get("left"))
    if left is None:
        return "false"
    given = mapping(one.get("right")).get("input") or one.get("right")
    right: Any = ""
    if given is not None:
        kind = mapping(mapping(given).get("value")).get("type")
        found = expression(bring, given)
        right = (
            Code(found or "''")
            if kind == "ref" or "ref_node" in mapping(mapping(given).get("value"))
            else plain_value(given)
        )
    sign = SIGNS.get(int(number(one.get("operator")) or 0), text_of(one.get("operator")).lower())
    if (
        isinstance(right, str)
        and not isinstance(right, Code)
        and sign in ("is", "is not")
        and number(right) is not None
    ):
        sign = "=" if sign == "is" else "≠"
    made = compared(left, sign, right)
    if made is None:
        bring.named(f"{left} {sign}")
    return made or "false"


def intent(node: Node, bring: Bringing) -> Outcome:
    own = inputs(node, bring)
    given = mapping(node.data.get("inputs"))
    found = objects(given.get("intents") or node.data.get("intents") or given.get("quickIntents"))
    intents = [(f"branch_{i}", text_of(one.get("name") or one.get("title"))) for i, one in enumerate(found)]
    asked = next(iter(own.values()), "message.text")
    hint = words(bring, mapping(given.get("llmParam")).get("systemPrompt"), own)
    made = blocks.classify(
        node, bring, [*intents, ("default", "其他 / other")], input=shown(asked), hint=hint
    )
    made.blocks[0]["threshold"] = 0.3
    made.outputs = {"classificationId": f"{made.id}.intent", "reason": f"{made.id}.by"}
    return made


def code(node: Node, bring: Bringing) -> Outcome:
    given = {**node.data, **mapping(node.data.get("inputs"))}
    names = output_names(node)
    text = text_of(given.get("code"))
    if str(given.get("language", "3")) not in ("3", "python", "Python"):
        handed = {name: shown(one) for name, one in inputs(node, bring).items()}
        return javascript(node, bring, text, handed, outputs=names, call="main({'params': {given}})")
    text = ASYNC.sub("def main(args):", text)
    text = re.sub(r"\bargs\.params\b", "args", re.sub(r":\s*Output\s*=", " =", text))
    own = {name: shown(one) for name, one in inputs(node, bring).items()}
    names_ = {name: name for name in own}
    call = "main({{" + ", ".join(f"{literal(name)}: {_argument(name)}" for name in names_) + "}})"
    return python(node, bring, text, own, outputs=names, call=call)


def _argument(name: str) -> str:
    return variable(name)


def knowledge(node: Node, bring: Bringing) -> Outcome:
    own = inputs(node, bring)
    set_ = settings(mapping(node.data.get("inputs")).get("datasetParam"))
    query = own.get("Query") or own.get("query") or next(iter(own.values()), "message.text")
    made = blocks.knowledge(
        node, bring, [node.title or "documents"], shown(query), set_.get("topK"), ["outputList", "output"]
    )
    return made


def plugin(node: Node, bring: Bringing) -> Outcome:
    given = settings(mapping(node.data.get("inputs")).get("apiParam") or node.data.get("apiParam"))
    name = f"{given.get('pluginName', '')} {given.get('apiName', '')} {node.title}"
    found = like(name)
    if found is None:
        return Lost(PLUGIN.fill(name=(given.get("pluginName") or node.title)[:80]), output_names(node))
    own = inputs(node, bring)
    arguments = {}
    if wanted := ASKED.get(found[0]):
        arguments[wanted] = shown(own.get(wanted) or next(iter(own.values()), "message.text"))
    outputs = dict.fromkeys(output_names(node), "{id}.result")
    return blocks.tool(node, bring, {"type": found[0]}, arguments, outputs=outputs, why=found[1])


def text(node: Node, bring: Bringing) -> Outcome:
    own = inputs(node, bring)
    given = {**node.data, **mapping(node.data.get("inputs"))}
    if given.get("method") == "split":
        set_ = {text_of(one.get("name")): one.get("input") for one in objects(given.get("splitParams"))}
        marks = listing(mapping(mapping(set_.get("delimiters")).get("value")).get("content")) or ["\n"]
        cut = f"({next(iter(own.values()), literal(''))}|string)"
        for mark in marks[1:]:
            cut += f".replace({literal(text_of(mark))}, {literal(text_of(marks[0]))})"
        return nothing(ARRAYS, {"output": f"{cut}.split({literal(text_of(marks[0]))})"})
    set_ = settings(given.get("concatParams"))
    return blocks.values(node, bring, {"output": words(bring, set_.get("concatResult"), own)})


def merge(node: Node, bring: Bringing) -> Outcome:
    given = mapping(node.data.get("inputs"))
    groups = objects(given.get("mergeGroups") or node.data.get("mergeGroups"))
    found: dict[str, list[str]] = {}
    for one in groups:
        several = [each for value in objects(one.get("variables")) if (each := expression(bring, value))]
        found.setdefault(text_of(one.get("name")), []).extend(several)
    outputs = {name: f"({' or '.join(several) or literal('')})" for name, several in found.items()}
    names = output_names(node)
    if names and not set(names) & set(outputs):
        outputs |= {
            name: f"({' or '.join(one for several in found.values() for one in several) or literal('')})"
            for name in names
        }
    return blocks.values(node, bring, {name: shown(one) for name, one in outputs.items()})


def to_json(node: Node, bring: Bringing) -> Outcome:
    return nothing(
        Text("写成 JSON", "written as JSON"),
        {"output": f"({next(iter(inputs(node, bring).values()), literal(''))})|tojson"},
    )


def from_json(node: Node, bring: Bringing) -> Outcome:
    own = {name: shown(one) for name, one in inputs(node, bring).items()}
    name = next(iter(own), "input")
    body = f"import json\n\ndef main(**given):\n    return {{'output': json.loads(given[{literal(name)}])}}"
    return python(node, bring, body, own or {"input": "{}"}, outputs=["output"], call="main({given})")


def comment(node: Node, bring: Bringing) -> Outcome:
    found = mapping(node.data.get("inputs")).get("note")
    return blocks.comment(node, bring, re.sub(r'[\[\]{}"]', " ", plain_value(found))[:2000])


def conversation(node: Node, bring: Bringing) -> Outcome:
    names = {
        "isSuccess": "true",
        "isExisted": "true",
        "conversationId": "conversation.id",
        "conversationList": "[]",
    }
    return nothing(
        CONVERSATION, {name: names.get(name, "''") for name in output_names(node)}, why=CONVERSATION
    )


def messages(node: Node, bring: Bringing) -> Outcome:
    return nothing(
        Text("对话里之前说过的", "what was said before"),
        dict.fromkeys(output_names(node), "conversation.history"),
    )


def said(node: Node, bring: Bringing) -> Outcome:
    own = inputs(node, bring)
    return blocks.reply(node, bring, shown(own.get("content") or "''"), CONVERSATION)


def workflow(node: Node, bring: Bringing) -> Outcome:
    return Lost(OTHER_FLOW, output_names(node))


def database(node: Node, bring: Bringing) -> Outcome:
    return Lost(DATABASE, output_names(node))


KINDS: dict[str, Callable[[Node, Bringing], Outcome]] = {
    "start": start,
    "end": end,
    "output": output,
    "llm": llm,
    "selector": selector,
    "intent": intent,
    "code": code,
    "knowledge": knowledge,
    "plugin": plugin,
    "text": text,
    "variable_merge": merge,
    "http": http,
    "question": question,
    "input": receive,
    "to_json": to_json,
    "from_json": from_json,
    "comment": comment,
    "conversation": conversation,
    "messages": messages,
    "clear_history": conversation,
    "message_create": said,
    "workflow": workflow,
    "database": database,
    "loop": loop,
    "batch": loop,
    "loop_set": loop_set,
    "break": stop,
    "continue": stop,
    "variable_assign": assign,
}
