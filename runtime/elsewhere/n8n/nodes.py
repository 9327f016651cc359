"""n8n's nodes, each as blocks of ours."""

from collections.abc import Callable

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._alike import ASKED, like
from runtime.elsewhere._blocks import nothing
from runtime.elsewhere._bringing import Bringing, Lost, Made, Outcome, titled
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._parts import BASE_WHY, Parts
from runtime.elsewhere._python import python
from runtime.elsewhere._words import mapping, objects, shown, text_of
from runtime.elsewhere.n8n.apps import MESSAGES, app, message
from runtime.elsewhere.n8n.conditions import filter_, if_, switch
from runtime.elsewhere.n8n.models import classifier, extractor, model
from runtime.elsewhere.n8n.programs import script
from runtime.elsewhere.n8n.requests import http
from runtime.elsewhere.n8n.texts import before, words
from runtime.lang import NOTHING, Text

NOTES = ("stickyNote",)
BEGINS = Text("收到消息", "a message comes")
AT_TIMES = Text("定时、来信等请在「添加触发器」里设", "times and events are set up under “Add a trigger”")
PASSES = Text("不用积木：内容照样往后传", "No block: what comes goes on")
EACH = Text("没有逐项做，请核对", "it is not done for each item: check it")
UNKNOWN = Text(
    "没有和它对应的积木：用 HTTP、OpenAPI 或 MCP 工具代替",
    "there is no block like it: take an HTTP, OpenAPI or MCP tool",
)
OTHER_FLOW = Text(
    "它调用另一个工作流：一起导入后用「别的智能体」",
    "it calls another flow: import that, too, and use “Another agent”",
)
FILES = Text("对方发来的文件大模型自己看得到", "the model sees files that came by itself")
WAITS = Text("不在中间等，直接往下走", "it does not wait on the way")
GIVEN = ("chatInput", "text", "query", "input", "message", "body", "content", "prompt", "question")


def translate(node: Node, bring: Bringing) -> Outcome:
    kind = node.kind
    if kind in KINDS:
        return KINDS[kind](node, bring)
    if kind.endswith("Trigger") or kind in ("webhook", "start", "cron"):
        return begins(node, bring)
    if kind in MESSAGES:
        return message(node, bring)
    if kind.startswith(
        ("chain", "agent", "openAi", "lmChat", "googleGemini", "anthropic", "perplexity", "mistral")
    ):
        return model(node, bring)
    if kind.startswith(("vectorStore", "retriever")):
        return base(node, bring)
    if (made := app(node, bring)) is not None:
        return made
    if found := like(f"{kind} {node.title}"):
        query = next(
            (words(node, bring, one) for one in node.data.values() if isinstance(one, str) and one.strip()),
            "",
        )
        arguments = {ASKED[found[0]]: query or shown(_came(node, bring))} if found[0] in ASKED else {}
        return blocks.tool(node, bring, {"type": found[0]}, arguments, why=found[1])
    return Lost(UNKNOWN)


def begins(node: Node, bring: Bringing) -> Outcome:
    why = NOTHING if node.kind in ("chatTrigger", "manualTrigger", "manualChatTrigger", "start") else AT_TIMES
    return nothing(
        BEGINS, dict.fromkeys(GIVEN, "message.text") | {"sessionId": "conversation.id"}, "message.text", why
    )


def _came(node: Node, bring: Bringing) -> str:
    made = bring.made.get(before(node))
    return (made.rest if made else "") or "message.text"


def passes(node: Node, bring: Bringing) -> Outcome:
    made = bring.made.get(before(node))
    outputs = dict(made.outputs) if made else {}
    return nothing(PASSES, outputs, _came(node, bring))


def each(node: Node, bring: Bringing) -> Outcome:
    found = passes(node, bring)
    assert isinstance(found, Made)
    found.nearly = EACH
    return found


def waits(node: Node, bring: Bringing) -> Outcome:
    found = passes(node, bring)
    assert isinstance(found, Made)
    found.nearly = WAITS
    return found


def set_(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    given: dict[str, str] = {}
    for one in objects(mapping(data.get("assignments")).get("assignments")):
        given[text_of(one.get("name"))] = words(node, bring, one.get("value"))
    for several in mapping(data.get("values")).values():
        for one in objects(several):
            given[text_of(one.get("name"))] = words(node, bring, one.get("value"))
    for one in objects(mapping(data.get("fields")).get("values")):
        inner = next((one[key] for key in one if key.endswith("Value")), "")
        given[text_of(one.get("name"))] = words(node, bring, inner)
    if not given and data.get("jsonOutput"):
        given = {"json": words(node, bring, data.get("jsonOutput"))}
    if not given:
        return passes(node, bring)
    made = blocks.values(node, bring, given)
    made.rest = made.id
    return made


def code(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    if data.get("language") not in ("python", "pythonNative"):
        return script(node, bring)
    return python(node, bring, text_of(data.get("pythonCode")), {}, outputs=["output"], call="main({given})")


def responds(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    said = words(node, bring, data.get("responseBody") or data.get("message"))
    return blocks.reply(node, bring, said or shown(_came(node, bring)))


def note(node: Node, bring: Bringing) -> Outcome:
    return blocks.comment(node, bring, text_of(node.data.get("content")))


def form(node: Node, bring: Bringing) -> Outcome:
    found = objects(mapping(node.data.get("formFields")).get("values"))
    names = [text_of(one.get("fieldLabel")) for one in found if text_of(one.get("fieldLabel")).strip()]
    if not names:
        return begins(node, bring)
    id = bring.id(node, "form")
    fields: list[Json] = blocks.fields([(name, "text", name, []) for name in names])[:20]
    block = titled({"type": "ask", "id": id, "fields": fields, "heard": False}, node)
    outputs = {name: f"{id}.fields.{one['name']}" for name, one in zip(names, fields, strict=False)}
    return Made([block], block_title("ask"), outputs, f"{id}.fields", id)


def html(node: Node, bring: Bringing) -> Outcome:
    if node.data.get("html"):
        return blocks.values(node, bring, {"html": words(node, bring, node.data.get("html"))})
    if node.kind == "markdown":
        return passes(node, bring)
    return each(node, bring) if node.data.get("operation") == "extractHtmlContent" else Lost(UNKNOWN)


def files(node: Node, bring: Bringing) -> Outcome:
    found = passes(node, bring)
    assert isinstance(found, Made)
    found.nearly = FILES
    return found


def other(node: Node, bring: Bringing) -> Outcome:
    return Lost(OTHER_FLOW)


def base(node: Node, bring: Bringing) -> Outcome:

    parts = Parts(bring, node.data.get("", {}).get("parts", []))
    parts.lose()
    if node.data.get("mode") == "insert":
        return nothing(block_title("knowledge"), {}, _came(node, bring), BASE_WHY)
    query = words(node, bring, node.data.get("prompt")) or shown(_came(node, bring))
    return blocks.knowledge(node, bring, [node.title], query, node.data.get("topK"), ["document", "response"])


Kind = Callable[[Node, Bringing], Outcome]
KINDS: dict[str, Kind] = {
    "stickyNote": note,
    "set": set_,
    "if": if_,
    "switch": switch,
    "filter": filter_,
    "code": code,
    "function": code,
    "functionItem": code,
    "httpRequest": http,
    "respondToWebhook": responds,
    "noOp": passes,
    "merge": passes,
    "limit": each,
    "splitOut": each,
    "itemLists": each,
    "splitInBatches": each,
    "aggregate": each,
    "sort": each,
    "removeDuplicates": each,
    "summarize": each,
    "wait": waits,
    "formTrigger": form,
    "form": form,
    "html": html,
    "htmlExtract": html,
    "markdown": html,
    "extractFromFile": files,
    "convertToFile": files,
    "readPDF": files,
    "readBinaryFile": files,
    "spreadsheetFile": files,
    "moveBinaryData": files,
    "dateTime": each,
    "renameKeys": each,
    "compareDatasets": each,
    "executeWorkflow": other,
    "toolWorkflow": other,
    "textClassifier": classifier,
    "sentimentAnalysis": classifier,
    "informationExtractor": extractor,
    "chat": responds,
    "stopAndError": responds,
    "documentDefaultDataLoader": files,
}
