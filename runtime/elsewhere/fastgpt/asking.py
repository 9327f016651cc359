"""What FastGPT is given and asks for."""

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._blocks import nothing
from runtime.elsewhere._bringing import Bringing, Made, Outcome, titled
from runtime.elsewhere._graph import Node
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._words import literal, mapping, objects, text_of
from runtime.elsewhere.fastgpt.texts import outputs_of, words
from runtime.lang import Text

BEGINS, SYSTEM = Text("收到消息", "a message comes"), Text("智能体的设置", "the agent's settings")


def start(node: Node, bring: Bringing) -> Outcome:
    given = {"userChatInput": "message.text", "userFiles": "message.files"}
    for one in objects(mapping(node.data.get("")).get("inputs")):
        key = text_of(one.get("key"))
        if node.kind == "pluginInput" and key:
            given[key] = (
                "message.text" if len(given) == 2 else bring.variable(key, text_of(one.get("defaultValue")))
            )
    return nothing(BEGINS, outputs_of(node, given), "message.text")


def select(node: Node, bring: Bringing) -> Outcome:
    options = objects(node.data.get("userSelectOptions"))
    id = bring.id(node, "choice")
    choices = [text_of(one.get("value"))[:200] for one in options if text_of(one.get("value")).strip()] or [
        "OK"
    ]
    field = {
        "name": "choice",
        "type": "choice",
        "choices": choices,
        "question": words(node, bring, node.data.get("description"))[:500],
    }
    block = titled({"type": "ask", "id": id, "fields": [field], "heard": False}, node)
    cases = [
        (
            text_of(one.get("key")),
            text_of(one.get("value")),
            f"{id}.fields.choice == {literal(text_of(one.get('value')))}",
        )
        for one in options
    ]
    if not cases:
        return Made([block], block_title("ask"), {}, f"{id}.fields", id)
    made = blocks.branch(node, bring, cases, "__none")
    made.blocks.insert(0, block)
    made.ours, made.outputs = block_title("ask"), outputs_of(node, {"selectResult": f"{id}.fields.choice"})
    return made


def form(node: Node, bring: Bringing) -> Outcome:
    found = objects(node.data.get("userInputForms"))
    fields = blocks.fields(
        [
            (text_of(one.get("key")), text_of(one.get("valueType")), text_of(one.get("label")), [])
            for one in found
        ]
    )
    id = bring.id(node, "asked")
    text = words(node, bring, node.data.get("description"))[:2000]
    block = titled(
        {"type": "ask", "id": id, "text": text, "fields": fields or [{"name": "answer"}], "heard": False},
        node,
    )
    outputs = {
        text_of(one.get("key")): f"{id}.fields.{field['name']}"
        for one, field in zip(found, fields, strict=False)
    }
    return Made([block], block_title("ask"), outputs_of(node, outputs), f"{id}.fields", id)
