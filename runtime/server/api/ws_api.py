"""GET /agent/ws: many questions and answers over one WebSocket, which may be cut at any time.

The key stands in the Authorization header, or is offered as the subprotocol bearer.KEY beside hongyan.1.
Frames are in ws_frames.py, and in docs/asyncapi.json for programs that read such a file.
"""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket

from runtime.access.keys import ASKS
from runtime.errors import HongyanError
from runtime.message import Message
from runtime.server.api.answer_stream import answering
from runtime.server.api.api_errors import refusal
from runtime.server.api.chat_api import error_body
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck, sender_of
from runtime.server.api.streams import Streams, language
from runtime.server.api.unasked_feed import UnaskedFeed
from runtime.server.api.ws_frames import PROTOCOL, Follow, Send
from runtime.server.api.ws_talk import Talk
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Socket
from runtime.store.control.control import Control
from runtime.turn.events import Event


class WsApi:
    def __init__(
        self, gateway: Streams, keys: KeyCheck, control: Control, browsers: Browsers, feed: UnaskedFeed
    ) -> None:
        self._gateway, self._keys, self._control = gateway, keys, control
        self._browsers, self._feed = browsers, feed

    def routes(self) -> Sequence[Socket]:
        return [Socket("/agent/ws", self.talk, needs=Entry.MACHINE, asks=ASKS)]

    async def talk(self, socket: WebSocket) -> None:
        try:
            self._browsers.refuse_strange(socket)
            await self._keys.key(socket)
        except HongyanError as e:
            await socket.send_denial_response(refusal(e, error_body(e, language(socket))))
            return
        offered = Visit(socket.scope).subprotocols
        await socket.accept(PROTOCOL if PROTOCOL in offered else None)
        await Talk(socket, OfKey(socket, self._gateway, self._keys, self._control, self._feed)).run()


@dataclass(frozen=True)
class OfKey:
    """Whoever holds a key speaks for all of its conversations."""

    socket: WebSocket
    gateway: Streams
    keys: KeyCheck
    control: Control
    feed: UnaskedFeed

    async def ask(self, said: Send) -> "AskedByKey":
        caller = await self.keys.admit(self.socket, self.gateway)
        key = caller.on(said.agent)
        await self.keys.weigh(key, len(said.input.encode()))
        publication = self.keys.publication(key)
        agent = self.control.frozen_agent(publication.id, publication.version)
        return AskedByKey(self.gateway, publication.id, sender_of(key, said.context_id), answering(agent))

    async def later(self, said: Follow) -> AsyncGenerator[dict[str, Any], None]:
        key = (await self.keys.admit(self.socket, self.gateway)).on(said.agent)  # as over /agent/later
        sender = sender_of(key, said.context_id)
        async for one in self.feed.follow(self.keys.publication(key).id, sender, said.after):
            yield one


@dataclass(frozen=True)
class AskedByKey:
    gateway: Streams
    publication: str
    sender: str
    blocks: Collection[str]

    async def stream(self, message: Message) -> AsyncGenerator[Event, None]:
        async for event in self.gateway.stream(self.publication, message, pieces=True):
            yield event
