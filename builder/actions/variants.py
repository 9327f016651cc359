"""Which agent is tried out: as it stands, as it was in a version, with another model."""

from collections.abc import Mapping
from typing import Any

from builder.actions.earlier import agent_of
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs
from runtime.agents.agent import Agent
from runtime.blocks import Writes
from runtime.blocks import registry as blocks

Json = dict[str, Any]


def variant(studio: Studio, id: str, tried: Mapping[str, str]) -> Agent:
    """`tried`: {version, model}, each as it stands where it is not named. Raises NotFound, BadAgent."""
    agent = agent_of(studio, id, tried.get("version", ""))
    if model := tried.get("model"):
        agent = Agent.load(_with_model(agent.to_json(), model))
    return agent


def apart(tried: Mapping[str, str]) -> str:
    """Each remembers apart: side by side, none knows what another was told."""
    return "/".join(filter(None, (tried.get("version", ""), tried.get("model", ""))))


def _with_model(data: Any, model: str) -> Any:
    """Every text that a model writes is that one's, with none to stand in for it."""
    if isinstance(data, list):
        return [_with_model(one, model) for one in data]
    if not isinstance(data, dict):
        return data
    found = {name: _with_model(one, model) for name, one in data.items()}
    kind = blocks().get(str(data.get("type")))
    if kind is not None and issubclass(kind, Writes) and "id" in data:
        found = {name: value for name, value in found.items() if name != "fallbacks"} | {"model": model}
    return found


@needs(Permission.AGENTS_VIEW, on=SOME)
def models(studio: Studio) -> list[str]:
    """Those that are set up, by the names that blocks call them."""
    routes = [route.id for route in studio.control.policy.routes()]
    there = [f"{one.name}/{model}" for one in studio.control.endpoints() for model in one.models]
    return [*routes, *there, DEMO]


DEMO = "demo/hongyan"
