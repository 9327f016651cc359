"""Dify's tools that we have too."""

import re
from typing import Any

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._alike import ASKED, like
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import tool_title
from runtime.elsewhere._words import mapping, objects, text_of
from runtime.elsewhere.dify.texts import value
from runtime.lang import Text

PLUGIN = Text(
    "这是 Dify 的插件「{name}」，不在文件里：用 HTTP、OpenAPI 或 MCP 工具代替",
    "it is Dify's plugin {name!r}, which is not in the file: take an HTTP, OpenAPI or MCP tool",
)
OTHER_FLOW = Text(
    "它调用另一个工作流，不在文件里：一起导入后用「别的智能体」",
    "it calls another flow that is not in the file: import that, too, and use “Another agent”",
)
TRANSLATES = Text("改由大模型翻译", "translated by the model now")


def tool(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    name = f"{text_of(data.get('provider_id'))} {text_of(data.get('tool_name'))}"
    given = {key: value(bring, one) for key, one in mapping(data.get("tool_parameters")).items()}
    outputs = ["text", "json", "files", *mapping(data.get("output_schema"))]
    if data.get("provider_type") == "workflow":
        return Lost(OTHER_FLOW, outputs)
    if re.search("translate", name):
        prompt = f"Translate. {given.get('dest') or given.get('to') or ''}".strip()
        made = blocks.model(
            node,
            bring,
            prompt=prompt,
            input=next(iter(given.values()), ""),
            memory=False,
            outputs=("text", "json"),
        )
        made.nearly = TRANSLATES
        return made
    found = like(name)
    if found is None or data.get("provider_type") == "api":
        return Lost(PLUGIN.fill(name=name.strip()[:80]), outputs)
    ours, why = found
    arguments: dict[str, str] = {}
    if wanted := ASKED.get(ours):
        first = next((text for key, text in given.items() if text.strip()), "{{ message.text }}")
        arguments[wanted] = given.get(wanted) or first
    return blocks.tool(
        node, bring, {"type": ours}, arguments, why=why,
        outputs=dict.fromkeys(("text", "json", "files"), "{id}.result"),
    )  # fmt: skip


def tools_of(bring: Bringing, tools: Any, node: Node) -> list[Json]:
    """Of those that a model may call the ones that we have; the others are told."""
    made: list[Json] = []
    for one in objects(tools)[:32]:
        if one.get("enabled") is False:
            continue
        name = " ".join(text_of(one.get(key)) for key in ("provider_id", "provider_name", "tool_name"))
        label = text_of(one.get("tool_label") or one.get("tool_name"))
        found = like(name) if one.get("provider_type", one.get("type")) != "api" else None
        if found is None:
            bring.report.tell(label, "tool", "lost", why=PLUGIN.fill(name=text_of(one.get("tool_name"))[:80]))
            continue
        if not any(other["type"] == found[0] for other in made):
            made.append({"type": found[0]})
        bring.report.tell(
            label, "tool", "nearly" if found[1].en else "became", ours=tool_title(found[0]), why=found[1]
        )
    return made
