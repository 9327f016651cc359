"""Which models those agents ask that answer people now."""

from pydantic import ValidationError

from runtime.agents.agent import Agent
from runtime.agents.providers_used import models
from runtime.errors import HongyanError
from runtime.store.control.control import Control


def answering_models(control: Control) -> list[str]:
    """Of what is published and not paused, each once. One that cannot be read asks nobody."""
    agents = []
    for one in control.publications():
        if not one.enabled or one.paused_at is not None:
            continue
        try:
            agents.append(Agent.load(control.frozen_agent(one.id, one.version)))
        except (HongyanError, ValidationError):
            continue
    return [one.name for one in models(agents, control)]
