"""What the agent would answer, for an operator to read: by the same engine, and without any effect."""

from contextlib import aclosing

from runtime import engine
from runtime.errors import Conflict
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.message import Message
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from runtime.tools import Power
from runtime.turn.events import Event, Failed, Replied
from runtime.turn.keeping import KeptHere, Value
from runtime.turn.turn import Services

NO_DRAFT = Text("智能体没有可以建议的：{why}", "The agent has nothing to suggest: {why}")
HANDS_OVER = Text("它自己也会转人工。", "it would hand over to a person, too.")
ACTS = [power for power in Power if power is not Power.READS]
"""What it may not do for a draft."""


class Drafting:
    def __init__(self, messages: Messages, services: Services) -> None:
        self._messages = messages
        self._services = services

    async def drafted(self, surface: Surface, message: Message, seq: int) -> str:
        """Raises Conflict: it has no answer; StoreFailed."""
        agent = surface.agent.model_copy(update={"withheld": ACTS})
        turns = agent.memory.strategy.loads
        history = await self._messages.history(surface.id, message.sender, seq, turns) if turns else []
        kept = await self._kept(surface, message, seq)
        last: Event | None = None
        async with aclosing(engine.run(agent, message, history, self._services, kept=kept)) as events:  # type: ignore[type-var] # it is an async generator
            async for event in events:
                last = event
        if isinstance(last, Replied) and not last.handoff and last.text:
            return last.text
        why = last.reason if isinstance(last, Failed) else HANDS_OVER
        raise Conflict(NO_DRAFT.fill(why=why))

    async def _kept(self, surface: Surface, message: Message, seq: int) -> KeptHere:
        """A copy of what is remembered: what the draft changes of it is forgotten."""
        face = Face(surface.id, message.sender)
        known = await self._messages.remembered.known(face)
        who = await self._messages.remembered.person(face, surface.publication.channel, seq)
        values = {name: Value(name, "", value) for name, value in who.values.items()}
        return KeptHere({note.name: note for note in known.notes}, known.summary, who=who, values=values)
