"""A message on its way to an answer."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from runtime.agents.agent import Agent
from runtime.agents.starts import Start
from runtime.errors import SendFailed
from runtime.gateway.growing import Growing
from runtime.gateway.place import Place
from runtime.gateway.surfaces import Surface
from runtime.inspected import Inspected
from runtime.message import Exchange, Message
from runtime.newest import Newest
from runtime.one_reader import OneReader
from runtime.store.messages.carried import Response
from runtime.store.messages.parts import Taken
from runtime.turn.events import Event, Failed, Paid, Replied, Sensed, TextDelta, TextReset
from runtime.turn.telling import Tell, telling

Listens = Callable[[], Awaitable[bool]]
"""Whether the platform still waits for this response."""


class Holder(NamedTuple):
    """A callback that is held open. `seq`: of the message that it brought."""

    seq: int
    listens: Listens


FILES = 100
"""Of a message and its answer."""


@dataclass(eq=False)
class Job:
    """Lives from acceptance until its answer is with the delivery."""

    seq: int
    surface: Surface
    message: Message
    resumed: bool = False
    """An earlier process began it."""
    stored: bool = False
    """Its answer is stored already; only the delivery is missing."""
    history: Sequence[Exchange] | None = None
    """What was said before, when it is known already."""
    may_wait: bool = True
    """A turn of the person's may have waited when it was accepted."""
    taken: Taken | None = None
    """Parts that are to be pushed at once."""
    bubble: Growing | None = None
    """What shows its answer while it is written."""
    edited: Growing | None = None
    """The same as a message that is edited."""
    sensed: Sequence[Sensed] = ()
    """What models saw and heard of what came with it."""
    inspected: Newest[tuple[str, str], Inspected | SendFailed] = field(default_factory=lambda: Newest(FILES))
    """By place and hash, what the platform said of files."""
    stopped: bool = False
    """A check stopped a file that came: no model saw it."""
    paid: list[Paid] = field(default_factory=list)
    """What models did for it."""
    place: Place | None = None
    """The right to push them."""
    agreed: bool = False
    """Its person agreed to what the agent asks, or need not be asked."""
    public: Agent | None = None
    """As it answers everybody, where another version answers this one…"""
    renamed: Mapping[str, str] | None = None
    """…and its blocks that are told by other names: see as_public."""
    goes_on: bool = False
    """With a turn of the person's that waited."""
    waited: bool = False
    """Behind another message of the person."""
    gate: asyncio.Event | None = None
    """It does not begin before this is set."""
    pieces: bool = False
    """Somebody reads the text as the model writes it."""
    needs_listener: bool = False
    """Nobody can come back for its answer: it ends when nobody listens any more."""
    waits_elsewhere: bool = False
    """So does somebody who asked another instance, which tells when they hang up."""
    unwanted: asyncio.Event = field(default_factory=asyncio.Event)
    """Nobody listens any more, or…"""
    halted: bool = False
    """…its person wants no more of it than was written so far."""
    watchers: list[Callable[[Event], None]] = field(default_factory=list)
    written: dict[str, list[str]] = field(default_factory=dict)
    """What blocks wrote so far, in pieces, as far as somebody reads it while it is written."""
    answered: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """Done once the outcome is stored; cancelled when it could not be."""
    holders: list["Holder"] = field(default_factory=list)
    """Callbacks that are held open for this answer."""
    recording: asyncio.Future[None] | None = None
    """It is being stored, and the response of one of them with it; done once that is over."""
    response: Response | None = None
    """That response: all that waits for the person is in it."""
    responded: asyncio.Event = field(default_factory=asyncio.Event)
    """One of them took it."""
    handed: bool = False
    """It ended with the wish for a human, whom this platform has."""
    acknowledged: bool = False
    """The platform was told that there is no answer in the response."""
    attempts: int = 0
    """How often the platform sent it, copies at the same moment aside."""
    arrived_at: float = float("-inf")
    at: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    """When it was taken, by the loop's clock."""
    below: str = ""
    """What its person alone is shown below the answer, and nobody remembers."""
    ended: Event | None = None
    """Replied or Failed, once the outcome is stored."""
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    """Nothing is done for it any more, or not until its person may be sent more."""

    after: Message | None = None
    """What the person wrote last, where that is not the message itself."""

    @functools.cached_property
    def start(self) -> Start | None:
        """What of the agent's beginnings its message begins."""
        return self.surface.agent.begun_by(self.message)

    @property
    def goes_elsewhere(self) -> bool:
        """Its answer is for no person, or for somebody else than its own."""
        return self.message.for_nobody or bool(self.start and self.start.to)

    @property
    def newest(self) -> Message:
        """What the person wrote last."""
        return self.after or self.message

    @property
    def is_fetched(self) -> bool:
        """Its person comes for what there is, as they came for the last of it."""
        door, pusher = self.surface.door, self.surface.pusher
        return door is not None and (pusher is None or self.newest.follows)

    @property
    def lane(self) -> tuple[str, str]:
        """Whose messages are answered in order."""
        return self.surface.id, self.message.sender

    def arrived(self, now: float) -> int:
        """The platform sent it, for the first time or again; which attempt of its this is.

        It waits for a whole window between two attempts: what comes sooner is a copy made on the way.
        """
        window = self.surface.responder.response_seconds if self.surface.responder else 0
        if now - self.arrived_at > window / 2:
            self.attempts += 1
            self.arrived_at = now
        return self.attempts

    def halt(self) -> None:
        self.halted = True
        self.unwanted.set()

    def give_place_back(self) -> None:
        if self.place:
            self.place.give_back()
            self.place = None

    @contextmanager
    def listener(self, tell: Tell | None = None) -> Iterator[OneReader[Event]]:
        """What happens, for one more who listens. `tell`: of text at once, past what waits there."""
        events = OneReader[Event]()
        watcher = telling(events.put_nowait, tell)
        self.watchers.append(watcher)
        try:
            yield events
        finally:
            self.watchers.remove(watcher)
            if self.needs_listener and not self.watchers:
                self.unwanted.set()

    def tell(self, event: Event) -> None:
        """Show an event to everybody who watches."""
        if isinstance(event, TextDelta):
            self.written.setdefault(event.block, []).append(event.text)
        if isinstance(event, TextReset):
            self.written.pop(event.block, None)
        if isinstance(event, Replied | Failed):
            self.ended = event
        for watcher in self.watchers:
            watcher(event)
