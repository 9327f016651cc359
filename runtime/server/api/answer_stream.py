"""Which of a turn's streamed pieces belong to its answer.

A turn may run several models; only the text of those that the answer is made of may be shown while it grows.
"""

from collections.abc import Collection, Mapping
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.answering import answering_blocks
from runtime.errors import TurnFailed
from runtime.turn.events import Event, Failed, Replied, TextDelta, TextReset


def answering(agent: Mapping[str, Any]) -> Collection[str]:
    """The ids of the blocks that its answer is made of. `agent`: its JSON as it was published."""
    return answering_of(Agent.load(agent))


def answering_of(agent: Agent) -> Collection[str]:
    return frozenset(answering_blocks(agent))


class AnswerStream:
    """Turns a turn's events into the growing answer."""

    def __init__(self, agent: Mapping[str, Any] | Agent) -> None:
        """`agent`: itself, or its JSON as it was published."""
        self._blocks = answering_of(agent) if isinstance(agent, Agent) else answering(agent)
        self._shown = ""

    def take(self, event: Event) -> str:
        """What to show next, maybe "". Raises TurnFailed when the turn did."""
        if isinstance(event, TextDelta) and event.block in self._blocks:
            self._shown += event.text
            return event.text
        if isinstance(event, TextReset) and event.block in self._blocks and self._shown:
            # What was sent cannot be taken back: a new paragraph begins.
            self._shown = ""
            return "\n\n"
        if isinstance(event, Failed):
            raise TurnFailed(event.reason, code=event.code)
        return self._rest(event.text) if isinstance(event, Replied) else ""

    def _rest(self, answer: str) -> str:
        shown = self._shown
        if answer.startswith(shown):
            return answer.removeprefix(shown)
        return "" if answer.strip() == shown.strip() else f"\n\n{answer}"
