"""Blocks of ours, made of what they say: one place that knows how each is written."""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.elsewhere._branch_names import case_name
from runtime.elsewhere._bringing import Bringing, Made, Way, titled
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import block_title, tool_title
from runtime.elsewhere._names import plain
from runtime.elsewhere._words import LONGEST, literal, number
from runtime.lang import NOTHING, Text, listed

USUAL = "default"
MODEL = Text(
    "原来用 {model}，这里用默认模型，可以改", "it used {model}; here the default model, which you may change"
)
FIRST_CASES = Text(
    "分支太多，第 {most} 条以后的放进了「否则」里的下一个分支", "cases beyond {most} went on in “otherwise”"
)
MOST_CASES = 20
EMPTY = Text("（空）", "(empty)")


def reply(node: Node, bring: Bringing, text: str, why: Text = NOTHING) -> Made:
    id = bring.id(node, "reply")
    said = text[:LONGEST] if text.strip() else EMPTY.to(bring.agent.get("language", "zh"))
    block = titled({"type": "reply", "id": id, "text": said}, node)
    outputs = dict.fromkeys(("answer", "text"), f"{id}.text")
    return Made([block], block_title("reply"), outputs, f"{id}.text", id, nearly=why)


def model(
    node: Node,
    bring: Bringing,
    *,
    prompt: str,
    input: str = "{{ message.text }}",
    asked: str = "",
    memory: bool = True,
    more: Mapping[str, Any] | None = None,
    outputs: Sequence[str] = ("text",),
    why: Text = NOTHING,
) -> Made:
    """`asked`: the model that it named; `outputs`: what they call the answer."""
    id = bring.id(node, "answer")
    block: Json = {"type": "model", "id": id, "model": USUAL, "prompt": {"text": prompt[:LONGEST]}}
    block |= {"input": input[:LONGEST] or "{{ message.text }}", "memory": memory}
    settings = {key: value for key, value in (more or {}).items() if value not in (None, [], "")}
    differs = MODEL.fill(model=asked[:80]) if asked and asked != USUAL else NOTHING
    if differs.en:
        bring.report.tell(
            node.title, asked, "nearly", ours=Text("默认模型", "the default model"), why=differs
        )
    found = {name: f"{id}.text" for name in outputs}
    found |= {one["name"]: f"{id}.fields.{one['name']}" for one in settings.get("fields", ())}
    return Made([titled(block | settings, node)], block_title("model"), found, "", id, nearly=why)


def branch(
    node: Node, bring: Bringing, cases: Sequence[tuple[str, str, str]], other: str, why: Text = NOTHING
) -> Made:
    """`cases`: handle, title ("": by its condition) and condition of each; `other`: the handle of the way
    that is left."""
    id = bring.id(node, "branch")
    made: list[Json] = []
    ways: dict[str, Way] = {}
    titles: set[str] = set()
    for handle, title, when in cases[:MOST_CASES]:
        named = case_name(when, len(made) + 1).to(bring.agent.get("language", "zh"))
        called = (title.strip() or named)[:48]
        while called in titles:
            called += "′"
        titles.add(called)
        way: list[Json] = []
        made.append({"title": called, "when": when[:2000] or "true", "flow": way})
        ways[handle] = Way(way, f"{id}.case == {literal(called)}")
    last: list[Json] = []
    ways[other] = Way(last, f"{id} and {id}.case == ''")
    block = titled({"type": "branch", "id": id, "cases": made, "otherwise": last}, node)
    if len(cases) > MOST_CASES:
        why = FIRST_CASES.fill(most=MOST_CASES)
    return Made([block], block_title("branch"), {}, f"{id}.case", id, ways, why)


OTHERS = ("其他", "其它", "other", "else", "default", "以上都不", "none of")


def classify(
    node: Node,
    bring: Bringing,
    intents: Sequence[tuple[str, str]],
    *,
    input: str,
    hint: str = "",
    why: Text = NOTHING,
) -> Made:
    """`intents`: handle and description of each; one that means all others is the way for these."""
    id = bring.id(node, "intent")
    last: list[Json] = []
    made: list[Json] = []
    ways: dict[str, Way] = {}
    rest = next((h for h, words in reversed(intents) if any(one in words.lower() for one in OTHERS)), None)
    if len(intents) < 2:
        rest = None
    for handle, words in intents[:30]:
        if handle == rest:
            ways[handle] = Way(last, f"{id} and {id}.intent == ''")
            continue
        title = (words.strip() or f"{len(made) + 1}")[:50]
        while any(one["title"] == title for one in made):
            title += "′"
        way: list[Json] = []
        told = f"{words}\n{hint}".strip()[:1000]
        made.append({"title": title, "description": told, "flow": way})
        ways[handle] = Way(way, f"{id}.intent == {literal(title)}")
    if not made:
        made = [{"title": "1", "flow": []}]
    block = titled(
        {"type": "classify", "id": id, "input": input or "{{ message.text }}", "intents": made}, node
    )
    block |= {"threshold": 0, "otherwise": last}
    return Made([block], block_title("classify"), {}, f"{id}.intent", id, ways, why)


def values(node: Node, bring: Bringing, given: Mapping[str, str], why: Text = NOTHING) -> Made:
    """`given`: what they call each value, and its template."""
    id = bring.id(node, "values")
    named: dict[str, str] = {}
    outputs: dict[str, str] = {}
    for name, text in list(given.items())[:100]:
        ours = plain(name, "value")
        while ours in named:
            ours += "_"
        named[ours] = text[:LONGEST]
        outputs[name] = f"{id}.{ours}"
    block = titled({"type": "set", "id": id, "values": named or {"value": ""}}, node)
    first = next(iter(outputs.values()), f"{id}.value")
    return Made([block], block_title("set"), outputs, first, id, nearly=why)


def tool(node: Node, bring: Bringing, settings: Json, arguments: Mapping[str, str], **told: Any) -> Made:
    id = bring.id(node, plain(settings["type"], "tool"))
    block = titled({"type": "tool", "id": id, "tool": settings}, node)
    if arguments:
        block["arguments"] = dict(arguments)
    title = Text("{block}：{tool}", "{block}: {tool}").fill(
        block=block_title("tool"), tool=tool_title(settings["type"])
    )
    outputs = {name: path.format(id=id) for name, path in told.get("outputs", {}).items()}
    return Made([block], title, outputs, f"{id}.result", id, nearly=told.get("why", NOTHING))


def comment(node: Node, bring: Bringing, text: str) -> Made:
    id = bring.id(node, "note")
    block = titled({"type": "note", "id": id, "text": text[:5000]}, node)
    return Made([block], block_title("note"))


def nothing(
    ours: Text, outputs: Mapping[str, str] | None = None, rest: str = "", why: Text = NOTHING
) -> Made:
    """It needs no block of its own."""
    return Made([], ours, outputs or {}, rest, nearly=why)


def knowledge(
    node: Node, bring: Bringing, bases: Sequence[str], query: str, top: Any, names: Sequence[str]
) -> Made:
    id = bring.id(node, "found")
    ids = [bring.base(title) for title in bases[:20]]
    many = number(top)
    block: Json = {"type": "knowledge", "id": id, "bases": ids, "query": query or "{{ message.text }}"}
    block |= {"top": max(1, min(20, int(many)))} if many else {}
    outputs = dict.fromkeys(names, f"{id}.text")
    made = Made([titled(block, node)], block_title("knowledge"), outputs, f"{id}.text", id)
    made.nearly = BASES.fill(bases=listed(ids))
    return made


BASES = Text(
    "资料不在文件里：请建好资料库 {bases} 并放进文档",
    "the documents are not in the file: make the base {bases} and put them in",
)
GUESSED = {"string": "text", "number": "number", "integer": "number", "boolean": "yes_no", "bool": "yes_no",
           "object": "text", "float": "number"}  # fmt: skip


def fields(found: Sequence[tuple[str, str, str, Sequence[str]]]) -> list[Json]:
    """Fields to find or answer in, of name, type, description and choices."""
    made: list[Json] = []
    for name, kind, told, choices in found[:30]:
        ours = plain(name, "field")
        while any(one["name"] == ours for one in made):
            ours += "_"
        one: Json = {"name": ours, "title": told[:200]}
        if kind.lower().startswith(("array", "list")):
            one["type"] = "list"
        elif choices:
            one |= {"type": "choice", "choices": [str(choice)[:200] for choice in choices[:50]]}
        else:
            one["type"] = GUESSED.get(kind.lower(), "text")
        made.append(one)
    return made


def extract(
    node: Node, bring: Bringing, wanted: Sequence[tuple[str, str, str, Sequence[str]]], input: str
) -> Made:
    id = bring.id(node, "facts")
    made = fields(wanted) or [{"name": "text", "type": "text"}]
    block = titled(
        {"type": "extract", "id": id, "input": input or "{{ message.text }}", "fields": made}, node
    )
    outputs = {name: f"{id}.fields.{one['name']}" for (name, *_), one in zip(wanted, made, strict=False)}
    return Made([block], block_title("extract"), outputs, f"{id}.fields", id)
