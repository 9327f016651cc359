"""Somebody who is signed in, over a WebSocket: one conversation, which is theirs."""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from runtime.gateway.surfaces import Surface
from runtime.message import Message
from runtime.server.api.answer_stream import answering_of
from runtime.server.api.calls import message_id
from runtime.server.api.streams import Streams
from runtime.server.api.taken_files import SentFile
from runtime.server.api.unasked_feed import UnaskedFeed
from runtime.server.api.ws_frames import Follow, Send, Stop
from runtime.server.api.ws_talk import Talk, accept
from runtime.server.people.asking import message_of
from runtime.server.people.connected import Connected
from runtime.server.people.people import People, Person
from runtime.turn.events import Event
from runtime.turn.telling import Tell


class Speaking:
    def __init__(self, people: People, feed: UnaskedFeed, connected: Connected) -> None:
        self._people, self._feed, self._connected = people, feed, connected

    def comes(self, request: HTTPConnection) -> bool:
        return self._people.comes(request)

    async def talk(self, socket: WebSocket) -> None:
        """Raises HongyanError before it is open."""
        person = await self._people.of(socket)
        talk = Talk(socket, OfPerson(person, self._people, self._feed))
        with self._connected.line(person, talk.end):
            await accept(socket)
            await talk.run()


@dataclass(frozen=True)
class OfPerson:
    person: Person
    people: People
    feed: UnaskedFeed

    async def ask(self, said: Send) -> "AskedByPerson":
        surface = await self.people.still(self.person)
        files = [await self.people.file(id, surface.id, self.person.sender) for id in said.files]
        return AskedByPerson(self.people.gateway, surface, self.person.sender, files)

    async def stop(self, said: Stop) -> None:
        surface = await self.people.still(self.person)
        await self.people.gateway.acts.stop(surface.id, self.person.sender, message_id(said.id))

    async def later(self, said: Follow) -> AsyncGenerator[dict[str, Any], None]:
        surface = await self.people.still(self.person)
        async for one in self.feed.follow(surface.id, self.person.sender, said.after):
            yield one


@dataclass(frozen=True)
class AskedByPerson:
    gateway: Streams
    surface: Surface
    sender: str
    files: Sequence[SentFile]

    @property
    def blocks(self) -> Collection[str]:
        return answering_of(self.surface.agent)

    def message(self, said: Send, id: str) -> Message:
        return message_of(id, self.sender, said.input, self.files, own=said.id, choice=said.choice)

    def stream(self, message: Message, tell: Tell) -> AsyncGenerator[Event, None]:
        return self.gateway.stream(self.surface.id, message, pieces=True, tell=tell)
