"""Which providers and tools an installation's agents use, that is: to whom what people write may go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.agents.agent import Agent
from runtime.models.providers import Endpoints


@dataclass
class Asked:
    """`agents`: names of those that use it; `abroad`: its provider is outside China, as far as we know."""

    name: str
    provider: str
    abroad: bool = False
    agents: list[str] = field(default_factory=list)


HOME = frozenset({
    "demo", "deepseek", "qwen", "dashscope", "doubao", "volcengine", "glm", "zai", "moonshot", "minimax",
    "hunyuan", "siliconflow", "ollama", "vllm",
})  # fmt: skip
"""Providers within China, and servers of one's own."""
UNKNOWN = frozenset({"openai_compatible", ""})
"""Where these are, their owner knows."""


def models(agents: Iterable[Agent], endpoints: Endpoints) -> list[Asked]:
    """That they name, each once, by name."""
    known = {one.name: one.provider for one in endpoints.endpoints()}
    found: dict[str, Asked] = {}
    for agent in agents:
        for name in sorted(set(_named(agent.to_json(), "model")) | {agent.voice, agent.vision} - {""}):
            name = name if name != "default" else endpoints.default_model() or "demo/hongyan"
            first = name.partition("/")[0]
            provider = known.get(first, first)
            one = found.setdefault(name, Asked(name, provider, provider not in HOME | UNKNOWN))
            one.agents.append(agent.name)
    return [found[name] for name in sorted(found)]


def tools(agents: Iterable[Agent]) -> Mapping[str, list[str]]:
    """By kind, the names of the agents that use it."""
    found: dict[str, list[str]] = {}
    for agent in agents:
        for kind in sorted(set(_tools(agent.to_json()))):
            found.setdefault(kind, []).append(agent.name)
    return found


def _named(value: Any, key: str) -> Iterable[str]:
    if isinstance(value, Mapping):
        if value.get("type") in ("model", "classify", "extract") and key not in value:
            yield "default"
        for name, inner in value.items():
            if name == key and isinstance(inner, str) and inner:
                yield inner
            else:
                yield from _named(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner, key)


def _tools(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "tools" and isinstance(inner, list):
                yield from (one["type"] for one in inner if isinstance(one, Mapping) and "type" in one)
            if name == "tool" and isinstance(inner, Mapping) and "type" in inner:
                yield str(inner["type"])
            yield from _tools(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _tools(inner)
