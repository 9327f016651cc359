"""Files of other products, recognised by what is in them, so that a person is told what the file is."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.errors import BadAgent
from runtime.lang import Text

LOOKED_AT = 2_000_000
"""Characters of a file that are looked at."""

Test = Callable[[Any], bool]


@dataclass(frozen=True)
class Product:
    """`data`: how its JSON is told from others, or `text`: how a file is that is no JSON."""

    name: str
    data: Test = lambda _: False
    text: Test = lambda _: False


def _nodes(data: Any) -> list[Mapping[str, Any]]:
    """The nodes of a graph, wherever products keep them."""
    if not isinstance(data, Mapping):
        return []
    for place in (data, *(data.get(key) for key in ("data", "workflow", "graph"))):
        if isinstance(place, Mapping) and isinstance(place.get("nodes"), list):
            return [node for node in place["nodes"] if isinstance(node, Mapping)]
    return []


def _node(matches: Callable[[Mapping[str, Any]], object]) -> Test:
    return lambda data: any(map(matches, _nodes(data)))


def _has(*names: str) -> Test:
    return lambda data: isinstance(data, Mapping) and all(name in data for name in names)


def _lines(*patterns: str) -> Test:
    """A text in which each of them is found at the beginning of some line."""
    compiled = [re.compile(pattern, re.MULTILINE) for pattern in patterns]
    return lambda text: all(pattern.search(text) for pattern in compiled)


def _kind(node: Mapping[str, Any]) -> str:
    return str(node.get("type", ""))


def _inside(node: Mapping[str, Any]) -> Mapping[str, Any]:
    data = node.get("data")
    return data if isinstance(data, Mapping) else {}


PRODUCTS = (
    Product("MaxKB", text=lambda text: re.match(r"\x80[\x02-\x05]", text) is not None),
    Product("Coze（扣子）", text=lambda text: text.startswith("PK\x03\x04")),
    Product(
        "Dify", _has("kind", "app"), _lines(r"^app:\s*$", r"^(?:kind:\s*['\"]?app|workflow:|model_config:)")
    ),
    Product("n8n", _node(lambda node: re.match(r"(?:@[\w-]+/)?n8n-nodes-|@n8n/", _kind(node)))),
    Product("FastGPT", _node(lambda node: "flowNodeType" in node or "flowType" in node)),
    Product("BISHENG", _has("flow_type", "flow_id")),
    Product("LangFlow", _node(lambda node: _kind(node) == "genericNode")),
    Product("Flowise", _node(lambda node: "inputParams" in _inside(node) or _kind(node) == "agentFlow")),
    Product("BISHENG", _node(lambda node: _kind(node) == "flowNode")),
    Product("MaxKB", _node(lambda node: _kind(node).endswith("-node") and "properties" in node)),
    Product(
        "Coze（扣子）", _node(lambda node: _kind(node).isdigit() and ("meta" in node or "blocks" in node))
    ),
    Product("Coze（扣子）", _has("bot_info"), _lines(r"^schema_version:", r"^nodes:")),
    Product("OpenAPI", _has("paths", "info"), _lines(r"^(?:openapi|swagger):\s*['\"]?\d", r"^paths:")),
    Product("MCP", _has("mcpServers")),
    Product("SillyTavern", _has("spec", "data")),
    Product("A2A", _has("skills", "capabilities")),
    Product("Agent Skills (SKILL.md)", text=_lines(r"\A---\s*$", r"^name:", r"^description:")),
)


def product_of(text: str) -> str:
    """Whose file it is; "" when that cannot be told."""
    start = text[:LOOKED_AT].removeprefix("\ufeff")
    try:
        data = json.loads(start)
    except (ValueError, RecursionError):
        return next((product.name for product in PRODUCTS if product.text(start)), "")
    if isinstance(data, list) and data:
        data = data[0]  # several in one file
    if isinstance(data, Mapping) and "flow" in data and not _nodes(data):
        return ""  # one of ours, however broken
    return next((product.name for product in PRODUCTS if product.data(data)), "")


def refuse(text: str) -> None:
    """Raises BadAgent when the file is another product's."""
    if name := product_of(text):
        raise BadAgent(
            Text(
                "这是 {name} 的文件，鸿雁现在还不能导入它，没有做任何改动。"
                "可以新建一个智能体，把里面的提示词、资料和接口地址复制过来。",
                "This is a file of {name}, which Hongyan cannot import yet; nothing was changed. "
                "Make a new agent and copy its prompts, texts and addresses over.",
            ).fill(name=name)
        )
