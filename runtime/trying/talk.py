"""A conversation with somebody of whom nothing was known before it."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing

from runtime import engine
from runtime.agents.agent import Agent
from runtime.gateway.canned import canned
from runtime.message import Exchange, Message
from runtime.person import Person
from runtime.trying.chat import Chat
from runtime.trying.memory import Tried
from runtime.trying.playing import SENDER
from runtime.turn.events import Event, Replied
from runtime.turn.files import Files
from runtime.turn.turn import Services

Opens = Callable[[Agent, Message, Sequence[Exchange]], Awaitable[Files]]
"""The files of a conversation, for a turn of it."""


class Talk:
    """What is remembered is remembered here. `clock`: seconds since 1970. `opens`: None: no file is."""

    def __init__(
        self,
        agent: Agent,
        services: Services,
        variables: Mapping[str, str],
        clock: Callable[[], float] = time.time,
        opens: Opens | None = None,
    ) -> None:
        self._agent, self._services, self._variables = agent, services, variables
        self._clock, self._opens = clock, opens
        self._kept, self._said = Tried(who=Person(SENDER, SENDER)), list[Exchange]()

    def hears(self, message: Message) -> Chat:
        """The turn that begins with it. Raises Invalid for a line that cannot be played."""
        return Chat(self._agent, self._kept, self._said, message)

    async def answered(self, chat: Chat) -> list[Event]:
        """All that happens; the last is Replied or Failed."""
        events = [event async for event in self._events(chat)]
        last = events[-1]
        if isinstance(last, Replied):
            events[-1] = last = chat.told(last)
            chat.ended(last)
            came = chat.message
            kind = "start" if chat.played else came.kind if came.data.get("files") else "text"
            self._said.append(Exchange(chat.line, last.text, kind, {} if chat.played else came.data))
        return events

    async def _events(self, chat: Chat) -> AsyncGenerator[Event]:
        if chat.past is None and (text := canned(chat.agent, chat.message)) is not None:
            yield Replied(text, 0, aside=True)
            return
        begun = chat.history()
        files = await self._opens(chat.agent, chat.message, begun) if self._opens else None
        run = engine.run(
            chat.agent,
            chat.message,
            begun,
            self._services,
            files=files,
            variables=self._variables,
            kept=chat.kept,
            past=chat.past,
            clock=self._clock,
        )
        async with aclosing(run) as events:  # type: ignore[type-var] # it is an async generator
            async for event in events:
                yield event
