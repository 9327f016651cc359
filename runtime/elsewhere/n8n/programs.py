"""n8n's programs: what came is `$json`, `$input` or `items`, and of another node `$('Name')`."""

import re

from runtime.elsewhere._bringing import Bringing, Made, Outcome
from runtime.elsewhere._graph import Node
from runtime.elsewhere._javascript import javascript
from runtime.elsewhere._words import literal, shown, text_of
from runtime.elsewhere.n8n.texts import before

OTHERS = re.compile(
    r"\$(?:items)?\(\s*['\"`]([^'\"`]{1,100})['\"`]\s*\)|\$node\[\s*['\"`]([^'\"`]{1,100})['\"`]\s*\]"
)
MOST_OTHERS = 20


def script(node: Node, bring: Bringing) -> Outcome:
    code = text_of(node.data.get("jsCode") or node.data.get("functionCode"))
    given = {"came": shown(whole(bring.made.get(before(node))))}
    first = ["js_came = js_items(in_came)"]
    one = "js_came[0]['json']" if node.kind == "functionItem" else "js_came[0]"
    known = {
        "$json": "js_came[0]['json']",
        "$input": "js_came",
        "items": "js_came",
        "item": one,
        "$itemIndex": "0",
    }
    for found in [*OTHERS.finditer(code)][:MOST_OTHERS]:
        name, ours = found[1] or found[2], f"node_{len(given)}"
        if name in bring.made and f"$ {name}" not in known:
            known[f"$ {name}"] = f"js_{ours}"
            first.append(f"js_{ours} = js_items(in_{ours})")
            given[ours] = shown(whole(bring.made[name]))
    call = "js_made(main())"
    return javascript(
        node, bring, code, given, outputs=["output"], call=call, known=known, first=first, body=True
    )


def whole(made: Made | None) -> str:
    """All that a node gave, as an expression of ours."""
    if made is None:
        return "message.text"
    if made.rest:
        return made.rest
    fields = ", ".join(f"{literal(name)}: {path}" for name, path in made.outputs.items())
    return f"{{{fields} }}" if fields else "message.text"
