"""What Dify asks a person for: the form before a flow, and in the middle of it."""

from collections.abc import Mapping
from typing import Any

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._blocks import nothing
from runtime.elsewhere._bringing import Bringing, Made, Outcome, titled
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._names import plain
from runtime.elsewhere._words import listing, literal, objects, text_of
from runtime.elsewhere.dify.texts import words
from runtime.lang import NOTHING, Text

BEGINS = Text("收到消息", "a message comes")
FORM = Text(
    "开始前的表单：第一段文字就是对方的消息，其余的会问对方",
    "its form: the first text is what the person writes, the rest is asked for",
)
SET_ONCE = Text(
    "对话前填的表单改成了变量，由您填一次；要问每个人，请用「询问」",
    "the form before a chat became variables that you set once; to ask each person use “Ask”",
)
FILE = ("file", "file-list", "files")
TEXTS = ("text-input", "paragraph", "string", "text", "")
QUERY = ("query", "question", "input", "text", "content", "message", "user_input", "topic", "prompt")


def start(node: Node, bring: Bringing) -> Outcome:
    variables = objects(node.data.get("variables"))
    if bring.known.pop("mode", "") != "workflow":
        outputs = {text_of(one.get("variable")): as_variable(one, bring) for one in variables}
        return nothing(BEGINS, outputs, "", SET_ONCE if variables else NOTHING)
    files = {text_of(one.get("variable")): "message.files" for one in variables if one.get("type") in FILE}
    rest = [one for one in variables if one.get("type") not in FILE]
    texts = [one for one in rest if text_of(one.get("type")) in TEXTS]
    first = next(
        (one for one in texts if text_of(one.get("variable")).lower() in QUERY), texts[0] if texts else None
    )
    outputs = {**files}
    if first is not None:
        outputs[text_of(first.get("variable"))] = "message.text"
    rest = [one for one in rest if one is not first]
    if not rest:
        return nothing(BEGINS, outputs)
    return ask(node, bring, rest, outputs)


def as_variable(one: Mapping[str, Any], bring: Bringing) -> str:
    if one.get("type") in FILE:
        return "message.files"
    name = text_of(one.get("variable"))
    return bring.variable(name, text_of(one.get("default")), text_of(one.get("label")))


def ask(node: Node, bring: Bringing, wanted: list[Mapping[str, Any]], outputs: Mapping[str, str]) -> Made:
    """An “Ask” for these."""
    id = bring.id(node, "asked")
    fields: list[Json] = []
    found = dict(outputs)
    for one in wanted[:20]:
        name = text_of(one.get("variable") or one.get("output_variable_name"))
        ours = plain(name, "field")
        while any(field["name"] == ours for field in fields):
            ours += "_"
        field: Json = {"name": ours, "title": (text_of(one.get("label")) or name)[:200]}
        options = [text_of(option) for option in listing(one.get("options"))]
        if options:
            field |= {"type": "choice", "choices": options[:50]}
        elif one.get("type") == "number":
            field["type"] = "number"
        elif one.get("type") == "checkbox":
            field["type"] = "yes_no"
        if one.get("required") is False:
            field["required"] = False
        fields.append(field)
        found[name] = f"{id}.fields.{ours}"
    block = titled({"type": "ask", "id": id, "fields": fields, "heard": False}, node)
    return Made([block], block_title("ask"), found, "", id, nearly=FORM)


def human(node: Node, bring: Bringing) -> Outcome:
    """A form that somebody fills in, with buttons that each lead on."""
    data = node.data
    actions = objects(data.get("user_actions"))
    question = words(bring, data.get("form_content") or data.get("title")).strip() or node.title or "?"
    id = bring.id(node, "choice")
    choices = [text_of(one.get("title") or one.get("id")) for one in actions] or ["OK"]
    field = {
        "name": "action",
        "title": node.title[:200],
        "type": "choice",
        "choices": choices,
        "question": "",
    }
    block = titled(
        {"type": "ask", "id": id, "text": question[:2000], "fields": [field], "heard": False}, node
    )
    handles = [text_of(one.get("id")) for one in actions]
    if len(handles) < 2:
        return Made([block], block_title("ask"), {}, f"{id}.fields", id, nearly=FORM)
    cases = [
        (handle, title, f"{id}.fields.action == {literal(title)}")
        for handle, title in zip(handles, choices, strict=False)
    ]
    made = blocks.branch(node, bring, cases, "__timeout")
    made.blocks.insert(0, block)
    made.ours, made.nearly = block_title("ask"), FORM
    made.outputs, made.rest = {"action": f"{id}.fields.action"}, f"{id}.fields"
    return made
