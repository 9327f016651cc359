"""Which prompt templates an agent names, and those that it is published with: as they were then."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from runtime.agents.agent import Agent
from runtime.blocks import Writes
from runtime.errors import BadTemplate, NotFound
from runtime.templating.own import OwnPrompts
from runtime.templating.prompts import OWN, Prompts


def named(agent: Agent) -> Iterator[str]:
    """The templates of its blocks."""
    for _, block in agent.walk():
        if isinstance(block, Writes) and block.told.template is not None:
            yield block.told.template


def holding(agent: Agent, home: Path) -> Agent:
    """With the owner's templates that it names, as they are now: what is changed later changes nothing of it.

    What is in no file any more stays as it came with it. Given ones stay with the program.
    """
    wanted = set(named(agent)) - OwnPrompts(home).given()
    if not wanted and not agent.prompts:
        return agent
    own = Prompts([home / OWN])
    held = {}
    for id in sorted(wanted):
        try:
            held[id] = own.template(id, agent.language)
        except (NotFound, BadTemplate):  # what is broken is told by the check
            if id in agent.prompts:
                held[id] = agent.prompts[id]
    if held == agent.prompts:
        return agent
    inside = {id: one.model_dump(mode="json", exclude_defaults=True) for id, one in held.items()}
    return Agent.load({**agent.to_json(), "prompts": inside})


def taken_in(agent: Agent, home: Path) -> Agent:
    """What came with it becomes the owner's own, under another id where that is taken. Raises NotSaved."""
    if not agent.prompts:
        return agent
    ids = OwnPrompts(home).take_in(agent.prompts)
    data = {name: value for name, value in agent.to_json().items() if name != "prompts"}
    return Agent.load(renamed(data, ids))


def let_go(data: Mapping[str, Any], home: Path) -> dict[str, Any]:
    """A version's JSON to go on with: of what it was published with, only what is there no more."""
    there = OwnPrompts(home).ids()
    held = {id: one for id, one in (data.get("prompts") or {}).items() if id not in there}
    rest = {name: value for name, value in data.items() if name != "prompts"}
    return {**rest, **({"prompts": held} if held else {})}


def renamed(value: Any, ids: Mapping[str, str]) -> Any:
    """JSON, also of a draft that does not validate, in which prompts name their templates by new ids."""
    if isinstance(value, list):
        return [renamed(one, ids) for one in value]
    if not isinstance(value, dict):
        return value
    changed = {name: renamed(one, ids) for name, one in value.items()}
    prompt = changed.get("prompt")
    if isinstance(prompt, dict) and prompt.get("template") in ids:
        changed["prompt"] = {**prompt, "template": ids[prompt["template"]]}
    return changed


def users(data: Any) -> Iterator[tuple[str, str]]:
    """Each block whose prompt is of a template: the template's id and the block's, of any JSON."""
    if isinstance(data, list):
        for one in data:
            yield from users(one)
    elif isinstance(data, dict):
        prompt = data.get("prompt")
        if isinstance(prompt, dict) and isinstance(prompt.get("template"), str):
            yield prompt["template"], str(data.get("id") or "")
        for one in data.values():
            yield from users(one)
