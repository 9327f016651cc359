"""What Coze asks a person for."""

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._blocks import nothing
from runtime.elsewhere._bringing import Bringing, Made, Outcome, titled
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._names import plain
from runtime.elsewhere._words import literal, mapping, objects, text_of
from runtime.elsewhere.coze.texts import inputs, output_names, words
from runtime.lang import Text

ASKED_FOR = Text(
    "第一项输入就是对方的消息，其余的会问对方",
    "the first input is what the person writes, the rest is asked for",
)
QUERY = ("user_input", "query", "input", "question", "text", "content", "message")
BEGINS = Text("收到消息", "a message comes")


def start(node: Node, bring: Bringing) -> Outcome:
    outputs = objects(node.data.get("outputs"))
    given = mapping(node.data.get("node_outputs"))
    outputs = outputs or [{"name": name, **mapping(one)} for name, one in given.items()]
    texts = [one for one in outputs if text_of(one.get("type")) in ("string", "")]
    first = next(
        (one for one in texts if text_of(one.get("name")).lower() in QUERY), texts[0] if texts else None
    )
    found = {"USER_INPUT": "message.text", "CONVERSATION_NAME": "conversation.id"}
    if first is not None:
        found[text_of(first.get("name"))] = "message.text"
    rest = [one for one in outputs if text_of(one.get("name")) not in found]
    if not rest:
        return nothing(BEGINS, found)
    id = bring.id(node, "asked")
    fields: list[Json] = []
    for one in rest[:20]:
        name = text_of(one.get("name"))
        field = {"name": plain(name, "field"), "title": text_of(one.get("description") or name)[:200]}
        field |= {
            "type": {"integer": "number", "float": "number", "boolean": "yes_no"}.get(
                text_of(one.get("type")), "text"
            )
        }
        if not any(other["name"] == field["name"] for other in fields):
            fields.append({**field, "required": bool(one.get("required"))})
        found[name] = f"{id}.fields.{field['name']}"
    block = titled({"type": "ask", "id": id, "fields": fields, "heard": False}, node)
    return Made([block], block_title("ask"), found, "", id, nearly=ASKED_FOR)


def question(node: Node, bring: Bringing) -> Outcome:
    given = {**node.data, **mapping(node.data.get("inputs"))}
    own = inputs(node, bring)
    id = bring.id(node, "asked")
    asked = words(bring, given.get("question"), own)[:500]
    names = [
        name for name in output_names(node) if name not in ("optionId", "optionContent", "USER_RESPONSE")
    ]
    options = [
        text_of(one.get("name")) for one in objects(given.get("options")) if text_of(one.get("name")).strip()
    ]
    fields: list[Json] = [{"name": "answer", "title": node.title[:200], "question": asked}]
    if given.get("answer_type") == "option" and options:
        fields = [{**fields[0], "type": "choice", "choices": [one[:200] for one in options[:20]]}]
    fields += [
        one for one in blocks.fields([(name, "text", name, []) for name in names]) if one["name"] != "answer"
    ]
    block = titled(
        {"type": "ask", "id": id, "fields": fields, "heard": False, "model": "default" if names else ""}, node
    )
    outputs = dict.fromkeys(("USER_RESPONSE", "optionContent", "optionId"), f"{id}.fields.answer")
    outputs |= {name: f"{id}.fields.{plain(name, 'field')}" for name in names}
    if given.get("answer_type") != "option" or not options:
        return Made([block], block_title("ask"), outputs, "", id)
    cases = [(f"branch_{i}", one, f"{id}.fields.answer == {literal(one)}") for i, one in enumerate(options)]
    made = blocks.branch(node, bring, cases, "default")
    made.blocks.insert(0, block)
    made.outputs, made.ours = outputs, block_title("ask")
    return made


def receive(node: Node, bring: Bringing) -> Outcome:
    id = bring.id(node, "asked")
    names = output_names(node) or ["input"]
    fields = blocks.fields([(name, "text", name, []) for name in names])
    block = titled({"type": "ask", "id": id, "fields": fields, "heard": False}, node)
    return Made(
        [block],
        block_title("ask"),
        {n: f"{id}.fields.{f['name']}" for n, f in zip(names, fields, strict=False)},
        "",
        id,
    )
