"""n8n's nodes that ask a model, with what hangs on them."""

import json
from collections.abc import Mapping
from typing import Any

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._bringing import Bringing, Lost, Made, Outcome
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._http import settings_of
from runtime.elsewhere._losses import tool_title
from runtime.elsewhere._parts import FIELDS, Parts
from runtime.elsewhere._words import mapping, number, objects, shown, text_of
from runtime.elsewhere.n8n.texts import before, words
from runtime.lang import Text

DRAWS = Text("由「模型」页选的画图模型来画", "drawn by the model for pictures that the Models page names")
NO_SOUND = Text("声音由平台或「听语音的模型」处理", "sound is looked after by the “model for voice”")
OTHER_FLOW = Text(
    "它调用另一个工作流：一起导入后用「别的智能体」工具",
    "it calls another flow: import that, too, and use the tool “Another agent”",
)


def parts_of(node: Node, bring: Bringing) -> Parts:
    return Parts(bring, mapping(node.data.get("")).get("parts") or [])


def model(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    parts = parts_of(node, bring)
    if data.get("resource") in ("image", "audio", "file", "video"):
        parts.lose()
        return _other(node, bring)
    options = mapping(data.get("options"))
    system = [
        words(node, bring, one) for one in (options.get("systemMessage"), data.get("systemMessage")) if one
    ]
    said = objects(mapping(data.get("messages")).get("messageValues")) or objects(
        mapping(data.get("messages")).get("values")
    )
    said = said or objects(mapping(data.get("prompt")).get("messages"))
    user: list[str] = []
    for one in said:
        text = words(node, bring, one.get("message") or one.get("content"))
        (
            user
            if one.get("role", one.get("type", "system")) in ("user", "HumanMessagePromptTemplate")
            else system
        ).append(text)
    asked = words(node, bring, data.get("text") or data.get("query") or "")
    user += [asked] if asked and asked not in user else []
    came = bring.made.get(before(node))
    input = "\n\n".join(user) or shown((came.rest if came else "") or "message.text")
    more: Json = {"tools": [*parts.search, *_tools(node, bring, parts)]}
    heat = number(options.get("temperature"))
    more |= {"temperature": heat} if heat is not None and 0 <= heat <= 2 else {}
    if found := _parsed(bring, parts):
        more["fields"] = found
    parts.lose()
    name = _asked(data)
    made = blocks.model(
        node,
        bring,
        prompt="\n\n".join(system),
        input=input,
        memory=parts.memory,
        more=more,
        asked=name,
        outputs=("output", "text", "response", "content"),
    )
    made.rest = f"{made.id}.text"
    made.outputs = {**made.outputs, "message": f"{{'content': {made.id}.text}}"}
    if "fields" in more:
        made.outputs = {**made.outputs, "output": f"{made.id}.fields"}
    return made


def _asked(data: Mapping[str, Any]) -> str:
    """The model that it names."""
    plain = data.get("model") if isinstance(data.get("model"), str) else ""
    return text_of(mapping(data.get("modelId")).get("value") or plain)


def _other(node: Node, bring: Bringing) -> Outcome:

    if node.data.get("resource") == "image" and node.data.get("operation", "generate") != "analyze":
        prompt = words(node, bring, node.data.get("prompt"))
        return blocks.tool(
            node, bring, {"type": "image"}, {"prompt": prompt or "{{ message.text }}"}, why=DRAWS
        )
    if node.data.get("resource") == "image":
        return blocks.model(
            node, bring, prompt="", input=words(node, bring, node.data.get("text")), more={"images": True}
        )
    return Lost(NO_SOUND, ["text"])


def _tools(node: Node, bring: Bringing, parts: Parts) -> list[Json]:
    """Requests that the model may make."""
    made: list[Json] = []
    for part in list(parts.rest):
        if part.kind not in ("toolHttpRequest", "httpRequestTool"):
            if part.kind == "toolWorkflow":
                parts.rest.remove(part)
                parts.tell(part, "lost", why=OTHER_FLOW)
            continue
        url = words(part, bring, part.data.get("url")).replace("{{ message.text }}", "")
        body = text_of(part.data.get("jsonBody"))
        found = settings_of(method=text_of(part.data.get("method")) or "GET", url=url, headers={}, body=body)
        if isinstance(found, Text):
            continue
        named = "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in part.title)[
            :60
        ].strip("_")
        made.append(
            {
                **found,
                "name": named or "request",
                "description": text_of(part.data.get("toolDescription"))[:1000],
            }
        )
        parts.rest.remove(part)
        parts.tell(part, "became", tool_title("http_request"))
    return made


def _parsed(bring: Bringing, parts: Parts) -> list[Json]:
    """What an output parser asks for, as fields."""
    for part in list(parts.rest):
        if "outputParser" not in part.kind:
            continue
        parts.rest.remove(part)
        found = _schema(part.data)
        parts.tell(part, "became" if found else "nearly", FIELDS)
        if found:
            return blocks.fields(found)
    return []


def _schema(data: Mapping[str, Any]) -> list[tuple[str, str, str, list[Any]]]:

    for key in ("jsonSchemaExample", "inputSchema", "jsonSchema"):
        try:
            example = json.loads(text_of(data.get(key)))
        except (ValueError, RecursionError):
            continue
        example = example[0] if isinstance(example, list) and example else example
        properties = mapping(mapping(example).get("properties")) or mapping(example)
        kinds = {bool: "boolean", int: "number", float: "number", list: "array"}
        return [
            (
                name,
                text_of(mapping(one).get("type")) or kinds.get(type(one), "string"),
                text_of(mapping(one).get("description")),
                [],
            )
            for name, one in properties.items()
        ]
    return []


def classifier(node: Node, bring: Bringing) -> Outcome:
    parts = parts_of(node, bring)
    parts.lose()
    data = node.data
    found = objects(mapping(data.get("categories")).get("categories"))
    intents = [
        (str(i), f"{text_of(one.get('category'))}：{text_of(one.get('description'))}".strip("："))
        for i, one in enumerate(found)
    ]
    if node.kind == "sentimentAnalysis":
        named = text_of(mapping(data.get("options")).get("categories")) or "Positive, Neutral, Negative"
        intents = [(str(i), one.strip()) for i, one in enumerate(named.split(","))]
    if mapping(data.get("options")).get("fallback") == "other":
        intents.append((str(len(intents)), "其他 / other"))
    made = blocks.classify(node, bring, intents, input=words(node, bring, data.get("inputText")))
    return made


def extractor(node: Node, bring: Bringing) -> Outcome:
    parts = parts_of(node, bring)
    parts.lose()
    data = node.data
    wanted: list[tuple[str, str, str, list[Any]]] = [
        (text_of(one.get("name")), text_of(one.get("type")), text_of(one.get("description")), [])
        for one in objects(mapping(data.get("attributes")).get("attributes"))
    ] or _schema(data)
    made: Made = blocks.extract(node, bring, wanted, words(node, bring, data.get("text")))
    made.outputs = {**made.outputs, "output": f"{made.id}.fields"}
    return made
