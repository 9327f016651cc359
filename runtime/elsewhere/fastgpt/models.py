"""FastGPT's nodes that ask a model."""

import re

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._alike import like
from runtime.elsewhere._bringing import Bringing, Outcome
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._http import settings_of
from runtime.elsewhere._losses import Row, tool_title
from runtime.elsewhere._names import plain
from runtime.elsewhere._words import mapping, number, objects, shown, text_of
from runtime.elsewhere.fastgpt.texts import outputs_of, selected, words
from runtime.lang import Text

OTHER_FLOW = Text(
    "它调用插件或别的应用「{name}」，不在文件里",
    "it calls the plugin or app {name!r}, which is not in the file",
)


def chat(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    prompt = words(node, bring, data.get("systemPrompt"))
    if (quote := selected(bring, data.get("quoteQA"))) is not None:
        prompt += f"\n\n{shown(quote)}"
    more: Json = {"tools": _tools(node, bring)}
    if longest := number(data.get("maxToken")):
        more["max_tokens"] = max(1, min(100_000, int(longest)))
    memory = data.get("history") not in (0, "0", None, [])
    found = blocks.model(
        node,
        bring,
        prompt=prompt,
        input=words(node, bring, data.get("userChatInput")),
        memory=memory,
        more=more,
        asked=text_of(data.get("model")),
        outputs=("answerText",),
    )
    found.outputs = outputs_of(node, {**found.outputs, "history": "conversation.history"})
    if data.get("isResponseAnswerText", True) is not False:
        say = {"type": "reply", "id": bring.names.free("say", "say"), "text": f"{{{{ {found.id}.text }}}}"}
        found.blocks.append(say)
    return found


def _tools(node: Node, bring: Bringing) -> list[Json]:
    """What hangs on it as tools: requests, and what we have."""
    made: list[Json] = []
    rows = bring.report.rows
    for one in mapping(node.data.get("")).get("tools", [])[:20]:
        if one.kind == "httpRequest468":
            found = settings_of(
                method=text_of(one.data.get("system_httpMethod")),
                headers={},
                url=text_of(one.data.get("system_httpReqUrl")),
                query=_asked(one),
            )
            if not isinstance(found, Text):
                made.append({**found, "name": f"request_{len(made)}", "description": one.title})
                rows.append(Row(one.title, one.kind, "became", tool_title("http_request")))
                continue
        if one.kind == "datasetSearchNode":
            made.append({"type": "search_knowledge", "bases": [bring.base(one.title)]})
            rows.append(
                Row(
                    one.title,
                    one.kind,
                    "nearly",
                    tool_title("search_knowledge"),
                    blocks.BASES.fill(bases=one.title),
                )
            )
        elif known := like(one.title):
            made.append({"type": known[0]})
            rows.append(Row(one.title, one.kind, "nearly", tool_title(known[0]), known[1]))
        else:
            rows.append(Row(one.title, one.kind, "lost", why=OTHER_FLOW.fill(name=one.title[:60])))
    return made


def _asked(one: Node) -> dict[str, str]:
    found = {}
    for each in objects(one.data.get("system_httpParams")):
        name, given = text_of(each.get("key")), text_of(each.get("value"))
        only = re.fullmatch(r"\{\{(\w+)\}\}", given)
        found[name] = f"{{{{ {plain(only[1], 'x')} }}}}" if only else given
    return found


def classify(node: Node, bring: Bringing) -> Outcome:
    found = objects(node.data.get("agents"))
    intents = [(text_of(one.get("key")), text_of(one.get("value"))) for one in found]
    made = blocks.classify(
        node,
        bring,
        intents,
        input=words(node, bring, node.data.get("userChatInput")),
        hint=words(node, bring, node.data.get("systemPrompt")),
    )
    made.outputs = outputs_of(node, {"cqResult": f"{made.id}.intent"})
    return made


def extract(node: Node, bring: Bringing) -> Outcome:
    found = objects(node.data.get("extractKeys"))
    wanted = [
        (
            text_of(one.get("key")),
            text_of(one.get("valueType") or one.get("type")),
            text_of(one.get("desc")),
            [each for each in text_of(one.get("enum")).split("\n") if each.strip()],
        )
        for one in found
    ]
    made = blocks.extract(node, bring, wanted, words(node, bring, node.data.get("content")))
    made.outputs = outputs_of(
        node, {**made.outputs, "fields": f"{made.id}.fields|tojson", "success": f"(not {made.id}.missing)"}
    )
    return made
