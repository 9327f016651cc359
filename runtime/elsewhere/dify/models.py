"""Dify's nodes that ask a model."""

import re
from collections.abc import Mapping
from typing import Any

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._bringing import Bringing, Outcome
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._words import as_it_is, is_template, listing, mapping, number, objects, text_of
from runtime.elsewhere.dify.texts import selected, value, words
from runtime.elsewhere.dify.tools import tools_of
from runtime.lang import NOTHING, Text

SEVERAL = Text("几段对话样例写进了提示词", "its sample messages went into the prompt")
ROLES = {"system": "", "user": "user: ", "assistant": "assistant: "}


def model_name(node: Node, bring: Bringing) -> str:
    """What it asked, told once a node."""
    settings = mapping(node.data.get("model"))
    name = text_of(settings.get("name") or settings.get("model"))
    if name:
        why = blocks.MODEL.fill(model=name[:80])
        bring.report.tell(node.title, name, "nearly", ours=Text("默认模型", "the default model"), why=why)
    return name


def settings_of(model: Mapping[str, Any]) -> Json:
    """Of its parameters those that ours has too."""
    given = mapping(model.get("completion_params"))
    found: Json = {}
    temperature = number(given.get("temperature"))
    if temperature is not None and 0 <= temperature <= 2:
        found["temperature"] = temperature
    longest = number(given.get("max_tokens"))
    if longest and 1 <= longest <= 100_000:
        found["max_tokens"] = int(longest)
    if stop := [text_of(one) for one in listing(given.get("stop")) if text_of(one)][:4]:
        found["stop"] = stop
    return found


def llm(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    context = None
    about = mapping(data.get("context"))
    if about.get("enabled") and about.get("variable_selector"):
        context = selected(bring, about.get("variable_selector"))
    system, input, why = _prompt(bring, data, context)
    memory = mapping(data.get("memory"))
    if memory.get("query_prompt_template"):
        input = words(bring, memory.get("query_prompt_template"), context)
    if "sys.query" not in text_of(data.get("prompt_template")) and not input.strip():
        input = "{{ message.text }}"
    more = settings_of(mapping(data.get("model")))
    if mapping(data.get("vision")).get("enabled"):
        more["images"] = True
    if data.get("structured_output_enabled"):
        more["fields"] = blocks.fields(_structure(mapping(data.get("structured_output")).get("schema")))
    made = blocks.model(
        node, bring, prompt=system, input=input, memory=bool(memory), more=more, why=why,
        asked=text_of(mapping(data.get("model")).get("name")), outputs=("text", "reasoning_content"),
    )  # fmt: skip
    made.outputs = {**made.outputs, "structured_output": f"{made.id}.fields"}
    return made


def _prompt(bring: Bringing, data: Mapping[str, Any], context: str | None) -> tuple[str, str, Text]:
    """The prompt, what the model is given, and how that differs."""
    template = data.get("prompt_template")
    if isinstance(template, Mapping):
        return _one(bring, template, context, data), "", NOTHING
    parts = [(text_of(one.get("role")), _one(bring, one, context, data)) for one in objects(template)]
    parts = [(role, text) for role, text in parts if text.strip()]
    last = next((i for i in reversed(range(len(parts))) if parts[i][0] == "user"), None)
    input = parts.pop(last)[1] if last is not None else ""
    several = any(role != "system" for role, _ in parts)
    return (
        "\n\n".join(f"{ROLES.get(role, '')}{text}" for role, text in parts),
        input,
        SEVERAL if several else NOTHING,
    )


def _one(bring: Bringing, part: Mapping[str, Any], context: str | None, data: Mapping[str, Any]) -> str:
    if part.get("edition_type") != "jinja2":
        return words(bring, part.get("text"), context)
    names = {
        text_of(one.get("variable")): selected(bring, one.get("value_selector"))
        for one in objects(mapping(data.get("prompt_config")).get("jinja2_variables"))
    }
    given = "".join(f"{{% set {n} = {e} %}}\n" for n, e in names.items() if e and n.isidentifier())
    text = given + text_of(part.get("jinja2_text") or part.get("text"))
    return text if is_template(text) else as_it_is(text)


def _structure(schema: Any) -> list[tuple[str, str, str, list[Any]]]:
    properties = mapping(mapping(schema).get("properties"))
    return [
        (
            name,
            text_of(mapping(one).get("type")),
            text_of(mapping(one).get("description")),
            listing(mapping(one).get("enum")),
        )
        for name, one in properties.items()
    ]


def agent(node: Node, bring: Bringing) -> Outcome:
    given = mapping(node.data.get("agent_parameters"))
    named = mapping(mapping(given.get("model")).get("value"))
    prompt = value(bring, given.get("instruction")) or words(bring, node.data.get("instruction"))
    input = value(bring, given.get("query")) or "{{ message.text }}"
    tools = tools_of(bring, listing(mapping(given.get("tools")).get("value")), node)
    more: Json = {**settings_of(named), "tools": tools}
    rounds = number(mapping(given.get("maximum_iterations")).get("value"))
    if rounds:
        more["rounds"] = max(1, min(20, int(rounds)))
    servers = [mapping(given.get(name)).get("value") for name in ("mcp_servers_config", "mcp_server")]
    for address in re.findall(r"https?://[^\s\"',}]+", " ".join(map(text_of, servers)))[:5]:
        bring.report.tell(address, "MCP", "lost", why=MCP)
    return blocks.model(
        node, bring, prompt=prompt, input=input, memory=bool(node.data.get("memory")), more=more,
        asked=text_of(named.get("model")), outputs=("text", "output"),
    )  # fmt: skip


MCP = Text(
    "MCP 服务器的工具没有写在文件里：在这块积木的「工具」里用这个网址添加",
    "the tools of an MCP server are not in the file: add them to this block by this address",
)
