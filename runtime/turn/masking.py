"""What an agent's models are not sent, in one turn and in all agents that answer within it."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from runtime.message import Exchange, Message
from runtime.models.hidden_json import event_hidden, texts_in
from runtime.models.hiding import QUICK, event_without, given, hiding
from runtime.off_loop import off_loop
from runtime.safety.masking.standing import Standing, key_for
from runtime.tools import Tool
from runtime.turn.services import Services
from runtime.turn.settings import Composed

__all__ = [
    "Standing",
    "arguments_for",
    "learn",
    "nothing_hidden",
    "said",
    "standing_of",
    "unseen",
    "unseen_here",
    "unsent",
    "unsent_to_judges",
]


def standing_of(agent: Composed, message: Message, services: Services) -> Standing:
    """The same marks in the whole conversation, and in no other. It hides nothing where nothing is set."""
    return Standing(
        key_for(services.mark, agent.id, message.sender),
        frozenset(agent.safety.masking.kinds),
        agent.language,
    )


def nothing_hidden() -> Standing:
    return Standing(b"", frozenset())


@contextlib.contextmanager
def unsent(turn: Any, agent: Composed) -> Iterator[None]:
    """While the agent answers. `turn`: a Turn, which knows this file; what an agent within hides is hidden
    from then on in the whole turn, since the outer one is told its answer."""
    turn.hides.widen(agent.safety.masking.kinds)
    with hiding(turn.hides if turn.hides.kinds else None):
        yield


@contextlib.contextmanager
def unsent_to_judges(agents: Iterable[Composed], sender: str, services: Services) -> Iterator[None]:
    """While somebody judges what that person was answered: no model is sent what one of the agents, or one
    within them, keeps from its own."""
    agents = list(agents)
    all = [one for agent in agents for one in (agent, *agent.others.values())]
    kinds = frozenset(kind for one in all for kind in one.safety.masking.kinds)
    key = key_for(services.mark, agents[0].id, sender)
    with hiding(Standing(key, kinds, agents[0].language) if kinds else None):
        yield


async def learn(standing: Standing, *values: Any) -> None:
    """What was said before, for a turn that goes on and asks no model about it again."""
    if not standing.kinds:
        return
    texts = list(texts_in(values))

    def work() -> None:
        for text in texts:
            standing.learn(text)

    await off_loop(work) if sum(map(len, texts)) > QUICK else work()


def said(message: Message, history: Sequence[Exchange]) -> list[Any]:
    return [message.text, message.data, *((one.text, one.data, one.reply) for one in history)]


async def unseen(standing: Standing, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """An event, as JSON, as a trace keeps it."""
    return await event_without(standing, event)


def unseen_here(standing: Standing, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same for who looks at one turn alone."""
    return event_hidden(standing, event, list(texts_in(event))) if standing.kinds else event


def arguments_for(agent: Composed, tool: Tool, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is real for tools that the agent's owner named, and for those that reach nothing outside."""
    name = tool.name or tool.type
    return given(arguments) if not tool.powers or name in agent.safety.masking.tools else arguments
