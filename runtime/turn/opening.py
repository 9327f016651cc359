"""What templates see before the first block of a turn."""

from collections.abc import Mapping

from runtime.templating import sandbox
from runtime.turn.turn import Turn

MOST_SHOWN = 100
"""Exchanges that templates see where the agent's memory has no number of its own."""


def opening_values(turn: Turn, variables: Mapping[str, str]) -> dict[str, object]:
    """Plain data only. `variables` replace the agent's defaults by name."""
    agent = turn.agent
    most = agent.memory.turns if "turns" in agent.memory.strategy.needs else MOST_SHOWN
    conversation = [{"text": e.text, "reply": e.reply} for e in turn.history[-most:]]
    now, earlier = turn.files.views(agent.language)
    last_reply = conversation[-1]["reply"] if conversation else ""
    return {
        **{v.name: variables.get(v.name, v.default) for v in agent.variables},
        "message": {**turn.message.view(), "last_reply": last_reply, "files": now},
        "conversation": sandbox.Listed(conversation, files=[*earlier, *now]),
        "now": turn.now().strftime("%Y-%m-%d %H:%M %A"),
        "agent": {"id": agent.id, "name": agent.name},
    }
