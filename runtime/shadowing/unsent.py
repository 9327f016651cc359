"""What of real people a version on trial sends to its models: no more than the one that they wrote to."""

from runtime.agents.agent import Agent


def as_heard(agent: Agent, live: Agent) -> Agent:
    """The agent, which also keeps from its models what the live one, or one within that, keeps from them."""
    own = agent.safety.masking
    kept = [kind for one in (live, *live.others.values()) for kind in one.safety.masking.kinds]
    if not set(kept) - set(own.kinds):
        return agent
    masking = own.model_copy(update={"kinds": list(dict.fromkeys([*own.kinds, *kept]))})
    safety = agent.safety.model_copy(update={"masking": masking})
    return agent.model_copy(update={"safety": safety})
