"""Whether an agent has to do with who writes: then that is looked up for each turn of it."""

import weakref
from typing import Any

from runtime.agents.agent import Agent
from runtime.blocks import Writes
from runtime.errors import BadTemplate, NotFound
from runtime.newest import Newest
from runtime.templating.prompts import Prompts

PERSON = "person"
AGENTS = 1000

_asking = Newest[int, tuple["weakref.ref[Agent]", bool, list[str]]](AGENTS)
"""Agents that ran, each with whether its file has the word, and the prompt templates that it names."""


def asks_person(agent: Agent, prompts: Prompts) -> bool:
    """Whether its file, or a prompt template that it names, has the word in it."""
    found = _asking.get(id(agent), None)
    if found is None or found[0]() is not agent:
        found = _asking[id(agent)] = (
            weakref.ref(agent),
            PERSON in agent.model_dump_json(exclude_defaults=True, warnings=False),
            _templates(agent),
        )
    return found[1] or any(
        PERSON in _text(prompts.beside(agent.prompts), name, agent.language) for name in found[2]
    )


def _templates(agent: Agent) -> list[str]:
    told: list[Any] = [block.told.template for _, block in agent.enabled() if isinstance(block, Writes)]
    return [name for name in told if name]


def _text(prompts: Prompts, name: str, language: str) -> str:
    try:
        return prompts.template(name, language).text
    except (NotFound, BadTemplate):
        return ""  # the block tells
