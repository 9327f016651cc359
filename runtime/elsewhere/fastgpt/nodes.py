"""FastGPT's nodes, each as blocks of ours."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._blocks import nothing
from runtime.elsewhere._bringing import Bringing, Lost, Made, Outcome, titled
from runtime.elsewhere._conditions import Code, all_of, compared
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._http import request
from runtime.elsewhere._javascript import javascript
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._names import plain
from runtime.elsewhere._python import python
from runtime.elsewhere._weave import woven_inside
from runtime.elsewhere._words import mapping, objects, shown, text_of
from runtime.elsewhere.fastgpt.asking import BEGINS, SYSTEM, form, select, start
from runtime.elsewhere.fastgpt.models import OTHER_FLOW, chat, classify, extract
from runtime.elsewhere.fastgpt.texts import expression, outputs_of, selected, words
from runtime.lang import Text

UNSEEN = ("userGuide", "systemConfig", "pluginConfig", "comment")
FILES = Text("对方发来的文件大模型自己看得到", "the model sees files that came by itself")
ENDS = Text("流程结束", "the end of the flow")
SIGNS = {
    "equalTo": "is",
    "notEqual": "is not",
    "include": "contains",
    "notInclude": "not contains",
    "isEmpty": "empty",
    "isNotEmpty": "not empty",
    "startWith": "start with",
    "endWith": "end with",
    "greaterThan": ">",
    "lessThan": "<",
    "greaterThanOrEqualTo": "≥",
    "lessThanOrEqualTo": "≤",
    "lengthGreaterThan": "longer",
    "lengthLessThan": "shorter",
}


def system(node: Node, bring: Bringing) -> Outcome:
    return nothing(SYSTEM)


def dataset(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    titles = [text_of(one.get("name")) for one in objects(data.get("datasets")) if one.get("name")] or [
        node.title
    ]
    made = blocks.knowledge(
        node, bring, titles, words(node, bring, data.get("userChatInput")), None, ["quoteQA"]
    )
    made.outputs = outputs_of(node, made.outputs)
    return made


def answer(node: Node, bring: Bringing) -> Outcome:
    return blocks.reply(node, bring, words(node, bring, node.data.get("text")))


def if_else(node: Node, bring: Bringing) -> Outcome:
    cases = []
    for i, one in enumerate(objects(node.data.get("ifElseList"))):
        found = [_compared(bring, each) for each in objects(one.get("list"))]
        title = "IF" if i == 0 else f"ELSE IF {i}"
        cases.append((title, "", all_of(found, "or" if one.get("condition") == "OR" else "and")))
    return blocks.branch(node, bring, cases, "ELSE")


def _compared(bring: Bringing, one: Mapping[str, Any]) -> str:
    left = selected(bring, one.get("variable"))
    if left is None:
        return "false"
    given = one.get("value")
    right: Any = Code(expression(bring, given)) if isinstance(given, list) else text_of(given)
    sign = SIGNS.get(text_of(one.get("condition")), "")
    if right in ("true", "false") and sign in ("is", "is not"):
        return compared(left, "true" if (right == "true") == (sign == "is") else "false") or "false"
    made = compared(left, sign, right)
    if made is None:
        bring.named(f"{left} {one.get('condition')}")
    return made or "false"


def code(node: Node, bring: Bringing) -> Outcome:
    keys = list(mapping(mapping(node.data.get("")).get("outputs")).values())
    own = {
        key: shown(expression(bring, one))
        for key, one in node.data.items()
        if key and key not in ("codeType", "code", "system_addInputParam", "codeLog")
    }
    source = text_of(node.data.get("code"))
    if text_of(node.data.get("codeType")) in ("py", "python"):
        made = python(node, bring, source, own, outputs=keys, call="main({given})")
    else:
        made = javascript(node, bring, source, own, outputs=keys)
    if isinstance(made, Made):
        made.outputs = outputs_of(node, made.outputs)
    return made


def http(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    headers = {
        text_of(one.get("key")): words(node, bring, one.get("value"))
        for one in objects(data.get("system_httpHeader"))
    }
    query = {
        text_of(one.get("key")): words(node, bring, one.get("value"))
        for one in objects(data.get("system_httpParams"))
    }
    made = request(
        node,
        bring,
        method=text_of(data.get("system_httpMethod")),
        url=words(node, bring, data.get("system_httpReqUrl")),
        headers=headers,
        query=query,
        body=words(node, bring, data.get("system_httpJsonBody")),
    )
    if isinstance(made, Made):
        ids = mapping(mapping(data.get("")).get("outputs"))
        keys = {
            key: f"{made.id}.result.body.{key}"
            for key in ids.values()
            if re.fullmatch(r"[A-Za-z]\w*", text_of(key))
        }
        made.outputs = outputs_of(node, {**keys, **made.outputs})
    return made


def editor(node: Node, bring: Bringing) -> Outcome:
    made = blocks.values(
        node, bring, {"system_text": words(node, bring, node.data.get("system_textareaInput"))}
    )
    made.outputs = outputs_of(node, made.outputs)
    return made


def files(node: Node, bring: Bringing) -> Outcome:
    return nothing(FILES, outputs_of(node, {"system_text": "''", "system_rawResponse": "''"}), "''", FILES)


def assign(node: Node, bring: Bringing) -> Outcome:
    values: dict[str, str] = {}
    for one in objects(node.data.get("updateList")):
        target = one.get("variable")
        name = text_of(target[1]) if isinstance(target, list) and len(target) == 2 else ""
        given = one.get("value")
        given = given[1] if isinstance(given, list) and len(given) == 2 and given[0] == "" else given
        if name:
            ours = plain(name, "kept")
            if not any(each["name"] == ours for each in bring.person):
                bring.person.append({"name": ours, "type": "text"})
            bring.known[f"VARIABLE_NODE_ID.{name}"] = bring.known[name] = f"person.{ours}"
            values[f"person.{ours}"] = expression(bring, given)
    if not values:
        return nothing(ENDS)
    id = bring.id(node, "kept")
    return Made([titled({"type": "set", "id": id, "values": values}, node)], block_title("set"), {}, "", id)


def loop(node: Node, bring: Bringing) -> Outcome:
    id = bring.id(node, "each")
    over = expression(bring, node.data.get("loopInputArray"))
    flow = woven_inside(node, bring)
    ends = [one for one in (node.inside.nodes if node.inside else []) if one.kind == "loopEnd"]
    collect = expression(bring, ends[0].data.get("loopEndInput")) if ends else ""
    block: Json = {"type": "repeat", "id": id, "over": shown(over), "flow": flow, "most": 100}
    block |= {"collect": shown(collect)} if collect else {}
    return Made(
        [titled(block, node)],
        block_title("repeat"),
        outputs_of(node, {"loopArray": f"{id}.items"}),
        f"{id}.items",
        id,
    )


def loop_start(node: Node, bring: Bringing) -> Outcome:
    return nothing(
        BEGINS, outputs_of(node, {"loopStartInput": "item", "loopStartIndex": "(index - 1)"}), "item"
    )


def end(node: Node, bring: Bringing) -> Outcome:
    own = [(key, one) for key, one in node.data.items() if key and isinstance(one, list)]
    if node.kind != "pluginOutput" or not own:
        return nothing(ENDS)
    return blocks.reply(node, bring, "\n\n".join(shown(expression(bring, one)) for _, one in own))


def other(node: Node, bring: Bringing) -> Outcome:
    return Lost(OTHER_FLOW.fill(name=node.title[:60]), ["answerText"])


KINDS: dict[str, Callable[[Node, Bringing], Outcome]] = {
    "workflowStart": start,
    "pluginInput": start,
    "questionInput": start,
    "chatNode": chat,
    "tools": chat,
    "toolCall": chat,
    "classifyQuestion": classify,
    "contentExtract": extract,
    "datasetSearchNode": dataset,
    "datasetConcatNode": lambda node, bring: nothing(FILES, outputs_of(node, {"quoteQA": _all(node, bring)})),
    "answerNode": answer,
    "ifElseNode": if_else,
    "code": code,
    "httpRequest468": http,
    "textEditor": editor,
    "readFiles": files,
    "variableUpdate": assign,
    "loop": loop,
    "loopStart": loop_start,
    "loopEnd": end,
    "userSelect": select,
    "formInput": form,
    "pluginOutput": end,
    "stopTool": end,
    "toolParams": end,
    "cfr": lambda n, b: _same(n, b),
    "pluginModule": other,
    "appModule": other,
    "app": other,
    "lafModule": other,
    **dict.fromkeys(UNSEEN, system),
}


def _same(node: Node, bring: Bringing) -> Outcome:
    """A question that was completed: our models see the conversation."""
    return nothing(
        FILES, outputs_of(node, {"system_text": expression(bring, node.data.get("userChatInput"))})
    )


def _all(node: Node, bring: Bringing) -> str:
    found = [
        expression(bring, one)
        for key, one in node.data.items()
        if key and isinstance(one, list) and len(one) == 2
    ]
    return " ~ ".join(found) or "''"
