"""Flowise's chatflows: a chain or an agent with a model, a memory, tools and documents hanging on it."""

import re

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import tool_title
from runtime.elsewhere._parts import FIELDS, Parts
from runtime.elsewhere._words import mapping, text_of
from runtime.elsewhere.flowise.texts import named
from runtime.lang import Text

MAINS = ("Chains", "Agents", "Engine", "Sequential Agents", "Multi Agents")
SINGLE = re.compile(r"\{\{?\s*([A-Za-z_][\w.]{0,80})\s*\}?\}")
PROMPT, PART = Text("提示词", "the prompt"), Text("「{title}」的一部分", "a part of {title!r}")
OPENAPI = Text(
    "接口描述不在文件里：用 OpenAPI 工具重新添加",
    "the description is not in the file: add it as an OpenAPI tool",
)
MODERATED = Text("请在设置里打开「敏感词」", "turn on words to avoid in the settings")
SQL = Text("没有数据库：用 HTTP 接口代替", "there are no databases: take an HTTP interface")
TEXTS = (
    "systemMessagePrompt",
    "systemMessage",
    "template",
    "humanMessagePrompt",
    "rephrasePrompt",
    "responsePrompt",
    "instructions",
)


def is_main(node: Node) -> bool:
    return node.data.get("category") in MAINS


def main(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    if "sql" in node.kind.lower() or "csv" in node.kind.lower():
        Parts(bring, mapping(data.get("")).get("parts") or []).lose(SQL)
        return Lost(SQL, ["output"])
    parts = Parts(bring, mapping(data.get("")).get("parts") or [])
    before = text_of(mapping(data.get("")).get("before"))
    came = bring.made[before].rest if before in bring.made else "message.text"
    system = [text_of(data.get(key)) for key in TEXTS if text_of(data.get(key)) and key != "rephrasePrompt"]
    user = ""
    more: Json = {}
    for part in list(parts.rest):
        if re.search("prompt", part.kind, re.IGNORECASE):
            system += [text_of(part.data.get(key)) for key in TEXTS[:3] if text_of(part.data.get(key))]
            user = text_of(part.data.get("humanMessagePrompt"))
            parts.tell(part, "became", PROMPT)
        elif re.search("parser", part.kind, re.IGNORECASE):
            parts.tell(part, "nearly", FIELDS, PART.fill(title=node.title))
        elif re.search("tool$|retrievertool|openapi|customtool", part.kind, re.IGNORECASE):
            parts.tell(part, "lost", ours=tool_title("openapi"), why=OPENAPI)
        elif re.search("moderation", part.kind, re.IGNORECASE):
            parts.tell(part, "lost", why=MODERATED)
        else:
            continue
        parts.rest.remove(part)
    parts.lose()
    more["tools"] = parts.search
    prompt = "\n\n".join(_words(bring, text, came) for text in system)
    input = _words(bring, user, came) if user else "{{ " + came + " }}"
    made = blocks.model(
        node, bring, prompt=prompt, input=input, memory=parts.memory, more=more, outputs=("output", "text")
    )
    made.rest = f"{made.id}.text"
    return made


def _words(bring: Bringing, text: str, came: str) -> str:
    """`{question}` and the like are what came; `{{…}}` are Flowise's."""

    def resolve(name: str) -> str | None:
        if name in ("question", "input", "text", "query", "user_input", "context", "chat_history"):
            return "''" if name in ("context", "chat_history") else came
        if "." in name or name in bring.made:
            return named(bring, name)
        return came

    return bring.words(text, SINGLE, resolve)
