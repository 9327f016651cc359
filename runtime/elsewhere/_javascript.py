"""Programs in JavaScript: translated into Python by rules where that is certain, else kept to be read."""

import re
from collections.abc import Mapping, Sequence

from runtime.elsewhere._bringing import Bringing, Lost, Made, Outcome, titled
from runtime.elsewhere._graph import Node
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._names import plain
from runtime.elsewhere._python import LONGEST, TOO_LONG
from runtime.javascript import Unknown, translated
from runtime.lang import Text, as_it_is

TRANSLATED = Text(
    "从 JavaScript 按规则翻译成了 Python，请试一试",
    "its JavaScript became Python by rules: try it",
)
NOT_KNOWN = Text(
    "JavaScript 里的 {what} 翻译不了：代码留在备注里",
    "its JavaScript has {what}, which is not translated: kept in a note",
)
TYPED = re.compile(r"(?<=[)}])\s*+:\s*+[A-Za-z][\w<>\[\]|, ]*+(?=\s*+[){])")
"""TypeScript's types of what a function takes and gives, as Coze writes them."""


def javascript(
    node: Node,
    bring: Bringing,
    code: str,
    given: Mapping[str, str],
    *,
    outputs: list[str],
    call: str = "main({given})",
    known: Mapping[str, str] | None = None,
    first: Sequence[str] = (),
    body: bool = False,
) -> Outcome:
    """`given`: what it is given and templates for it; `call`: how it is begun; the others: see `translated`.
    Their values are named `in_…` there, which nothing of a program is."""
    bring.javascript -= len(code)
    if bring.javascript < 0:
        return Lost(TOO_LONG, outputs)
    names = {name: f"in_{plain(name, f'value_{place}')}" for place, name in enumerate(given)}
    handed = "{" + ", ".join(f"{theirs!r}: {ours}" for theirs, ours in names.items()) + "}"
    try:
        text = translated(TYPED.sub(" ", code), call.replace("{given}", handed), known, first, body)
    except Unknown as e:
        return Lost(NOT_KNOWN.fill(what=as_it_is(f"“{e}”")), outputs)
    if len(text) > LONGEST:
        return Lost(TOO_LONG, outputs)
    id = bring.id(node, "code")
    values = {names[name]: text for name, text in given.items()}
    block = titled({"type": "code", "id": id, "values": values, "code": text, "seconds": 5}, node)
    found = {name: f"{id}.result.{name}" for name in outputs if re.fullmatch(r"[A-Za-z]\w*", name)}
    return Made([block], block_title("code"), found, f"{id}.result", id, nearly=TRANSLATED)
