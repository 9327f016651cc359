"""Flowise's agentflow nodes, each as blocks of ours."""

from collections.abc import Callable, Mapping
from typing import Any

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._alike import ASKED, like
from runtime.elsewhere._blocks import nothing
from runtime.elsewhere._bringing import Bringing, Lost, Made, Outcome, titled
from runtime.elsewhere._conditions import all_of, compared
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._http import request
from runtime.elsewhere._losses import block_title, tool_title
from runtime.elsewhere._parts import Parts
from runtime.elsewhere._python import NO_PYTHON
from runtime.elsewhere._weave import woven_inside
from runtime.elsewhere._words import literal, mapping, objects, text_of
from runtime.elsewhere.flowise.first import BEGINS, sequential, started
from runtime.elsewhere.flowise.texts import state, words
from runtime.lang import Text

NO_TOOL_OF = Text("没有和「{name}」对应的工具", "there is no tool like {name!r}")
OTHER_FLOW = Text(
    "它调用另一个流程：一起导入后用「别的智能体」",
    "it calls another flow: import that, too, and use “Another agent”",
)
LOOPS = Text(
    "回到前面的节点：要重复做，请放进「重复」里",
    "it goes back to an earlier node: put what is repeated into a “Repeat”",
)
JAVASCRIPT = Text("条件是 JavaScript 写的", "its condition is JavaScript")
ENDS = Text("流程结束", "the end of the flow")
DECIDES = Text("问对方同不同意", "asks whether it is all right")
SIGNS = {
    "equal": "is",
    "notEqual": "is not",
    "contains": "contains",
    "notContains": "not contains",
    "isEmpty": "empty",
    "notEmpty": "not empty",
    "startsWith": "start with",
    "endsWith": "end with",
    "larger": ">",
    "largerEqual": "≥",
    "smaller": "<",
    "smallerEqual": "≤",
}


def start(node: Node, bring: Bringing) -> Outcome:
    for one in objects(node.data.get("startState")):
        state(bring, text_of(one.get("key")))
    found = objects(node.data.get("formInputTypes"))
    if node.data.get("startInputType") != "formInput" or not found:
        return nothing(BEGINS, {}, "message.text")
    id = bring.id(node, "asked")
    fields = blocks.fields(
        [(text_of(one.get("name")), text_of(one.get("type")), text_of(one.get("label")), []) for one in found]
    )
    block = titled({"type": "ask", "id": id, "fields": fields[:20], "heard": False}, node)
    for one, field in zip(found, fields, strict=False):
        bring.known[f"$form.{text_of(one.get('name'))}"] = f"{id}.fields.{field['name']}"
    return Made([block], block_title("ask"), {}, f"{id}.text", id)


def asks(prefix: str) -> Callable[[Node, Bringing], Outcome]:
    """A node that asks a model, whose settings all begin with that."""

    def made(node: Node, bring: Bringing) -> Outcome:
        data = node.data
        said = objects(data.get(f"{prefix}Messages"))
        system = [
            words(bring, one.get("content")) for one in said if one.get("role") in ("system", "developer")
        ]
        rest = [words(bring, one.get("content")) for one in said if one.get("role") == "user"]
        user = words(bring, data.get(f"{prefix}UserMessage")) or "\n\n".join(rest)
        if not user.strip():
            user = "{{ message.text }}"
        parts = Parts(bring, mapping(data.get("")).get("parts") or [])
        parts.lose()
        more: Json = {"tools": [*parts.search, *_tools(bring, objects(data.get(f"{prefix}Tools")))]}
        if stores := objects(data.get(f"{prefix}KnowledgeDocumentStores")):
            bases = [bring.base(text_of(one.get("documentStore")).rsplit(":", 1)[-1]) for one in stores]
            more["tools"].append({"type": "search_knowledge", "bases": list(dict.fromkeys(bases))})
        if structured := objects(data.get(f"{prefix}StructuredOutput")):
            more["fields"] = blocks.fields(
                [
                    (text_of(one.get("key")), _kind(one), text_of(one.get("description")), _choices(one))
                    for one in structured
                ]
            )
        memory = data.get(f"{prefix}EnableMemory") is True
        found = blocks.model(
            node,
            bring,
            prompt="\n\n".join(system),
            input=user,
            memory=memory,
            more=more,
            asked=text_of(data.get(f"{prefix}Model")),
            outputs=("output", "content"),
        )
        found.rest = f"{found.id}.fields" if structured else f"{found.id}.text"
        return _updating(found, node, bring, prefix)

    return made


def _kind(one: Mapping[str, Any]) -> str:
    return {"stringArray": "array", "jsonArray": "array"}.get(
        text_of(one.get("type")), text_of(one.get("type"))
    )


def _choices(one: Mapping[str, Any]) -> list[Any]:
    return [each.strip() for each in text_of(one.get("enumValues")).split(",") if each.strip()]


def _updating(made: Made, node: Node, bring: Bringing, prefix: str) -> Made:
    """What it puts into the flow's state."""
    bring.made[node.id] = made
    values: dict[str, str] = {}
    for one in objects(node.data.get(f"{prefix}UpdateState")):
        inner = words(bring, one.get("value")).strip()
        source = (
            inner[2:-2].strip()
            if inner.startswith("{{") and inner.count("{{") == 1 and inner.endswith("}}")
            else ""
        )
        values[state(bring, text_of(one.get("key")))] = (
            source if source not in ("", "output") else f"{made.rest}"
        )
    if values:
        made.blocks.append(
            {"type": "set", "id": bring.names.free(f"{made.id}_kept", "kept"), "values": values}
        )
    return made


def _tools(bring: Bringing, tools: list[Mapping[str, Any]]) -> list[Json]:
    found: list[Json] = []
    for one in tools:
        name = text_of(one.get("agentSelectedTool") or one.get("llmSelectedTool"))
        ours = like(name)
        if ours is None:
            bring.report.tell(name, "tool", "lost", why=NO_TOOL_OF.fill(name=name[:60]))
            continue
        if not any(each["type"] == ours[0] for each in found):
            found.append({"type": ours[0]})
        bring.report.tell(
            name, "tool", "nearly" if ours[1].en else "became", ours=tool_title(ours[0]), why=ours[1]
        )
    return found


def classify(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    found = objects(data.get("conditionAgentScenarios"))
    intents = [(str(i), text_of(one.get("scenario"))) for i, one in enumerate(found)]
    return blocks.classify(
        node,
        bring,
        intents,
        input=words(bring, data.get("conditionAgentInput")),
        hint=words(bring, data.get("conditionAgentInstructions")),
    )


def branch(node: Node, bring: Bringing) -> Outcome:
    cases = []
    found = objects(node.data.get("conditions"))
    for i, one in enumerate(found):
        left, right = words(bring, one.get("value1")).strip(), words(bring, one.get("value2")).strip()
        source = left[2:-2].strip() if left.startswith("{{") and left.endswith("}}") else literal(left)
        sign = SIGNS.get(text_of(one.get("operation")), text_of(one.get("operation")))
        if one.get("type") == "number":
            sign = {"is": "=", "is not": "≠"}.get(sign, sign)
        cases.append((str(i), "", compared(source, sign, right) or "false"))
    return blocks.branch(node, bring, cases or [("0", "", all_of([]))], str(len(found)))


def human(node: Node, bring: Bringing) -> Outcome:
    id = bring.id(node, "sure")
    question = words(bring, node.data.get("humanInputDescription"))[:500] or node.title
    field = {"name": "yes", "title": node.title[:200], "type": "yes_no", "question": question}
    block = titled({"type": "ask", "id": id, "fields": [field], "heard": False}, node)
    made = blocks.branch(node, bring, [("0", "proceed", f"{id}.fields.yes")], "1", DECIDES)
    made.blocks.insert(0, block)
    made.ours, made.nearly = block_title("ask"), DECIDES
    return made


def http(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    headers = {
        text_of(one.get("key")): words(bring, one.get("value")) for one in objects(data.get("headers"))
    }
    query = {
        text_of(one.get("key")): words(bring, one.get("value")) for one in objects(data.get("queryParams"))
    }
    body = words(bring, data.get("body")) if isinstance(data.get("body"), str) else ""
    return request(
        node,
        bring,
        method=text_of(data.get("method")),
        url=words(bring, data.get("url")),
        headers=headers,
        query=query,
        body=body,
    )


def tool(node: Node, bring: Bringing) -> Outcome:
    name = text_of(node.data.get("toolAgentflowSelectedTool"))
    found = like(name)
    if found is None:
        return Lost(NO_TOOL_OF.fill(name=name[:60]), ["output"])
    given = {
        text_of(one.get("inputArgName")): words(bring, one.get("inputArgValue"))
        for one in objects(node.data.get("toolInputArgs"))
    }
    arguments = (
        {ASKED[found[0]]: next(iter(given.values()), "{{ message.text }}")} if found[0] in ASKED else {}
    )
    return blocks.tool(
        node, bring, {"type": found[0]}, arguments, outputs={"output": "{id}.result"}, why=found[1]
    )


def retriever(node: Node, bring: Bringing) -> Outcome:
    stores = objects(node.data.get("retrieverKnowledgeDocumentStores"))
    titles = [text_of(one.get("documentStore")).rsplit(":", 1)[-1] for one in stores] or ["documents"]
    made = blocks.knowledge(
        node, bring, titles, words(bring, node.data.get("retrieverQuery")), None, ["output"]
    )
    return _updating(made, node, bring, "retriever")


def reply(node: Node, bring: Bringing) -> Outcome:
    return blocks.reply(node, bring, words(bring, node.data.get("directReplyMessage")))


def iteration(node: Node, bring: Bringing) -> Outcome:
    id = bring.id(node, "each")
    given = words(bring, node.data.get("iterationInput")).strip()
    flow = woven_inside(node, bring)
    block = titled({"type": "repeat", "id": id, "over": given or "[]", "flow": flow, "most": 100}, node)
    return Made([block], block_title("repeat"), {"output": f"{id}.items"}, f"{id}.items", id)


def note(node: Node, bring: Bringing) -> Outcome:
    return blocks.comment(node, bring, text_of(node.data.get("note")))


def end(node: Node, bring: Bringing) -> Outcome:
    return nothing(ENDS)


def lost(why: Text) -> Callable[[Node, Bringing], Outcome]:
    return lambda node, bring: Lost(why, ["output"])


KINDS: dict[str, Callable[[Node, Bringing], Outcome]] = {
    "startAgentflow": start,
    "llmAgentflow": asks("llm"),
    "agentAgentflow": asks("agent"),
    "conditionAgentAgentflow": classify,
    "conditionAgentflow": branch,
    "humanInputAgentflow": human,
    "httpAgentflow": http,
    "toolAgentflow": tool,
    "retrieverAgentflow": retriever,
    "directReplyAgentflow": reply,
    "iterationAgentflow": iteration,
    "stickyNoteAgentflow": note,
    "stickyNote": note,
    "loopAgentflow": lost(LOOPS),
    "customFunctionAgentflow": lost(NO_PYTHON.fill(language="JavaScript")),
    "executeFlowAgentflow": lost(OTHER_FLOW),
    "seqStart": lambda node, bring: started(node, bring),
    "seqEnd": end,
    "seqState": end,
    "seqAgent": sequential,
    "seqLLMNode": sequential,
    "worker": sequential,
    "supervisor": sequential,
    "seqToolNode": end,
    "seqLoop": lost(LOOPS),
    "seqCondition": lost(JAVASCRIPT),
    "seqConditionAgent": lost(JAVASCRIPT),
    "customFunction": lost(NO_PYTHON.fill(language="JavaScript")),
}
