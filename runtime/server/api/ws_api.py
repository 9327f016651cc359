"""GET /agent/ws: many questions and answers over one WebSocket, which may be cut at any time.

The key stands in the Authorization header, or is offered as the subprotocol bearer.KEY beside hongyan.1.
Frames are in ws_frames.py, and in docs/asyncapi.json for programs that read such a file.
"""

import time
from collections import Counter
from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from runtime.access.keys import ASKS
from runtime.errors import HongyanError, Invalid, TooMany
from runtime.lang import Text
from runtime.message import WAY, Message
from runtime.server.api.answer_stream import answering
from runtime.server.api.api_errors import refusal
from runtime.server.api.calls import message_id
from runtime.server.api.chat_api import error_body, who_of
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck, sender_of
from runtime.server.api.streams import Streams, language
from runtime.server.api.unasked_feed import UnaskedFeed
from runtime.server.api.ws_frames import Follow, Send, Stop
from runtime.server.api.ws_talk import Talk, accept
from runtime.server.door.ways import Entry, Socket
from runtime.store.control.control import Control
from runtime.turn.events import Event
from runtime.turn.telling import Tell

OF_A_KEY = 5000
"""Connections that it may have open."""
WAIT = 5.0
FULL = Text("这个密钥已经开了 {most} 个连接。", "{most} connections are open with this key.")
NO_CONTEXT = Text(
    "请写 context_id：它是对话的名称，由您来取。", "Send a context_id: your own name for the conversation."
)


NO_FILES = Text("用密钥提问时还不能带文件。", "With a key no files can be sent along.")


class Talks(Protocol):
    """People of pages and apps of ours, see server/people."""

    def comes(self, request: HTTPConnection) -> bool:
        """Whether one of them does, and no program with a key."""
        ...

    async def talk(self, socket: WebSocket) -> None:
        """Raises HongyanError before it is open."""
        ...


class WsApi:
    def __init__(
        self,
        gateway: Streams,
        keys: KeyCheck,
        control: Control,
        browsers: Browsers,
        feed: UnaskedFeed,
        people: Talks,
    ) -> None:
        """`people`: for whoever comes with a token of a page or an app of ours."""
        self._gateway, self._keys, self._control = gateway, keys, control
        self._browsers, self._feed, self._people = browsers, feed, people
        self._of = Counter[str]()

    def routes(self) -> Sequence[Socket]:
        return [Socket("/agent/ws", self.talk, needs=Entry.MACHINE, asks=ASKS)]

    async def talk(self, socket: WebSocket) -> None:
        """Whoever opens a connection says so with it, and is refused with an HTTP response."""
        try:
            await (self._people.talk(socket) if self._people.comes(socket) else self._of_key(socket))
        except HongyanError as e:
            await socket.send_denial_response(refusal(e, error_body(e, language(socket))))

    async def _of_key(self, socket: WebSocket) -> None:
        """Raises HongyanError before it is open."""
        self._browsers.refuse_strange(socket)
        id = (await self._keys.key(socket)).key.id
        if self._of[id] >= OF_A_KEY:
            raise TooMany(FULL.fill(most=OF_A_KEY), WAIT)
        self._of[id] += 1
        try:
            await accept(socket)
            speaks = OfKey(socket, self._gateway, self._keys, self._control, self._feed)
            await Talk(socket, speaks).run()
        finally:
            self._of[id] -= 1
            if not self._of[id]:
                del self._of[id]


@dataclass(frozen=True)
class OfKey:
    """Whoever holds a key speaks for all of its conversations."""

    socket: WebSocket
    gateway: Streams
    keys: KeyCheck
    control: Control
    feed: UnaskedFeed

    async def ask(self, said: Send) -> "AskedByKey":
        _check(said.context_id)
        if said.files:
            raise Invalid(NO_FILES, field="files", code="invalid")
        caller = await self.keys.admit(self.socket, self.gateway)
        key = caller.on(said.agent)
        await self.keys.weigh(key, len(said.input.encode()))
        publication = self.keys.publication(key)
        agent = self.control.frozen_agent(publication.id, publication.version)
        sender, way = sender_of(key, said.context_id), self.socket.url.path
        return AskedByKey(self.gateway, publication.id, sender, way, answering(agent))

    async def stop(self, said: Stop) -> None:
        _check(said.context_id)
        key = (await self.keys.key(self.socket)).on(said.agent)
        publication = self.keys.publication(key)
        await self.gateway.acts.stop(publication.id, sender_of(key, said.context_id), message_id(said.id))

    async def later(self, said: Follow) -> AsyncGenerator[dict[str, Any], None]:
        _check(said.context_id)
        key = (await self.keys.admit(self.socket, self.gateway)).on(said.agent)  # as over /agent/later
        sender = sender_of(key, said.context_id)
        async for one in self.feed.follow(self.keys.publication(key).id, sender, said.after):
            yield one


@dataclass(frozen=True)
class AskedByKey:
    gateway: Streams
    publication: str
    sender: str
    way: str
    """At which of our addresses."""
    blocks: Collection[str]

    def message(self, said: Send, id: str) -> Message:
        data = {WAY: self.way}
        return Message(id, self.sender, said.input, at=time.time(), data=data, who=who_of(said.user))

    def stream(self, message: Message, tell: Tell) -> AsyncGenerator[Event, None]:
        return self.gateway.stream(self.publication, message, pieces=True, tell=tell)


def _check(context: str) -> None:
    """Raises Invalid."""
    if not context:
        raise Invalid(NO_CONTEXT, field="context_id", code="invalid")
