"""Flowise's texts: a little HTML around `{{ variables }}`."""

import html
import re
from typing import Any

from runtime.elsewhere._bringing import Bringing
from runtime.elsewhere._names import plain
from runtime.elsewhere._words import text_of
from runtime.person import FIELDS

BRACES = re.compile(r"\{\{\s*+([^{}]{1,200}?)\s*+\}\}")
SYSTEM = {
    "question": "message.text",
    "chat_history": "conversation.history",
    "current_date_time": "now",
    "runtime_messages_length": "conversation.history|length",
    "$input": "message.text",
    "sessionId": "conversation.id",
    "$flow.chatId": "conversation.id",
    "$flow.sessionId": "conversation.id",
    "file_attachment": "message.files",
    "loop_count": "0",
    "$iteration": "item",
}


def words(bring: Bringing, given: Any) -> str:
    """As a template of ours."""
    text = re.sub(r"</p>\s*<p>|<br\s*/?>", "\n", text_of(given))
    text = html.unescape(re.sub(r"</?(?:p|span|strong|em|ul|ol|li|h\d|code|pre)\b[^>]*>", "", text))
    return bring.words(text, BRACES, lambda name: named(bring, name))


def named(bring: Bringing, name: str) -> str | None:
    if name in SYSTEM:
        return SYSTEM[name]
    if name.startswith("$flow.state."):
        return state(bring, name.removeprefix("$flow.state."))
    if name.startswith("$form.") or name.startswith("$vars."):
        return bring.known.get(name) or form(bring, name)
    head, _, rest = name.partition(".")
    if head == "$iteration":
        return "item" + (f".{rest}" if rest.isidentifier() else "")
    for id in (head, head.replace("-", "_")):
        if id in bring.made:
            return bring.ref(
                id, [step for step in rest.split(".") if step and step not in ("output", "content")]
            )
    return bring.named(name)


def form(bring: Bringing, name: str) -> str:
    """What a form or the workspace gave is a variable here."""
    bring.known[name] = bring.variable(name.split(".", 1)[1])
    return bring.known[name]


def state(bring: Bringing, name: str) -> str:
    """A value of the flow's state, which is kept of the person here."""

    ours = plain(name, "state")
    ours = f"{ours}_" if ours in FIELDS else ours
    if not any(one["name"] == ours for one in bring.person):
        bring.person.append({"name": ours, "type": "text"})
    return f"person.{ours}"
