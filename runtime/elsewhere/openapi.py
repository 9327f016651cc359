"""A description of an interface (OpenAPI 3, Swagger 2): an agent whose model may call its operations."""

from typing import Any, ClassVar

from runtime.elsewhere import Document, Format
from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import Row, tool_title
from runtime.elsewhere._names import plain
from runtime.elsewhere._words import mapping, text_of
from runtime.errors import BadAgent
from runtime.lang import Text
from runtime.openapi.document import Document as Description
from runtime.openapi.document import NoDescription
from runtime.openapi.operations import Unusable, operations, settings
from runtime.openapi.process import UNUSABLE

MOST = 32
"""Tools of one model."""
NOT_ONE = Text(
    "不是可以用的 OpenAPI 描述（{why}）。", "It is no OpenAPI description that can be used ({why})."
)
NO_SERVER = Text(
    "描述里没有写接口的网址，填的是 https://example.com：请改成真的",
    "it names no address: https://example.com stands there; give the real one",
)
TOO_MANY = Text(
    "一个大模型最多 {most} 个工具，其余的另加", "a model has {most} tools at most: add the others elsewhere"
)
CANNOT = Text("做不成工具", "no tool can be made of it")
PROMPT = (
    "You help with {title}. Use the tools to look things up and to do what is asked; never make up results."
)


class OpenApi(Format):
    product: ClassVar[str] = "OpenAPI"
    order: ClassVar[int] = 40

    def recognises(self, document: Document) -> bool:
        data = document.data
        return isinstance(data, dict) and ("openapi" in data or "swagger" in data) and "paths" in data

    def reads(self, document: Document, bring: Bringing) -> Json:
        try:
            description = Description(dict(document.data))
        except NoDescription as e:
            raise BadAgent(NOT_ONE.fill(why=f"{e.why} {e.detail}".strip())) from None
        title = description.title or document.name
        node = Node("api", "openapi", title)
        made = blocks.model(
            node, bring, prompt=PROMPT.format(title=title), more={"tools": _tools(description, bring)}
        )
        say = blocks.reply(Node("say", "reply"), bring, f"{{{{ {made.id}.text }}}}")
        return {
            "name": title,
            "description": text_of(mapping(document.data.get("info")).get("description")),
            "flow": [*made.blocks, *say.blocks],
        }

    def translate(self, node: Node, bring: Bringing) -> Outcome:
        return Lost(CANNOT)


def _tools(description: Description, bring: Bringing) -> list[Json]:
    servers = description.servers("")
    if not servers:
        bring.report.tell("servers", "", "nearly", why=NO_SERVER)
    made: list[Json] = []
    names: set[str] = set()
    rows = bring.report.rows
    for one in operations(description):
        if len(made) == MOST:
            rows.append(Row(one.key, "operation", "lost", why=TOO_MANY.fill(most=MOST)))
            continue
        try:
            tool: dict[str, Any] = settings(
                description, one, servers[0] if servers else "https://example.com", ""
            )
        except Unusable as e:
            rows.append(Row(one.key, "operation", "lost", why=UNUSABLE.get(str(e), CANNOT)))
            continue
        while tool.get("name") in names:
            tool["name"] += "_"
        names.add(tool.get("name", ""))
        if tool.get("auth", "none") != "none" and not tool.get("secret"):
            tool["secret"] = plain(description.title, "imported_key")
        made.append(tool)
        rows.append(Row(one.key, "operation", "became", tool_title("openapi")))
    return made


FORMAT = OpenApi()
